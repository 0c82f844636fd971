using Xunit;

namespace Provision.IntegrationTests.Lab;

/// <summary>The lab itself: what it leaves behind is nothing, however its user ends.</summary>
public sealed class DockerLabTests
{
    [Fact]
    public async Task A_lab_leaves_nothing_behind()
    {
        var lab = new DockerLab();
        await lab.ReadyAsync();
        Assert.NotEmpty(LabTraces.Of(lab.Namespace));

        await lab.DisposeAsync();

        Assert.Empty(LabTraces.Of(lab.Namespace));
    }

    [Fact]
    public async Task A_lab_whose_user_is_killed_takes_itself_down()
    {
        Assert.SkipWhen(await LabPackages.EnsureAsync(TestContext.Current.CancellationToken) is not null, "no lab can run here");

        await LabTraces.KillUserAsync($"provkill{Environment.ProcessId}d", ["dockerd"], folder =>
            LabNamespaces.UntilAsync(() => Task.FromResult(File.Exists(Path.Combine(folder, "docker.sock"))), TimeSpan.FromSeconds(30), () => "the daemon does not start"));
    }
}
