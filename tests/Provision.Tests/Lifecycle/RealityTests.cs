using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class RealityTests
{
    [Fact]
    public async Task What_was_deleted_by_hand_comes_back()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web").Thing("db"));
        lab.World.Remove("web");

        var run = await lab.Up(stack => stack.Thing("web").Thing("db"));

        Assert.Equal(["create web"], run.Acts);
        Assert.Equal(["create web (gone)"], run.Changes);
    }

    [Fact]
    public async Task What_was_changed_by_hand_is_put_back_and_shown()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("size", 1)));
        lab.World.Change("web", "size", 5);

        var run = await lab.Up(stack => stack.Thing("web", ("size", 1)));

        Assert.Equal(["update web (changed outside)"], run.Changes);
        var change = Assert.Single(run.Result.Plan.Steps.Single(step => step.Urn.Name == "web").Changes);
        Assert.Equal(("size", (PropertyValue)5.0, (PropertyValue)1.0), (change.Path.ToString(), change.Old, change.New));
        Assert.Equal(1, ((PropertyValue.Number)lab.World.Named("web").Thing.Outputs["size"]).Value);
    }

    [Fact]
    public async Task Without_a_refresh_reality_is_not_looked_at()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("web"));
        lab.World.Remove("web");

        var run = await lab.Up(stack => stack.Thing("web"), options => options with { Refresh = false });

        Assert.Empty(run.Acts);
        Assert.Equal(0, lab.World.ReadCalls);
    }

    [Fact]
    public async Task All_resources_of_an_endpoint_are_read_with_one_call()
    {
        var lab = new StackLab { Converges = false };
        void Write(StackProgram stack)
        {
            for (var i = 0; i < 100; i++)
            {
                stack.Thing($"web-{i:000}");
            }
        }

        await lab.Up(Write);
        lab.World.ForgetActs();

        await lab.Preview(Write);

        Assert.Equal(1, lab.World.ReadCalls);
    }

    [Fact]
    public async Task Refresh_records_what_is_there_and_touches_nothing()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("size", 1)).Thing("db"));
        lab.World.Change("web", "size", 5);
        lab.World.Remove("db");

        var run = await lab.Refresh();

        Assert.Empty(run.Acts);
        Assert.Equal(["delete db (gone)", "update web (changed outside)"], run.Changes.Order());
        Assert.Equal(5, ((PropertyValue.Number)lab.Snapshot.Resources.Single(state => state.Urn.Name == "web").Outputs["size"]).Value);
        Assert.DoesNotContain(lab.Snapshot.Resources, state => state.Urn.Name == "db");
    }

    [Fact]
    public async Task An_answer_that_is_not_a_typed_gone_never_drops_state()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web"));
        lab.World.Failing = (operation, _) => operation == "read"
            ? new ProviderException(ProviderFailure.Unauthorized, "Permission denied.", null, Remainder.Untouched.Value) : null;

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Equal(["PROV1509"], run.ErrorCodes);
        Assert.Empty(run.Acts);
        Assert.Contains(lab.Snapshot.Resources, state => state.Urn.Name == "web");
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_is_one_error_not_one_a_resource()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("a").Thing("b"));
        lab.World.Failing = (operation, _) => operation == "read" ? Failures.Unreachable() : null;

        var run = await lab.Up(stack => stack.Thing("a").Thing("b"));

        Assert.Equal("PROV1508", Assert.Single(run.Result.Diagnostics).Code);
        Assert.Contains("2 resources", run.Result.Diagnostics[0].Detail, StringComparison.Ordinal);
        Assert.Empty(run.Acts);
    }

    [Fact]
    public async Task An_endpoint_that_this_run_brings_up_is_looked_at_then()
    {
        // The daemon is a resource of its own provider; the things behind it can be read only while it exists.
        var lab = new StackLab();
        void Write(StackProgram stack)
        {
            var behind = Urn.Create(StackProgram.Stack, StackProgram.Project, StackProgram.Root, ResourceType.ProviderOf("fake"), "behind");
            stack.Thing("daemon")
                .Goal(new ResourceGoal { Urn = behind, Custom = true, Parent = StackProgram.Root, Options = new ResourceOptions { DependsOn = [StackProgram.UrnOf("daemon")] } })
                .Goal(new ResourceGoal { Urn = StackProgram.UrnOf("lost"), Custom = true, Parent = StackProgram.Root, Provider = behind })
                .Goal(new ResourceGoal { Urn = StackProgram.UrnOf("kept"), Custom = true, Parent = StackProgram.Root, Provider = behind });
        }

        await lab.Up(Write);
        lab.World.Failing = (operation, name) => operation == "read" && name is "lost" or "kept" && lab.World.Things.Values.All(thing => thing.Urn.Name != "daemon")
            ? Failures.Unreachable() : null;
        lab.World.Remove("daemon");
        lab.World.Remove("lost");

        var preview = await lab.Preview(Write);
        var run = await lab.RunWithoutKeeping(Provision.Engine.Planning.Operation.Up, Write, options => options with { Plan = preview.Result.Plan });

        Assert.Equal(["create daemon (gone)", "same kept", "same lost"], preview.Changes.Order());
        Assert.Empty(run.Result.Diagnostics);
        Assert.Equal(["create daemon", "create lost"], run.Acts.TakeLast(2));
    }
}
