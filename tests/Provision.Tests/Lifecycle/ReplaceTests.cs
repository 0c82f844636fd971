using Provision.Engine.Events;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class ReplaceTests
{
    [Fact]
    public async Task Without_a_name_of_its_own_the_new_one_is_made_first()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("kind", "a")));

        var run = await lab.Up(stack => stack.Thing("web", ("kind", "b")));

        Assert.Equal(["create web", "delete web"], run.Acts);
        Assert.Equal(["replace web (changes kind)"], run.Changes);
    }

    [Fact]
    public async Task What_the_provider_remarks_on_a_step_is_in_the_plan()
    {
        var lab = new StackLab();
        var created = await lab.Up(stack => stack.Thing("web", ("kind", "slow")));
        var replaced = await lab.Up(stack => stack.Thing("web", ("kind", "b")));
        var same = await lab.Up(stack => stack.Thing("web", ("kind", "b")));

        Assert.Equal(["it will be slow"], Remarks(created));
        Assert.Equal(["what is on it is lost"], Remarks(replaced));
        Assert.Empty(Remarks(same));

        static string[] Remarks(LifecycleRun run) => [.. run.Result.Plan.Steps.Select(step => step.Remark).OfType<string>()];
    }

    [Fact]
    public async Task Where_a_name_is_owned_the_old_one_goes_first()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("name", "x"), ("kind", "a")));

        var run = await lab.Up(stack => stack.Thing("web", ("name", "x"), ("kind", "b")));

        Assert.Equal(["delete web", "create web"], run.Acts);
    }

    [Fact]
    public async Task Replacing_a_network_replaces_its_containers_first()
    {
        var lab = new StackLab();
        void Write(StackProgram stack, string kind) => stack
            .Thing("front", ("name", "front"), ("kind", kind))
            .Thing("web", ("name", "web"), ("on", StackProgram.Ref("front")))
            .Thing("other");
        await lab.Up(stack => Write(stack, "10.0.0.0/24"));

        var run = await lab.Up(stack => Write(stack, "10.1.0.0/24"));

        Assert.Equal(["delete web", "delete front", "create front", "create web"], run.Acts);
        Assert.Equal(["replace front (changes kind)", "replace web (front is replaced)"], run.Changes);
    }

    [Fact]
    public async Task A_dependent_that_is_not_declared_any_more_just_goes()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("front", ("name", "front"), ("kind", "a")).Thing("web", ("name", "web"), ("on", StackProgram.Ref("front"))));

        var run = await lab.Up(stack => stack.Thing("front", ("name", "front"), ("kind", "b")));

        Assert.Equal(["delete web", "delete front", "create front"], run.Acts);
        Assert.Equal(3, lab.Snapshot.Resources.Length);
    }

    [Fact]
    public async Task A_dependent_that_lets_go_of_the_replaced_one_waits_until_it_was_deleted_and_is_made_anew()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("front", ("name", "front"), ("kind", "a")).Thing("web", ("name", "web"), ("on", StackProgram.Ref("front"))));

        var run = await lab.Up(stack => stack.Thing("front", ("name", "front"), ("kind", "b")).Thing("web", ("name", "web")));

        Assert.Equal(["delete web", "delete front", "create front", "create web"], run.Acts);
    }

    [Fact]
    public async Task An_update_that_changes_a_referenced_output_replaces_what_uses_it()
    {
        var lab = new StackLab();
        void Write(StackProgram stack, double size) => stack.Thing("image", ("size", size)).Thing("web", ("name", "web"), ("kind", StackProgram.Ref("image", "serial")));
        await lab.Up(stack => Write(stack, 1));

        var run = await lab.Up(stack => Write(stack, 2));

        Assert.Equal(["update image", "delete web", "create web"], run.Acts);
    }

    [Fact]
    public async Task An_update_that_keeps_a_referenced_output_leaves_what_uses_it_alone()
    {
        var lab = new StackLab();
        void Write(StackProgram stack, double size) => stack.Thing("net", ("size", size)).Thing("web", ("kind", StackProgram.Ref("net", "address")));
        await lab.Up(stack => Write(stack, 1));

        var run = await lab.Up(stack => Write(stack, 2));

        Assert.Equal(["update net"], run.Acts);
        Assert.Equal(["update net"], run.Changes);
    }

    [Fact]
    public async Task A_failed_create_after_the_delete_is_made_up_for_by_the_next_run()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("name", "x"), ("kind", "a")));
        lab.World.Failing = (operation, _) => operation == "create" ? Failures.Refused("no") : null;
        var failed = await lab.Up(stack => stack.Thing("web", ("name", "x"), ("kind", "b")));
        lab.World.Failing = (_, _) => null;

        var run = await lab.Up(stack => stack.Thing("web", ("name", "x"), ("kind", "b")));

        Assert.Equal(OperationOutcome.Failed, failed.Result.Outcome);
        Assert.Equal(["create web"], run.Acts);
        Assert.Equal(["replace web (its replacement was interrupted)"], run.Changes);
    }

    [Fact]
    public async Task A_failed_delete_of_the_old_one_is_made_up_for_by_the_next_run()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("kind", "a")));
        lab.World.Failing = (operation, _) => operation == "delete" ? Failures.Refused("busy") : null;
        await lab.Up(stack => stack.Thing("web", ("kind", "b")));
        lab.World.Failing = (_, _) => null;

        var run = await lab.Up(stack => stack.Thing("web", ("kind", "b")));

        Assert.Equal(["delete web"], run.Acts);
        Assert.Single(lab.World.Things);
    }

    [Fact]
    public async Task A_protected_resource_is_neither_replaced_nor_deleted_and_the_preview_says_so()
    {
        var lab = new StackLab();
        var guarded = new ResourceOptions { Protect = true };
        await lab.Up(stack => stack.Thing("web", guarded, ("kind", "a")).Thing("other"));

        var replace = await lab.Up(stack => stack.Thing("web", guarded, ("kind", "b")).Thing("other"));
        var delete = await lab.Up(stack => stack.Thing("other"));
        var destroy = await lab.Destroy();

        Assert.Empty(replace.Acts);
        Assert.Equal(["PROV1506"], replace.ErrorCodes);
        Assert.Equal(["PROV1506"], delete.ErrorCodes);
        Assert.Equal(OperationOutcome.Failed, delete.Preview?.Outcome);
        Assert.Equal(["delete other"], destroy.Acts);
        Assert.Equal("web", Assert.Single(lab.World.Things.Values).Urn.Name);
        Assert.Contains(lab.Snapshot.Resources, state => state.Urn == StackProgram.Here);
    }

    [Fact]
    public async Task A_replacement_is_forced_on_request_and_once()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web").Thing("db"));

        var run = await lab.Up(stack => stack.Thing("web").Thing("db"), options => options with { Replace = ["web"] });

        Assert.Equal(["create web", "delete web"], run.Acts);
        Assert.Equal(["replace web (asked for)"], run.Changes);
    }

    [Fact]
    public async Task A_provider_for_another_world_makes_its_resources_anew_there()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Provider(("world", "old")).Thing("web"));

        var run = await lab.Up(stack => stack.Provider(("world", "new")).Thing("web"));

        Assert.Equal(["create web", "delete web"], run.Acts);
        Assert.Equal(["replace web (its provider is replaced)"], run.Changes);
    }

    [Fact]
    public async Task A_provider_with_other_settings_for_the_same_world_leaves_its_resources_alone()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Provider(("speed", 1)).Thing("web"));

        var run = await lab.Up(stack => stack.Provider(("speed", 2)).Thing("web"));

        Assert.Empty(run.Acts);
    }
}
