using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>A daemon that is stopped, or stops half way; in a lab of its own.</summary>
public sealed class DaemonLossTests
{
    [Fact]
    public async Task A_daemon_that_is_stopped_or_stops_half_way_costs_an_error_and_nothing_else()
    {
        await using var lab = new DockerLab();
        await lab.ReadyAsync();
        using var world = new GatedWorld(lab, "e2e-loss");

        await using var cut = world.Up();
        await world.Objects.RunsAsync("first");
        await lab.StopDaemonAsync();
        var lost = (await cut.EndAsync()).With(4);
        Assert.Contains(lab.Endpoint, lost.All, StringComparison.Ordinal);
        Assert.Contains("first", lost.All, StringComparison.Ordinal);
        Assert.DoesNotContain("PROV1909", lost.All, StringComparison.Ordinal);

        var before = await world.Workspace.RecordedAsync();
        Assert.Contains(before, resource => resource.Contains("first", StringComparison.Ordinal));
        var blind = (await world.Workspace.PreviewAsync()).WithOneError(4, "PROV1508");
        Assert.Contains(lab.Endpoint, blind.Error, StringComparison.Ordinal);
        Assert.Contains("to do: ", blind.Error, StringComparison.Ordinal);
        (await world.Workspace.DestroyAsync()).WithOneError(4, "PROV1510");
        (await world.Workspace.UpAsync()).WithOneError(4, "PROV1508");
        Assert.Equal(before, await world.Workspace.RecordedAsync());

        await lab.StartDaemonAsync();
        world.Open();
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal(["container e2e-loss-first", "container e2e-loss-second"], await world.Objects.AllAsync());
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        (await world.Workspace.DestroyAsync()).With(0);
        Assert.Empty(await world.Objects.AllAsync());
    }
}
