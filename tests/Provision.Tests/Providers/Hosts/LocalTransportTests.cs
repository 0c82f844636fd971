using System.Diagnostics;
using System.Text;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class LocalTransportTests : HostTransportContract, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("provision-transport-");

    private protected override IHostTransport Transport { get; } = new LocalTransport(TimeProvider.System);

    protected override string Folder => _folder.FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Output_error_and_exit_code_come_back_apart()
    {
        var result = await Transport.RunAsync(HostCommand.Script("echo out; echo err >&2; exit 3"), Token);

        Assert.Equal((3, "out\n", "err\n"), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public async Task Arguments_reach_the_program_as_they_are()
    {
        string[] hostile = ["a b", "$(touch pwned)", "; rm -rf /", "'\"`", "*", "", "ü\n"];

        var result = await Transport.RunAsync(new HostCommand("printf", ["%s|", .. hostile]), Token);

        Assert.Equal(string.Concat(hostile.Select(text => text + "|")), result.Output);
    }

    [Fact]
    public async Task Stdin_is_fed_and_closed()
    {
        var content = Encoding.UTF8.GetBytes(new string('y', 1_000_000));

        var result = await Transport.RunAsync(new HostCommand("wc", "-c") { Stdin = content }, Token);

        Assert.Equal("1000000", result.Output.Trim());
    }

    [Fact]
    public async Task A_program_that_leaves_stdin_unread_is_no_error()
    {
        var result = await Transport.RunAsync(new HostCommand("true") { Stdin = new byte[1_000_000] }, Token);

        Assert.True(result.Succeeded);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_ends_with_127() =>
        Assert.Equal(127, (await Transport.RunAsync(new HostCommand("no-such-program-here"), Token)).ExitCode);

    [Fact]
    public async Task The_callers_environment_is_not_passed_on()
    {
        Environment.SetEnvironmentVariable("PROVISION_TEST_SECRET", "marker");

        var result = await Transport.RunAsync(
            new HostCommand("env") { Environment = HostCommandEnvironment("GIVEN", "yes") }, Token);

        Assert.DoesNotContain("marker", result.Output, StringComparison.Ordinal);
        Assert.Contains("GIVEN=yes\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("/usr/sbin", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_come_while_it_runs()
    {
        var first = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var fifo = $"{Folder}/go";
        await Transport.RunAsync(new HostCommand("mkfifo", fifo), Token);

        // It waits for the fifo: its line came before it ended, or this test would not end.
        var run = Transport.RunAsync(
            HostCommand.Script("echo ready; read -r go <\"$1\"; echo \"$go\"", fifo) with { OnLine = line => first.TrySetResult(line) }, Token);
        Assert.Equal("ready", await first.Task.WaitAsync(Token));
        await File.WriteAllTextAsync(fifo, "went\n", Token);

        Assert.Equal("ready\nwent\n", (await run).Output);
    }

    [Fact]
    public async Task A_command_that_outlives_its_limit_is_ended_with_what_it_started()
    {
        var command = HostCommand.Script("sleep 300 & echo $!; wait") with { Timeout = TimeSpan.FromMilliseconds(300) };
        var pid = 0;

        await Assert.ThrowsAsync<TimeoutException>(() => Transport.RunAsync(
            command with { OnLine = line => pid = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture) }, Token));

        AssertEnded(pid);
    }

    [Fact]
    public async Task Cancelling_ends_the_command_with_what_it_started()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var pid = 0;
        var command = HostCommand.Script("sleep 300 & echo $!; wait") with
        {
            OnLine = line =>
            {
                pid = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
                source.Cancel();
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Transport.RunAsync(command, source.Token));

        AssertEnded(pid);
    }

    [Fact]
    public async Task A_link_is_seen_as_a_link_and_deleted_as_one()
    {
        await File.WriteAllTextAsync($"{Folder}/target", "kept", Token);
        File.CreateSymbolicLink($"{Folder}/link", $"{Folder}/target");

        Assert.Equal(FileKind.Link, (await Transport.StatAsync($"{Folder}/link", asRoot: false, Token))?.Kind);
        await Transport.DeleteAsync($"{Folder}/link", asRoot: false, Token);

        Assert.True(File.Exists($"{Folder}/target"));
    }

    [Fact]
    public async Task Files_made_of_commands_are_the_same_files()
    {
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        var files = new CommandFiles(Transport, asRoot: false);
        byte[] content = [0, 1, 255, .. "text\n"u8];

        await files.WriteAsync($"{Folder}/x/y z", content, Mode, Token);

        Assert.Equal(content, await files.ReadAsync($"{Folder}/x/y z", 100, Token));
        Assert.Equal(await Transport.StatAsync($"{Folder}/x/y z", asRoot: false, Token), await files.StatAsync($"{Folder}/x/y z", Token));
        Assert.Equal(["y z"], Directory.EnumerateFiles($"{Folder}/x").Select(Path.GetFileName));
        await files.DeleteAsync($"{Folder}/x", Token);
        Assert.Null(await files.StatAsync($"{Folder}/x/y z", Token));
        Assert.Null(await files.ReadAsync($"{Folder}/x/y z", 100, Token));
    }

    [Fact]
    public async Task What_needs_root_goes_through_sudo_without_asking_and_without_a_value_on_its_command_line()
    {
        // Stands in for sudo: notes what it was called with, and runs the rest.
        const string Sudo = """
            #!/bin/sh
            printf "%s\n" "$*" >>"$(dirname "$0")/calls"
            while [ "$1" != -- ]; do shift; done; shift; exec "$@"
            """;
        await Transport.WriteFileAsync($"{Folder}/sudo", Encoding.UTF8.GetBytes(Sudo), (UnixFileMode)0b111_101_101, asRoot: false, Token);
        await using var transport = new LocalTransport(TimeProvider.System, isRoot: false, $"{Folder}:{LocalTransport.SearchPath}");

        var result = await transport.RunAsync(
            HostCommand.Script("echo $TOKEN; cat") with { AsRoot = true, Environment = HostCommandEnvironment("TOKEN", "marker"), Stdin = "fed"u8.ToArray() }, Token);
        await transport.WriteFileAsync($"{Folder}/owned", "secret-text"u8.ToArray(), UnixFileMode.UserRead, asRoot: true, Token);
        var read = await transport.ReadFileAsync($"{Folder}/owned", 100, asRoot: true, Token);
        var facts = await transport.StatAsync($"{Folder}/owned", asRoot: true, Token);

        Assert.Equal("marker\nfed", result.Output);
        Assert.Equal("secret-text"u8.ToArray(), read);
        Assert.Equal(new FileFacts(FileKind.File, UnixFileMode.UserRead, 11), facts);
        var calls = await File.ReadAllTextAsync($"{Folder}/calls", Token);
        Assert.StartsWith("-n --preserve-env=TOKEN -- sh -c echo $TOKEN; cat sh\n", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("marker", calls, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-text", calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_facts_of_this_machine_are_read()
    {
        var access = await HostAccess.ReadAsync(Transport, Token);

        Assert.Equal(Environment.IsPrivilegedProcess, access.Rights == HostRights.Root);
        Assert.Equal(Directory.Exists("/run/systemd/system"), access.Init == InitSystem.Systemd);
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> HostCommandEnvironment(string name, string value) =>
        System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add(name, value);

    // Ended means gone, or dead and not yet collected by process 1.
    private static void AssertEnded(int pid)
    {
        Assert.NotEqual(0, pid);
        var stat = $"/proc/{pid.ToString(System.Globalization.CultureInfo.InvariantCulture)}/stat";
        var watch = Stopwatch.StartNew();
        while (File.Exists(stat) && !IsDead(stat))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), "still running");
        }
    }

    private static bool IsDead(string stat)
    {
        try
        {
            return File.ReadAllText(stat).Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
