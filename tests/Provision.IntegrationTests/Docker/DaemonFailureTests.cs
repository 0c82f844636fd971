using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>A daemon that stops or dies, in a lab of its own: the others' tests need theirs.</summary>
public sealed class DaemonFailureTests
{
    [Fact]
    public async Task Trap_20_a_stopped_daemon_is_unreachable_and_drops_no_state()
    {
        await using var lab = new DockerLab();
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("survivor", ("restart", "always"));

        await lab.StopDaemonAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.LookAsync(container));
        await lab.StartDaemonAsync();

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.NotNull(failure.Remedy);
        Assert.Equal(container.Id, Assert.IsType<ReadResponse.Found>(await world.LookAsync(container)).Id);
    }

    [Fact]
    public async Task A_daemon_killed_half_way_leaves_what_the_next_run_finds()
    {
        await using var lab = new DockerLab();
        await using var world = await DockerWorld.OpenAsync(lab);
        var urn = DockerWorld.UrnOf(DockerWorld.Container, "half");
        var inputs = world.Check(DockerWorld.Container, "half", DockerWorld.Stamped(DockerWorld.Container, "half", DockerWorld.Inputs(
            "half", ("wait", true), ("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "false"])), ("interval", "10s"))))));

        var creation = world.CreateAsync(DockerWorld.Container, "half", inputs);
        await LabNamespaces.UntilAsync(
            () => Task.FromResult(world.Steps.All.Contains("health:", StringComparison.Ordinal)), TimeSpan.FromSeconds(20), () => "it does not get to wait for health");
        await lab.KillDaemonAsync();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => creation);
        await lab.StartDaemonAsync();
        var found = await world.Provider.FindAsync(new FindRequest(urn, inputs), TestContext.Current.CancellationToken);

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.NotNull(found);
        Assert.IsNotType<Remainder.Untouched>(failure.Remainder);
        world.Track(new Tracked(urn, found.Id, inputs, found.Outputs));
    }
}
