using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class TargetTests
{
    [Fact]
    public async Task Only_targets_are_touched()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("web-1").Thing("web-2").Thing("db"));

        var run = await lab.Up(
            stack => stack.Thing("web-1", ("size", 2)).Thing("web-2", ("size", 2)).Thing("db", ("size", 2)), options => options with { Targets = ["web-*"] });

        Assert.Equal(["update web-1", "update web-2"], run.Acts.Order());
    }

    [Fact]
    public async Task Excluded_resources_are_left_alone()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("web").Thing("db"));

        var run = await lab.Up(
            stack => stack.Thing("web", ("size", 2)).Thing("db", ("size", 2)), options => options with { Excludes = [StackProgram.UrnOf("db").ToString()] });

        Assert.Equal(["update web"], run.Acts);
    }

    [Fact]
    public async Task A_target_that_needs_something_that_is_not_there_and_no_target_is_an_error()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))), options => options with { Targets = ["web"] });

        Assert.Empty(run.Acts);
        Assert.Equal(["PROV1514"], run.ErrorCodes);
    }

    [Fact]
    public async Task TargetDependents_takes_in_what_depends_on_a_target()
    {
        var lab = new StackLab { Converges = false };
        void Write(StackProgram stack, double size) => stack.Thing("net", ("size", size)).Thing("web", ("on", StackProgram.Ref("net")), ("size", size)).Thing("db", ("size", size));
        await lab.Up(stack => Write(stack, 1));

        var run = await lab.Up(stack => Write(stack, 2), options => options with { Targets = ["net"], TargetDependents = true });

        Assert.Equal(["update net", "update web"], run.Acts);
    }

    [Fact]
    public async Task A_name_that_names_nothing_is_an_error_and_a_glob_is_not()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("web"));

        Assert.Equal(["PROV1513"], (await lab.Up(stack => stack.Thing("web"), options => options with { Targets = ["wbe"] })).ErrorCodes);
        Assert.Empty((await lab.Up(stack => stack.Thing("web"), options => options with { Targets = ["wbe*"] })).ErrorCodes);
    }

    [Fact]
    public async Task Destroying_a_target_that_others_need_says_so_unless_they_go_too()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))).Thing("db"));

        var refused = await lab.Preview(_ => { }, options => options with { Operation = Provision.Engine.Planning.Operation.Destroy, Targets = ["net"] });
        var run = await lab.Destroy(options => options with { Targets = ["net"], TargetDependents = true });

        Assert.Equal(["PROV1515"], refused.ErrorCodes);
        Assert.Equal(["delete web", "delete net"], run.Acts);
        Assert.Contains(lab.Snapshot.Resources, state => state.Urn == StackProgram.Here);
    }
}
