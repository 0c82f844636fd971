using Provision.Cli.Review;
using Provision.Cli.Review.Worker;
using Provision.Model;
using Xunit;

namespace Provision.Tests.Review;

public sealed class WorkerAheadTests
{
    [Theory]
    [InlineData("up")]
    [InlineData("diff", "--help")]
    [InlineData("diff", "--report", "report.json")]
    [InlineData("diff", "main", "--memory-limit", "64MiB")]
    [InlineData("diff", "main", "--help")]
    [InlineData("diff", "--report=report.json")]
    [InlineData("diff", "main", "--memory-limit:64MiB")]
    [InlineData("preview", "diff")]
    public void None_is_started_where_none_is_needed_or_not_with_the_usual_limit(params string[] arguments)
    {
        Assert.Null(WorkerAhead.For(arguments));
    }

    [Fact]
    public async Task It_is_handed_over_once_and_only_for_the_limit_it_was_started_with()
    {
        using var ahead = WorkerAhead.For(["diff", "main"]);

        Assert.Null(ahead?.Take(64.MiB));
        var taken = ahead?.Take(ReviewLimits.DefaultMemory);
        Assert.NotNull(taken);
        Assert.Null(ahead?.Take(ReviewLimits.DefaultMemory));
        (await taken).Dispose();
    }

    [Fact]
    public async Task One_that_nobody_took_is_ended_and_its_home_is_gone()
    {
        var ahead = WorkerAhead.For(["diff", "main"]);
        var worker = ahead?.Worker;
        Assert.NotNull(ahead);
        Assert.NotNull(worker);

        ahead.Dispose();

        Assert.False(Directory.Exists((await worker).Home));
    }
}
