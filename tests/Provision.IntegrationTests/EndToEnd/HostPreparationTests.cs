using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>Stacks as a newcomer runs them: on a machine where no daemon runs, and no init system does either.</summary>
public sealed class HostPreparationTests(LibvirtLab lab)
{
    [Fact]
    public async Task The_quickstart_prepares_its_machine_survives_its_reboot_and_goes()
    {
        await lab.KernelReadyAsync();
        await using var machine = await PrivateMachine.StartAsync();

        // There is no way out of it to fetch one.
        await machine.ShellAsync($"mkdir -p /var/lib/provision && cp -a {lab.Root}/kernels /var/lib/provision/");
        using var workspace = new TestWorkspace("quickstart");
        workspace.Declare(
            "Quickstart", await File.ReadAllTextAsync(Path.Combine(TestWorkspace.Repository, "stacks", "Quickstart.cs"), TestContext.Current.CancellationToken),
            ("port", 8080), ("greeting", "Hello from a private machine"));
        const string get = "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && cat <&3";

        var up = (await machine.RunAsync(workspace, "up", "quickstart", "--yes")).With(0);
        Assert.Contains("here/docker.io", up.Out, StringComparison.Ordinal);
        Assert.Contains("here/docker ", up.Out, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8080", up.Out, StringComparison.Ordinal);
        Assert.Contains("here/libvirt-daemon-system", up.Out, StringComparison.Ordinal);
        Assert.Contains("here/virtlogd", up.Out, StringComparison.Ordinal);
        Assert.Contains("here/libvirtd", up.Out, StringComparison.Ordinal);
        await AnswerAsync();
        Assert.Contains("tini", await machine.ProgramsAsync());
        (await machine.RunAsync(workspace, "up", "quickstart", "--yes", "--expect-no-changes")).With(0);

        await machine.RebootAsync();
        var preview = (await machine.RunAsync(workspace, "preview", "quickstart")).With(0);
        Assert.Contains("stopped", preview.Out, StringComparison.Ordinal);
        Assert.Contains("looked at once its endpoint is up", preview.Out, StringComparison.Ordinal);
        (await machine.RunAsync(workspace, "up", "quickstart", "--yes")).With(0);
        await AnswerAsync();
        (await machine.RunAsync(workspace, "up", "quickstart", "--yes", "--expect-no-changes")).With(0);

        var destroyed = (await machine.RunAsync(workspace, "destroy", "quickstart", "--yes")).With(0);
        Assert.Contains("kept: ", destroyed.Out, StringComparison.Ordinal);
        Assert.Contains("docker", destroyed.Out, StringComparison.Ordinal);
        Assert.Contains("Nothing to destroy", (await machine.RunAsync(workspace, "destroy", "quickstart", "--yes")).With(0).Out, StringComparison.Ordinal);
        Assert.Equal("0\n", await machine.ShellAsync("find /var/lib/docker/containers -mindepth 1 -maxdepth 1 | wc -l"));

        // libvirt itself forgets the folders of machines that ran when the power went: they bear the number of that run.
        const string find = "find /var/lib/provision /var/lib/libvirt /etc/libvirt -path '/var/lib/libvirt/qemu/*domain-*' -prune -o -name '*quickstart-*' -print";
        Assert.Equal("", (await machine.ShellAsync($"virsh -q -c qemu:///system list --all; {find}")).Trim());

        async Task AnswerAsync()
        {
            Assert.Contains("Hello from a private machine", await machine.ShellAsync(get), StringComparison.Ordinal);
            foreach (var box in new[] { "box-1", "box-2" })
            {
                var page = await machine.RunAsync(workspace, "ssh", $"quickstart/{box}", "--", "wget -q -O - http://127.0.0.1/");
                Assert.Contains("Hello from a private machine", page.With(0).Out, StringComparison.Ordinal);
            }
        }
    }
}
