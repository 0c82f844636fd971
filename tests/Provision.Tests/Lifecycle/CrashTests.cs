using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

/// <summary>A process killed at any moment: the next run converges with no duplicate, no orphan and no manual repair.</summary>
public sealed class CrashTests
{
    private static void First(StackProgram stack) => stack
        .Thing("front", ("name", "front"), ("kind", "a"))
        .Thing("image", ("size", 1))
        .Thing("web", ("name", "web"), ("on", StackProgram.Ref("front")), ("kind", StackProgram.Ref("image", "serial")))
        .Thing("db", ("name", "db"), ("on", StackProgram.Ref("front")), ("size", 1))
        .Thing("lone", ("kind", "a"))
        .Thing("unwanted", ("on", StackProgram.Ref("lone")));

    // Replaces front and what hangs on it (old first), lone (new first), updates image and db, deletes unwanted.
    private static void Second(StackProgram stack) => stack
        .Thing("front", ("name", "front"), ("kind", "b"))
        .Thing("image", ("size", 2))
        .Thing("web", ("name", "web"), ("on", StackProgram.Ref("front")), ("kind", StackProgram.Ref("image", "serial")))
        .Thing("db", ("name", "db"), ("on", StackProgram.Ref("front")), ("size", 2))
        .Thing("lone", ("kind", "b"));

    [Fact]
    public async Task A_killed_first_up_is_taken_up_by_the_next()
    {
        var killed = true;
        for (var entries = 0; killed; entries++)
        {
            var lab = new StackLab();
            killed = await lab.KilledAfter(entries, Operation.Up, First);

            await AssertSucceeds(lab.Up(First));
            AssertOneOfEach(lab, "db", "front", "image", "lone", "unwanted", "web");
        }
    }

    [Fact]
    public async Task A_killed_change_is_taken_up_by_the_next_up()
    {
        var killed = true;
        for (var entries = 0; killed; entries++)
        {
            var lab = new StackLab();
            await lab.Up(First);
            killed = await lab.KilledAfter(entries, Operation.Up, Second);

            await AssertSucceeds(lab.Up(Second));
            AssertOneOfEach(lab, "db", "front", "image", "lone", "web");
        }
    }

    [Fact]
    public async Task A_killed_change_can_be_taken_back()
    {
        var killed = true;
        for (var entries = 0; killed; entries++)
        {
            var lab = new StackLab();
            await lab.Up(First);
            killed = await lab.KilledAfter(entries, Operation.Up, Second);

            await AssertSucceeds(lab.Up(First));
            AssertOneOfEach(lab, "db", "front", "image", "lone", "unwanted", "web");
        }
    }

    [Fact]
    public async Task A_killed_up_or_destroy_leaves_nothing_that_a_destroy_does_not_find()
    {
        foreach (var operation in new[] { Operation.Up, Operation.Destroy })
        {
            var killed = true;
            for (var entries = 0; killed; entries++)
            {
                var lab = new StackLab();
                await lab.Up(First);
                killed = await lab.KilledAfter(entries, operation, Second);

                await AssertSucceeds(lab.Destroy());
                Assert.Empty(lab.World.Things);
                Assert.Empty(lab.Snapshot.Resources);
                Assert.Empty(lab.Snapshot.PendingOperations);
            }
        }
    }

    private static async Task AssertSucceeds(Task<LifecycleRun> running)
    {
        var run = await running;
        Assert.Empty(run.Result.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info));
        Assert.Equal(OperationOutcome.Succeeded, run.Result.Outcome);
    }

    private static void AssertOneOfEach(StackLab lab, params string[] names)
    {
        Assert.Equal(names, lab.World.Things.Values.Select(thing => thing.Urn.Name).Order());
        Assert.Empty(lab.Snapshot.PendingOperations);
        Assert.Equal(
            lab.World.Things.Keys.Order(), lab.Snapshot.Resources.Where(state => state.Type == FakeProvider.Thing).Select(state => state.Id).Order());
    }
}
