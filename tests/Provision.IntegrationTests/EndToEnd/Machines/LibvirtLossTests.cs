using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>A libvirtd that is stopped, dies, or is restarted half way; in a lab of its own.</summary>
public sealed class LibvirtLossTests
{
    [Fact]
    public async Task A_libvirtd_that_dies_or_stops_costs_an_error_at_most()
    {
        await using var lab = new LibvirtLab();
        using var world = await MachineWorld.OpenAsync(lab, "e2e-vloss");

        // Dies while a machine boots: the machine goes on, and so does the next run.
        await using (var cut = ProvisionProcess.Start(world.Workspace, "up", world.Workspace.Stack, "--yes"))
        {
            await LabNamespaces.UntilAsync(
                async () => cut.HasExited || (await lab.NamesAsync("list")).Contains(world.Box), TimeSpan.FromSeconds(120), () => $"no machine runs: {cut.ErrorSoFar()}");
            await lab.KillLibvirtdAsync();
            var ended = await cut.EndAsync();
            Assert.True(ended.ExitCode is 0 or 4, ended.All);
            Assert.DoesNotContain("PROV1909", ended.All, StringComparison.Ordinal);
        }

        await lab.StartLibvirtdAsync();
        (await world.Workspace.UpAsync()).With(0);
        Assert.Equal("Hello", await world.InBoxAsync("cat /etc/greeting"));
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);

        // Stopped: one error, and nothing is forgotten.
        var identity = await world.IdentityAsync();
        await lab.StopLibvirtdAsync();
        var before = await world.Workspace.RecordedAsync("libvirt:index/");
        Assert.Contains(before, resource => resource.Contains("box-1", StringComparison.Ordinal));
        var blind = (await world.Workspace.PreviewAsync()).WithOneError(4, "PROV1508");
        Assert.Contains("qemu:///system", blind.Error, StringComparison.Ordinal);
        Assert.Contains("to do: ", blind.Error, StringComparison.Ordinal);
        (await world.Workspace.DestroyAsync()).With(4);
        Assert.Equal(before, await world.Workspace.RecordedAsync("libvirt:index/"));

        // Restarted beneath machines that run: nothing to do.
        await lab.StartLibvirtdAsync();
        (await world.Workspace.UpAsync("--expect-no-changes")).With(0);
        Assert.Equal(identity, await world.IdentityAsync());
        (await world.Workspace.DestroyAsync()).With(0);
        await world.Objects.NothingIsLeftAsync();
    }
}
