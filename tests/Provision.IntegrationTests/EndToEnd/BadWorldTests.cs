using System.Diagnostics;
using Docker.DotNet.Models;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>A world that does not give what the stack wants: ports that are taken, images that are nowhere, disks that are full.</summary>
public sealed class BadWorldTests(DockerLab lab)
{
    [Fact]
    public async Task A_port_that_another_container_holds_is_named_with_its_holder_and_freed_the_run_goes_on()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-port").Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8121));
        using var objects = new StampedObjects(lab, workspace.Stack);
        using var client = lab.Client();
        var holder = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Name = "somebody-elses",
                Image = DockerLab.TinyImage,
                ExposedPorts = new Dictionary<string, EmptyStruct> { ["80/tcp"] = default },
                HostConfig = new HostConfig { PortBindings = new Dictionary<string, IList<PortBinding>> { ["80/tcp"] = [new PortBinding { HostIP = "127.0.0.1", HostPort = "8121" }] } },
            },
            TestContext.Current.CancellationToken);
        await client.Containers.StartContainerAsync(holder.ID, new ContainerStartParameters(), TestContext.Current.CancellationToken);
        try
        {
            var ended = (await workspace.UpAsync()).WithOneError(4, "PROV1510");
            Assert.Contains("8121", ended.Out, StringComparison.Ordinal);
            Assert.Contains("somebody-elses", ended.Out, StringComparison.Ordinal);
        }
        finally
        {
            await client.Containers.RemoveContainerAsync(holder.ID, new ContainerRemoveParameters { Force = true }, CancellationToken.None);
        }

        (await workspace.UpAsync()).With(0);
        Assert.Equal(LifecycleTests.Contents(workspace), await objects.AllAsync());
        (await workspace.DestroyAsync()).With(0);
        Assert.Empty(await objects.AllAsync());
    }

    [Fact]
    public async Task An_image_that_is_nowhere_is_named_and_what_does_not_need_it_comes_up()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-image").Declare(
            Definitions.Pages, Definitions.Of(Definitions.Pages).Replace("new Container(\"reader\", image)", "new Container(\"reader\", \"127.0.0.1:9/no/such:1\")", StringComparison.Ordinal),
            ("endpoint", lab.Endpoint), ("port", 8122));
        using var objects = new StampedObjects(lab, workspace.Stack);

        var ended = (await workspace.UpAsync()).WithOneError(4, "PROV1510");

        Assert.Contains("127.0.0.1:9/no/such:1", ended.Out, StringComparison.Ordinal);
        Assert.Contains("reader (Container) skipped", ended.Error, StringComparison.Ordinal);
        Assert.Equal(["container e2e-image-web", "network e2e-image-net", "volume e2e-image-data"], await objects.AllAsync());
        (await workspace.DestroyAsync()).With(0);
        Assert.Empty(await objects.AllAsync());
    }

    /// <summary>A disk of a few pages in a mount namespace of the run's own: it fills at another moment for every size.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(28)]
    [InlineData(36)]
    [InlineData(44)]
    public async Task A_disk_that_fills_up_while_state_is_written_loses_nothing(int kibibytes)
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace($"e2e-full{kibibytes}").Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8200 + kibibytes));
        using var objects = new StampedObjects(lab, workspace.Stack);
        var state = Directory.CreateDirectory(workspace.StateFolder).FullName;

        // The namespace lives as long as this shell, which runs the program three times: full, with room, and to take it all away.
        const string script = """
            set -u
            state=$1 size=$2 stack=$3; shift 3
            mount -t tmpfs -o "size=${size}k,mode=0700" tmpfs "$state" || exit 99
            "$@" up "$stack" --yes; echo "full: $?"
            mount -o remount,size=10m "$state" || exit 99
            "$@" up "$stack" --yes; echo "room: $?"
            "$@" preview "$stack" --expect-no-changes; echo "again: $?"
            read -r _
            "$@" destroy "$stack" --yes; echo "gone: $?"
            """;
        var start = new ProcessStartInfo(
            "unshare", ["--mount", "bash", "-c", script, "full", state, $"{kibibytes}", workspace.Stack, .. ProvisionProcess.CommandLine])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        workspace.FillEnvironment(start.Environment);
        using var shell = Process.Start(start) ?? throw new InvalidOperationException("unshare did not start.");
        var errors = shell.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);

        var full = await UntilAsync(shell, "full: ");
        var room = await UntilAsync(shell, "room: ");
        var again = await UntilAsync(shell, "again: ");
        var contents = await objects.AllAsync();
        await shell.StandardInput.WriteLineAsync("go on");
        var gone = await UntilAsync(shell, "gone: ");
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);

        var told = await errors;
        Assert.True(full is "full: 1" && room is "room: 0" && again is "again: 0" && gone is "gone: 0", $"{full}, {room}, {again}, {gone}\n{told}");
        Assert.Contains("PROV1221", told, StringComparison.Ordinal);
        Assert.DoesNotContain("PROV1909", told, StringComparison.Ordinal);
        Assert.Equal(LifecycleTests.Contents(workspace), contents);
        Assert.Empty(await objects.AllAsync());
    }

    private static async Task<string> UntilAsync(Process shell, string prefix)
    {
        while (await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal))
            {
                return line;
            }
        }

        return $"no {prefix}";
    }
}
