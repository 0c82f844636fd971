using Provision.Cli.Rendering;
using Xunit;

namespace Provision.Tests.Cli.Rendering;

public sealed class ProgressTextTests
{
    [Theory]
    [InlineData("pulling", 3L, 12L, "pulling 25%")]
    [InlineData("downloading", 5_242_880L, 26_214_400L, "downloading 20% (5.0 of 25.0 MiB)")]
    [InlineData("downloading", 1_610_612_736L, 3_221_225_472L, "downloading 50% (1.5 of 3.0 GiB)")]
    [InlineData("downloading", 5_242_880L, null, "downloading 5.0 MiB")]
    [InlineData("waiting", 3L, null, "waiting")]
    [InlineData("waiting", null, null, "waiting")]
    [InlineData(null, 1L, 2L, "50%")]
    [InlineData("odd", 9L, 3L, "odd 100%")]
    [InlineData("odd", 0L, 0L, "odd")]
    [InlineData("huge", long.MaxValue, long.MaxValue, "huge 100% (8589934592.0 of 8589934592.0 GiB)")]
    public void What_is_done_is_said_in_the_unit_it_is_counted_in(string? text, long? done, long? total, string expected) =>
        Assert.Equal(expected, ProgressText.Of(text, done, total));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(1L << 30, "1.0 GiB")]
    public void Bytes_are_said_in_the_largest_unit(long bytes, string expected) => Assert.Equal(expected, ProgressText.Bytes(bytes));
}
