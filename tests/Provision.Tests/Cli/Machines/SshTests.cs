using System.Diagnostics;
using System.Runtime.Versioning;
using Provision.Cli;
using Provision.Cli.Ssh;
using Provision.Providers.Libvirt.Access;
using Provision.Tests.Engine.State;
using Xunit;

namespace Provision.Tests.Cli.Machines;

/// <summary>With OpenSSH's real agent; <c>ssh</c> itself is a script that says how it was called and what the agent holds.</summary>
[SupportedOSPlatform("linux")]
public sealed class SshTests : IDisposable
{
    private const string FakeSsh = """
        #!/bin/sh
        for word in "$@"; do echo "arg:$word"; done
        for word in "$@"; do case $word in IdentityAgent=*) SSH_AUTH_SOCK=${word#IdentityAgent=} ssh-add -l ;; esac; done
        exit 7
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-fakessh-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_command_runs_as_the_recorded_user_at_the_address_seen_now_with_the_stacks_key_in_an_agent()
    {
        var key = await MakeKeyAsync();
        using var stack = await StartAsync(key);
        stack.Cli.Machines.ById[MachineStack.Box1].Addresses = ["fd00::7", "10.99.0.42"];

        var code = await stack.Cli.RunAsync("ssh", "lab/box-1", "--", "uname", "-a");

        var words = Args(stack.Cli.Out);
        Assert.Equal(7, code);
        Assert.Equal(["-l", "lab", "10.99.0.42", "--", "uname", "-a"], words[^6..]);
        Assert.Contains("(ECDSA)", stack.Cli.Out, StringComparison.Ordinal);
        Assert.Contains("StrictHostKeyChecking=no", words);
        Assert.DoesNotContain(words, word => word.Contains("PRIVATE KEY", StringComparison.Ordinal));
        Assert.DoesNotContain("-t", words);
    }

    [Fact]
    public async Task Nothing_of_the_agent_is_left()
    {
        using var stack = await StartAsync(await MakeKeyAsync());

        await stack.Cli.RunAsync("ssh", "box-1");

        var socket = Args(stack.Cli.Out).Single(word => word.StartsWith("IdentityAgent=", StringComparison.Ordinal))["IdentityAgent=".Length..];
        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
        Assert.DoesNotContain(Process.GetProcessesByName("ssh-agent"), agent => CommandLine(agent).Contains(socket, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_agent_lives_in_a_folder_of_ours_alone_and_takes_it_along()
    {
        SkipWithoutOpenSsh();
        var io = IoContext.OfProcess();
        var agent = await SshAgent.StartAsync(io, await MakeKeyAsync(), TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var folder = agent.Folder;
        Assert.Equal("700", Modes.Of(folder));

        await agent.DisposeAsync();

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_key_that_openssh_refuses_is_said_without_showing_it()
    {
        using var stack = await StartAsync("this is no key");

        var code = await stack.Cli.RunAsync("ssh", "box-1");

        Assert.Equal(1, code);
        Assert.Contains("The stack's key cannot be used", stack.Cli.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("this is no key", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_network_of_the_hosts_own_the_host_key_is_kept_and_compared()
    {
        var key = await MakeKeyAsync();
        using var stack = await StartAsync(key, networkMode: "bridge");

        await stack.Cli.RunAsync("ssh", "box-1");

        Assert.Contains("StrictHostKeyChecking=accept-new", Args(stack.Cli.Out));
        Assert.DoesNotContain("UserKnownHostsFile=/dev/null", Args(stack.Cli.Out));
    }

    [Fact]
    public async Task A_users_own_key_needs_no_agent()
    {
        using var stack = await StartAsync("unused");

        await stack.Cli.RunAsync("ssh", "box-1", "-i", "my-key", "-l", "root", "-o", "Port=2222");

        var words = Args(stack.Cli.Out);
        Assert.DoesNotContain(words, word => word.StartsWith("IdentityAgent=", StringComparison.Ordinal));
        Assert.Equal(["-o", "Port=2222", "-i", Path.Combine(stack.Cli.Folder, "my-key"), "-l", "root", "10.99.0.7"], words[^7..]);
    }

    [Fact]
    public async Task Exec_hands_arguments_on_to_a_machine_as_they_are()
    {
        using var stack = await StartAsync(await MakeKeyAsync());

        var code = await stack.Cli.RunAsync("exec", "box-1", "--workdir", "/var/my files", "--", "echo", "it's", "$HOME", "a b");

        Assert.Equal(7, code);
        Assert.Equal(@"cd '/var/my files' && exec 'echo' 'it'\''s' '$HOME' 'a b'", Args(stack.Cli.Out)[^1]);
    }

    [Fact]
    public async Task A_machine_without_an_address_points_to_its_console()
    {
        using var stack = await StartAsync("unused");
        stack.Cli.Machines.ById[MachineStack.Box1].Addresses = [];

        var code = await stack.Cli.RunAsync("ssh", "box-1");

        Assert.Equal(4, code);
        Assert.Contains("provision console box-1", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_openssh_the_package_is_named()
    {
        using var stack = await new MachineStack { Key = "unused" }.UpAsync();
        stack.Cli.Environment["PATH"] = "/nowhere";

        var code = await stack.Cli.RunAsync("ssh", "box-1");

        Assert.Equal(1, code);
        Assert.Contains("openssh-client", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_that_does_not_run_is_not_dialled()
    {
        using var stack = await StartAsync("unused");
        stack.Cli.Machines.ById[MachineStack.Box1].Power = MachinePower.Paused;

        Assert.Equal(4, await stack.Cli.RunAsync("ssh", "box-1"));
        Assert.Contains("is paused", stack.Cli.Error, StringComparison.Ordinal);
    }

    private static string[] Args(string output) =>
        [.. output.Split('\n').Where(line => line.StartsWith("arg:", StringComparison.Ordinal)).Select(line => line[4..])];

    private async Task<MachineStack> StartAsync(string key, string networkMode = "nat")
    {
        SkipWithoutOpenSsh();
        var stack = await new MachineStack { Key = key, NetworkMode = networkMode }.UpAsync();
        var ssh = Path.Combine(_folder.FullName, "ssh");
        await File.WriteAllTextAsync(ssh, FakeSsh, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(ssh, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        stack.Cli.Environment["PATH"] = $"{_folder.FullName}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
        return stack;
    }

    private async Task<string> MakeKeyAsync()
    {
        SkipWithoutOpenSsh();
        var path = Path.Combine(_folder.FullName, "made");
        using var made = Process.Start("ssh-keygen", ["-q", "-t", "ecdsa", "-N", "", "-f", path]);
        await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        var key = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
        File.Delete(path);
        return key;
    }

    private static void SkipWithoutOpenSsh() =>
        Assert.SkipUnless(Programs.TryFind(Environment.GetEnvironmentVariable("PATH"), "ssh-agent") is not null, "OpenSSH's client programs are not here.");

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
