using Provision.Engine;
using Provision.Engine.Contract;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class FailureTests
{
    [Fact]
    public async Task A_failed_create_skips_its_dependents_and_the_rest_goes_on()
    {
        var lab = new StackLab();
        lab.World.Failing = (_, name) => name == "net" ? Failures.Refused("subnet taken") : null;

        var run = await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))).Thing("other"));

        Assert.Equal(["create other"], run.Acts);
        Assert.Equal([StackProgram.UrnOf("net")], run.Result.Failed);
        Assert.Equal([StackProgram.UrnOf("web")], run.Result.Skipped);
        Assert.Empty(lab.Snapshot.PendingOperations);
        Assert.Contains("subnet taken", Assert.Single(run.Result.Diagnostics).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroy_goes_on_past_a_failure_and_keeps_what_the_rest_needs()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))).Thing("other"));
        lab.World.Failing = (operation, name) => operation == "delete" && name == "web" ? Failures.Refused("busy") : null;

        var run = await lab.Destroy();

        Assert.Equal(["delete other"], run.Acts);
        Assert.Equal(["here", "net", "tests-lab", "web"], lab.Snapshot.Resources.Select(state => state.Urn.Name).Order());
        lab.World.Failing = (_, _) => null;
        Assert.Equal(["delete web", "delete net"], (await lab.Destroy()).Acts);
    }

    [Fact]
    public async Task What_a_failed_resource_still_holds_is_not_deleted()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("old").Thing("web", ("on", StackProgram.Ref("old"))));
        lab.World.Failing = (operation, name) => operation == "create" && name == "web" ? Failures.Refused("no") : null;

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Empty(run.Acts);
        Assert.Contains(lab.World.Things.Values, thing => thing.Urn.Name == "old");
    }

    [Fact]
    public async Task A_partial_create_is_recorded_and_tried_again()
    {
        var lab = new StackLab();
        lab.World.Failing = (operation, _) =>
        {
            if (operation != "create")
            {
                return null;
            }

            lab.World.Things["thing-half"] = new FakeThing(StackProgram.UrnOf("web"), PropertyMap.Of(("size", 1)));
            return new ProviderException(ProviderFailure.Timeout, "It never became healthy.", null,
                new Remainder.Partial("thing-half", PropertyMap.Of(("size", 1)), ["not healthy"]));
        };
        await lab.Up(stack => stack.Thing("web"));
        lab.World.Failing = (_, _) => null;

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Equal(["update web (did not come up last time)"], run.Changes);
        Assert.Single(lab.World.Things);
    }

    [Fact]
    public async Task When_it_is_not_known_what_a_create_left_the_next_run_adopts_it()
    {
        var lab = new StackLab();
        lab.World.Failing = (operation, _) =>
        {
            if (operation != "create")
            {
                return null;
            }

            lab.World.Things["thing-lost"] = new FakeThing(StackProgram.UrnOf("web"), PropertyMap.Of(("size", 1), ("address", "a"), ("serial", "s")));
            return Failures.LeavingUnknown();
        };
        await lab.Up(stack => stack.Thing("web"));
        lab.World.Failing = (_, _) => null;
        Assert.Single(lab.Snapshot.PendingOperations);

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Empty(run.Acts);
        Assert.Empty(lab.Snapshot.PendingOperations);
        Assert.Equal("thing-lost", lab.Snapshot.Resources.Single(state => state.Urn.Name == "web").Id);
    }

    [Fact]
    public async Task What_a_create_cut_short_left_is_removed_and_made_anew()
    {
        var lab = new StackLab();
        lab.World.Failing = (operation, _) =>
        {
            if (operation != "create")
            {
                return null;
            }

            lab.World.Things["thing-half"] = new FakeThing(StackProgram.UrnOf("web"), PropertyMap.Of(("size", 1)), Complete: false);
            return Failures.LeavingUnknown();
        };
        await lab.Up(stack => stack.Thing("web"));
        lab.World.Failing = (_, _) => null;

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Equal(["delete web", "create web"], run.Acts);
        Assert.Single(lab.World.Things);
    }

    [Fact]
    public async Task An_endpoint_that_stops_answering_is_one_error_not_one_a_resource()
    {
        var lab = new StackLab { World = { Limit = 1 } };
        await lab.Up(stack => stack.Thing("a").Thing("b").Thing("c"));
        lab.World.Failing = (operation, _) => operation == "delete" ? Failures.Unreachable() : null;

        var run = await lab.Destroy();

        Assert.Single(run.Result.Diagnostics);
        Assert.Equal((1, 2), (run.Result.Failed.Length, run.Result.Skipped.Length - 2));
        lab.World.Failing = (_, _) => null;
        Assert.Equal(3, (await lab.Destroy()).Acts.Length);
    }

    [Fact]
    public async Task A_bug_in_a_provider_fails_that_resource_alone()
    {
        var lab = new StackLab();
        lab.World.Failing = (_, name) => name == "bad" ? new InvalidOperationException("index out of range") : null;

        var run = await lab.Up(stack => stack.Thing("bad").Thing("good"));

        Assert.Equal(["create good"], run.Acts);
        Assert.Equal(["PROV1511"], run.ErrorCodes);
    }

    [Fact]
    public async Task A_program_that_fails_half_way_deletes_nothing()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web").Thing("db"));

        var run = await lab.UpLive(new FailingSource());

        Assert.Equal(["PROV1519"], run.ErrorCodes);
        Assert.Equal(2, lab.World.Things.Count);
    }

    [Fact]
    public async Task When_nothing_can_be_recorded_nothing_is_begun()
    {
        var world = new FakeWorld();
        var journal = new MemoryJournal { Failing = (3, new IOException("No space left on device")) };
        var program = new StackProgram().Thing("a").Thing("b", ("on", StackProgram.Ref("a"))).Thing("c", ("on", StackProgram.Ref("b")));
        var deployment = new Deployment([new FakeProviderFactory(world)], events: null, TimeProvider.System, () => Guid.Empty);

        var result = await deployment.RunAsync(
            new DeploymentOptions { Operation = Operation.Up, Stack = StackProgram.Stack, Project = StackProgram.Project, Parallel = 1 },
            new FinishedGoalSource(program.Goals), Snapshot.Empty, journal, StopTokens.None);

        Assert.Equal(OperationOutcome.Failed, result.Outcome);
        Assert.Contains(result.Diagnostics, diagnostic => diagnostic.Code == "PROV1518" && diagnostic.Detail.Contains("No space left", StringComparison.Ordinal));
        // At most the one step whose begin was stored before the disk was full; and what it made is in the snapshot.
        Assert.True(world.Things.Count <= 1);
        Assert.Equal(world.Things.Count, result.Snapshot.Resources.Count(state => state.Type == FakeProvider.Thing));
    }

    [Fact]
    public async Task Stop_finishes_what_runs_and_starts_nothing_new()
    {
        using var stop = new CancellationTokenSource();
        var lab = new StackLab();
        lab.World.Holding = (_, name, _) => name == "a" ? stop.CancelAsync() : Task.CompletedTask;

        var run = await lab.Up(stack => stack.Thing("a").Thing("b", ("on", StackProgram.Ref("a"))), stop: new StopTokens(stop.Token, CancellationToken.None));

        Assert.Equal(["create a"], run.Acts);
        Assert.Equal(OperationOutcome.Cancelled, run.Result.Outcome);
        Assert.Empty(lab.Snapshot.PendingOperations);
    }

    [Fact]
    public async Task Cancel_abandons_what_runs_and_leaves_it_pending()
    {
        using var cancel = new CancellationTokenSource();
        var lab = new StackLab();
        lab.World.Holding = async (_, _, token) =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
        };

        var run = await lab.Up(stack => stack.Thing("a"), stop: new StopTokens(cancel.Token, cancel.Token));

        Assert.Equal(OperationOutcome.Cancelled, run.Result.Outcome);
        Assert.Equal("a", Assert.Single(lab.Snapshot.PendingOperations).Resource.Urn.Name);
        lab.World.Holding = (_, _, _) => Task.CompletedTask;
        Assert.Equal(["create a"], (await lab.Up(stack => stack.Thing("a"))).Acts);
        Assert.Empty(lab.Snapshot.PendingOperations);
    }

    [Fact]
    public async Task A_run_may_do_less_than_its_plan_and_never_more()
    {
        var lab = new StackLab { Converges = false };
        await lab.Up(stack => stack.Thing("a").Thing("b").Thing("c"));
        var plan = (await lab.Preview(stack => stack.Thing("a", ("size", 2)).Thing("b").Thing("c"))).Result.Plan;
        lab.World.Change("a", "size", 2);
        lab.World.Remove("b");

        var run = await lab.Up(stack => stack.Thing("a", ("size", 2)).Thing("b"), options => options.DryRun ? options : options with { Plan = plan });

        Assert.Empty(run.Acts);
        Assert.Equal(["PROV1507"], run.ErrorCodes);
        Assert.Equal(["b", "c"], run.Result.Diagnostics.Select(diagnostic => diagnostic.Subject?.Name).Order());
    }

    [Fact]
    public async Task Steps_at_one_endpoint_and_cost_class_keep_to_their_limit()
    {
        var lab = new StackLab();
        lab.World.Limit = 2;
        var (running, most) = (0, 0);
        lab.World.Holding = async (_, _, _) =>
        {
            var now = Interlocked.Increment(ref running);
            most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref running);
        };

        await lab.Up(stack =>
        {
            for (var i = 0; i < 20; i++)
            {
                stack.Thing($"t{i}");
            }
        });

        Assert.InRange(most, 1, 2);
    }

    private sealed class FailingSource : IGoalSource
    {
        public async IAsyncEnumerable<GoalRegistration> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            foreach (var goal in new StackProgram().Thing("web").Goals)
            {
                await Task.Yield();
                yield return new GoalRegistration(goal);
            }

            throw new InvalidOperationException("The program threw.");
        }
    }
}
