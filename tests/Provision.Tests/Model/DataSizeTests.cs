using System.ComponentModel.DataAnnotations;
using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class DataSizeTests
{
    [Fact]
    public void Units_are_what_they_say()
    {
        Assert.Equal(2L * 1024 * 1024 * 1024, 2.GiB.Bytes);
        Assert.Equal(1536.MiB, 1.5.GiB);
        Assert.Equal(1.TiB, 1024.GiB);
        Assert.Equal(1.MiB, 1024.KiB);
        Assert.Equal(3.GiB, 1.GiB + 2.GiB);
        Assert.Equal(1.GiB, 3.GiB - 2.GiB);
        Assert.Equal(3.GiB, 1.GiB * 3);
        Assert.True(511.MiB < 1.GiB);
    }

    [Theory]
    [InlineData("512MiB", 512L << 20)]
    [InlineData(" 2 GiB ", 2L << 30)]
    [InlineData("1.5gib", 3L << 29)]
    [InlineData("64kB", 64_000)]
    [InlineData("100B", 100)]
    public void Amounts_are_read(string text, long bytes) => Assert.Equal(bytes, DataSize.Parse(text).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("512")]
    [InlineData("MiB")]
    [InlineData("-1MiB")]
    [InlineData("1,5GiB")]
    [InlineData("1e3GiB")]
    [InlineData("99999999999TiB")]
    [InlineData("2 gigs")]
    public void What_is_no_amount_is_refused(string text) =>
        Assert.Contains($"'{text}'", Assert.Throws<FormatException>(() => DataSize.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("512MiB")]
    [InlineData("2GiB")]
    [InlineData("64kB")]
    [InlineData("1B")]
    [InlineData("0B")]
    public void An_amount_prints_as_it_is_read(string text) => Assert.Equal(text, DataSize.Parse(text).ToString());

    [Theory]
    [InlineData("1MiB", false)]
    [InlineData("6MiB", true)]
    [InlineData("4GiB", true)]
    [InlineData("5GiB", false)]
    public void A_range_of_amounts_validates_a_setting(string memory, bool valid)
    {
        var stack = new Quickstart { Memory = DataSize.Parse(memory) };

        Assert.Equal(valid, Validator.TryValidateObject(stack, new ValidationContext(stack), [], validateAllProperties: true));
    }
}
