using System.Buffers.Binary;
using System.Text;

namespace Provision.Providers.Hosts.Images;

/// <summary>The beginning of a qcow2 file (QEMU's docs/interop/qcow2.txt; all numbers big-endian).</summary>
/// <param name="Version">2 or 3.</param>
/// <param name="VirtualSize">What a guest sees, in bytes.</param>
/// <param name="BackingFile">The file below it, as it was named; null where it stands alone.</param>
/// <param name="HasDataFile">Whether its data lies in another file.</param>
internal sealed record Qcow2Header(int Version, long VirtualSize, string? BackingFile, bool HasDataFile)
{
    /// <summary>How many bytes have to be read: the name of the backing file lies in the first cluster, in practice within this.</summary>
    public const int Length = 64 * 1024;

    private const int LongestName = 1023;

    /// <summary>Pure: the header; null where the bytes are no qcow2 file's, or end within it.</summary>
    public static Qcow2Header? Parse(ReadOnlySpan<byte> head)
    {
        if (head.Length < 72 || !head.StartsWith((ReadOnlySpan<byte>)[(byte)'Q', (byte)'F', (byte)'I', 0xfb]))
        {
            return null;
        }

        var version = BinaryPrimitives.ReadUInt32BigEndian(head[4..]);
        var offset = BinaryPrimitives.ReadUInt64BigEndian(head[8..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head[16..]);
        var size = BinaryPrimitives.ReadUInt64BigEndian(head[24..]);
        if (version is not (2 or 3) || size > long.MaxValue || (offset != 0 && (length > LongestName || offset > Length || offset + length > (ulong)head.Length)))
        {
            return null;
        }

        var backing = offset == 0 || length == 0 ? null : Encoding.UTF8.GetString(head.Slice((int)offset, (int)length));
        var features = version == 3 && head.Length >= 80 ? BinaryPrimitives.ReadUInt64BigEndian(head[72..]) : 0;
        return new Qcow2Header((int)version, (long)size, backing, (features & 0b100) != 0);
    }

    /// <summary>Whether this is an overlay of that file: <c>/p/base.qcow2</c>, or as newer tools may write it, with a protocol before it.</summary>
    public bool IsOverlayOf(string path) => BackingFile == path || BackingFile == "file:" + path;
}
