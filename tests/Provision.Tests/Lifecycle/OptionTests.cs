using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class OptionTests
{
    [Fact]
    public async Task RetainOnDelete_forgets_without_deleting()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("package", new ResourceOptions { RetainOnDelete = true }).Thing("web"));

        var run = await lab.Destroy();

        Assert.Equal(["delete web"], run.Acts);
        Assert.Equal("package", Assert.Single(lab.World.Things.Values).Urn.Name);
        Assert.Empty(lab.Snapshot.Resources);
        Assert.Contains("discard package (kept)", run.Changes);
    }

    [Fact]
    public async Task IgnoreChanges_keeps_the_recorded_value()
    {
        var lab = new StackLab { Converges = true };
        await lab.Up(stack => stack.Thing("web", ("size", 1)));

        var run = await lab.Up(stack => stack.Thing("web", new ResourceOptions { IgnoreChanges = ["size"] }, ("size", 9)));

        Assert.Empty(run.Acts);
        Assert.Equal(1, ((PropertyValue.Number)lab.World.Named("web").Thing.Outputs["size"]).Value);
    }

    [Fact]
    public async Task ReplaceOnChanges_turns_an_update_into_a_replacement()
    {
        var lab = new StackLab();
        var options = new ResourceOptions { ReplaceOnChanges = ["size"] };
        await lab.Up(stack => stack.Thing("web", options, ("size", 1)));

        var run = await lab.Up(stack => stack.Thing("web", options, ("size", 2)));

        Assert.Equal(["create web", "delete web"], run.Acts);
    }

    [Fact]
    public async Task DeleteBeforeReplace_decides_the_order_over_the_provider()
    {
        var lab = new StackLab();
        var options = new ResourceOptions { DeleteBeforeReplace = true };
        await lab.Up(stack => stack.Thing("web", options, ("kind", "a")));

        var run = await lab.Up(stack => stack.Thing("web", options, ("kind", "b")));

        Assert.Equal(["delete web", "create web"], run.Acts);
    }

    [Fact]
    public async Task An_alias_keeps_the_object_under_its_new_name()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("old").Thing("user", ("on", StackProgram.Ref("old"))));

        var run = await lab.Up(stack => stack
            .Thing("new", new ResourceOptions { Aliases = [StackProgram.UrnOf("old")] })
            .Thing("user", ("on", StackProgram.Ref("new"))));

        Assert.Empty(run.Acts);
        Assert.Equal([StackProgram.UrnOf("new")], lab.Snapshot.Resources.Single(state => state.Urn.Name == "user").Dependencies);
    }

    [Fact]
    public async Task Two_resources_cannot_claim_one_alias()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("old"));
        var options = new ResourceOptions { Aliases = [StackProgram.UrnOf("old")] };

        var run = await lab.Up(stack => stack.Thing("a", options).Thing("b", options));

        Assert.Equal(["PROV1520"], run.ErrorCodes);
    }

    [Fact]
    public async Task DependsOn_orders_without_a_value()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack
            .Thing("web", new ResourceOptions { DependsOn = [StackProgram.UrnOf("later")] })
            .Thing("later"));

        Assert.Equal(["create later", "create web"], run.Acts);
    }

    [Fact]
    public async Task What_is_deleted_with_its_container_needs_no_call_of_its_own()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("vm").Thing("inner", new ResourceOptions { DeletedWith = StackProgram.UrnOf("vm") }));

        var run = await lab.Destroy();

        Assert.Equal(["delete vm"], run.Acts);
    }

    [Fact]
    public async Task An_additional_secret_output_is_kept_secret()
    {
        var lab = new StackLab();

        await lab.Up(stack => stack.Thing("web", new ResourceOptions { AdditionalSecretOutputs = ["address"] }));

        Assert.IsType<PropertyValue.Secret>(lab.Snapshot.Resources.Single(state => state.Urn.Name == "web").Outputs["address"]);
    }

    [Fact]
    public async Task A_create_that_exceeds_its_timeout_fails_and_stays_pending()
    {
        var lab = new StackLab();
        lab.World.Holding = (_, _, token) =>
        {
            lab.Clock.Advance(TimeSpan.FromSeconds(31));
            return Task.Delay(Timeout.InfiniteTimeSpan, token);
        };

        var run = await lab.Up(stack => stack.Thing("web", new ResourceOptions { CustomTimeouts = new CustomTimeouts(Create: TimeSpan.FromSeconds(30)) }));

        Assert.Equal(["PROV1512"], run.ErrorCodes);
        Assert.Equal("web", Assert.Single(lab.Snapshot.PendingOperations).Resource.Urn.Name);
    }
}
