using System.Buffers.Binary;
using System.Text;
using Provision.Providers.Hosts.Images;
using Xunit;

namespace Provision.Tests.Providers.Hosts.Images;

public sealed class Qcow2HeaderTests
{
    [Fact]
    public void It_tells_the_size_and_what_it_stands_on()
    {
        Assert.Equal(new Qcow2Header(3, 10L << 30, null, false), Qcow2Header.Parse(Header(3, 10L << 30)));
        Assert.Equal(new Qcow2Header(2, 512, "/p/base image.qcow2", false), Qcow2Header.Parse(Header(2, 512, "/p/base image.qcow2")));
        Assert.Equal(new Qcow2Header(3, 512, null, true), Qcow2Header.Parse(Header(3, 512, features: 0b100)));
    }

    [Theory]
    [InlineData("/p/base.qcow2", true)]
    [InlineData("file:/p/base.qcow2", true)]
    [InlineData("/p/base.qcow2.old", false)]
    [InlineData("base.qcow2", false)]
    public void An_overlay_knows_its_base_by_its_whole_path(string backing, bool expected) =>
        Assert.Equal(expected, Qcow2Header.Parse(Header(3, 512, backing))?.IsOverlayOf("/p/base.qcow2"));

    [Fact]
    public void What_is_none_or_ends_too_early_is_no_header()
    {
        var whole = Header(3, 512, "/p/base.qcow2");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Null(Qcow2Header.Parse(whole.AsSpan(0, length)));
        }

        Assert.Null(Qcow2Header.Parse(Header(4, 512)));
        Assert.Null(Qcow2Header.Parse(Header(3, -1)));
        Assert.Null(Qcow2Header.Parse(new byte[200]));
        var liar = Header(3, 512, "/p/base.qcow2");
        BinaryPrimitives.WriteUInt64BigEndian(liar.AsSpan(8), ulong.MaxValue - 4);
        Assert.Null(Qcow2Header.Parse(liar));
    }

    internal static byte[] Header(uint version, long size, string? backing = null, ulong features = 0)
    {
        var name = Encoding.UTF8.GetBytes(backing ?? "");
        var bytes = new byte[104 + name.Length];
        "QFI\xfb"u8[..3].CopyTo(bytes);
        bytes[3] = 0xfb;
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), version);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), backing is null ? 0UL : 104UL);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(16), (uint)name.Length);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(24), size);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(72), features);
        name.CopyTo(bytes, 104);
        return bytes;
    }
}
