using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class ProcessMarkTests
{
    private const string Boot = "0f9c-11";

    // As proc_pid_stat(5) has it; the name holds what it may.
    private const string Stat = "812 (a) b (x) S 1 812 812 0 -1 4194304 100 0 0 0 1 2 0 0 20 0 1 0 163824 2293760 200 18446744073709551615";

    private static readonly ProcessMark Mark = new(812, 163824, Boot, "urn:pulumi:dev::lab::t::n");

    [Fact]
    public void A_mark_reads_back_as_written() => Assert.Equal(Mark, ProcessMark.Parse("812 163824 0f9c-11 urn:pulumi:dev::lab::t::n\n"));

    [Fact]
    public void The_same_process_is_alive() => Assert.True(Mark.IsAlive(Stat, Boot + "\n"));

    [Fact]
    public void A_number_used_again_by_a_later_process_is_another() => Assert.False((Mark with { Start = 163825 }).IsAlive(Stat, Boot));

    [Fact]
    public void A_mark_of_an_earlier_boot_is_another() => Assert.False(Mark.IsAlive(Stat, "other"));

    [Fact]
    public void A_dead_process_not_yet_collected_is_not_alive() =>
        Assert.False(Mark.IsAlive(Stat.Replace(") S ", ") Z ", StringComparison.Ordinal), Boot));

    [Fact]
    public void A_process_that_is_gone_is_not_alive() => Assert.False(Mark.IsAlive(null, Boot));

    [Theory]
    [InlineData("")]
    [InlineData("812")]
    [InlineData("-1 1 b o")]
    [InlineData("0 1 b o")]
    [InlineData("x 1 b o")]
    [InlineData("812 soon b o")]
    public void A_mark_that_is_none_is_null(string text) => Assert.Null(ProcessMark.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("812 (x")]
    [InlineData("812 (x) S 1")]
    public void A_stat_cut_short_is_not_alive(string stat) => Assert.False(Mark.IsAlive(stat, Boot));
}
