using System.Diagnostics;
using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts;

/// <summary>
/// Real processes under a real tini, in folders of the test's own. The daemon is a few lines of perl (which every Debian has): it
/// answers HTTP on a unix socket with a status, after what the test says.
/// </summary>
public sealed class ServiceTests : IAsyncLifetime
{
    private const string Daemon = """
        use strict; use IO::Socket::UNIX;
        my ($path, $status, $manner) = @ARGV;
        $| = 1; print "hello from the daemon\n";
        if ($manner eq 'dies') { print "cannot find my config\n"; exit 3; }
        $SIG{TERM} = 'IGNORE' if $manner eq 'stubborn';
        if ($manner eq 'late') { open(my $go, '<', "$path.go"); <$go>; }
        unlink $path;
        my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => $path, Listen => 8) or die $!;
        while (1) {
          my $client = $server->accept or next;
          my $line = <$client>;
          next unless defined $line;
          print $client "HTTP/1.0 $status X\r\n\r\n$ENV{GREETING}";
          close $client;
        }
        """;

    private readonly HostWorld _world = new(HostTypes.Service);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Socket => $"{_world.Folder}/daemon.sock";

    private string PidFile => $"{_world.Folder}/run/daemon.pid";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync($"{_world.Folder}/daemon.pl", Daemon);
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "needs perl");
        if (!File.Exists("/usr/bin/tini"))
        {
            await HostFacts.NeedPackageAsync("tini", Token);
        }

        Assert.SkipWhen(Directory.Exists("/run/systemd/system") && !Environment.IsPrivilegedProcess, "needs root where systemd runs");
    }

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(PidFile))
        {
            await _world.DeleteAsync("daemon", Inputs().With("keep", false), Ours, CancellationToken.None, TimeSpan.FromSeconds(1));
        }

        await _world.DisposeAsync();
    }

    private static PropertyMap Ours => PropertyMap.Of(("startedByUs", true), ("supervisor", "direct"));

    [Fact]
    public async Task A_service_is_started_and_ready_and_a_second_look_changes_nothing()
    {
        var created = await _world.CreateAsync(Inputs(), Token);
        var found = Assert.IsType<ReadResponse.Found>(await _world.ReadAsync(created.Id, Inputs(), created.Outputs, Token));

        Assert.Equal(
            Inputs().Merge(PropertyMap.Of(
                ("supervisor", "direct"), ("running", true), ("status", "running"), ("startedByUs", true), ("pid", Pid))),
            created.Outputs);
        Assert.Equal(created.Outputs, found.Outputs);
        Assert.False(_world.Diff(created.Id, Inputs(), found.Outputs, Inputs()).HasChanges);
    }

    [Fact]
    public async Task It_shares_no_session_stream_or_parent_with_who_started_it()
    {
        await _world.CreateAsync(Inputs(), Token);

        var stat = (await File.ReadAllTextAsync($"/proc/{Pid}/stat", Token)).Split(") ")[1].Split(' ');
        var streams = Enumerable.Range(0, 3).Select(number => File.ResolveLinkTarget($"/proc/{Pid}/fd/{number}", returnFinalTarget: false)?.FullName);
        var others = Directory.EnumerateFileSystemEntries($"/proc/{Pid}/fd").Select(entry => $"{Path.GetFileName(entry)} {File.ResolveLinkTarget(entry, false)?.FullName}");

        Assert.NotEqual(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), stat[1]);
        Assert.Equal(Pid.ToString(CultureInfo.InvariantCulture), stat[3]);
        Assert.Equal(["/dev/null", $"{_world.Folder}/daemon.log", $"{_world.Folder}/daemon.log"], streams);
        Assert.Equal([], others.Skip(3));
    }

    [Fact]
    public async Task It_survives_that_its_starter_is_killed_with_its_whole_group()
    {
        // The same script as the provider's, run by a shell that is then killed as 'kill -9' of provision at a terminal would be.
        var inputs = ServiceInputs.Read(Inputs());
        using var starter = Process.Start(new ProcessStartInfo("setsid", [
            "sh", "-c", "said=$(sh -c \"$@\" 2>&1); echo \"started$said\"; read -r never", "sh", DirectSupervisor.Start, "sh", inputs.LogFile, inputs.PidFile, _world.Urn.ToString(),
            "/usr/bin/tini", "-s", "-g", "--", .. inputs.Command])
        { RedirectStandardOutput = true, RedirectStandardInput = true });
        Assert.NotNull(starter);
        Assert.Equal("started", await starter.StandardOutput.ReadLineAsync(Token));
        using var kill = Process.Start("kill", ["-KILL", "--", string.Create(CultureInfo.InvariantCulture, $"-{starter.Id}")]);
        await kill.WaitForExitAsync(Token);
        await starter.WaitForExitAsync(Token);

        var found = await _world.Provider.FindAsync(new FindRequest(_world.Urn, Inputs()), Token);
        var created = await _world.CreateAsync(Inputs(), Token);

        Assert.Equal((PropertyValue)true, found?.Outputs["startedByUs"]);
        Assert.Equal((PropertyValue)true, created.Outputs["running"]);
        Assert.Contains("daemon runs already", _world.Texts);
    }

    [Fact]
    public async Task One_that_answers_already_is_taken_as_somebody_elses_and_never_stopped()
    {
        var starter = new ProcessStartInfo("perl", [$"{_world.Folder}/daemon.pl", Socket, "200", "plain"]) { RedirectStandardOutput = true };
        using var other = Process.Start(starter) ?? throw new InvalidOperationException("no perl");
        try
        {
            await UntilListening();
            var inputs = Inputs().With("keep", false);

            var created = await _world.CreateAsync(inputs, Token);
            await _world.DeleteAsync(created.Id, inputs, created.Outputs, Token);

            Assert.Equal((PropertyValue)false, created.Outputs["startedByUs"]);
            Assert.False(other.HasExited);
            Assert.False(File.Exists(PidFile));
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync(CancellationToken.None);
        }
    }

    [Fact]
    public async Task One_that_dies_at_once_says_its_last_words_and_leaves_nothing()
    {
        var failed = await Assert.ThrowsAsync<ProviderException>(() => _world.CreateAsync(Inputs(manner: "dies"), Token));

        Assert.Equal(ProviderFailure.Refused, failed.Failure);
        Assert.Equal(Remainder.Untouched.Value, failed.Remainder);
        Assert.Equal(
            $"daemon did not start: daemon ended at once (direct).\nIts last words ({_world.Folder}/daemon.log):\nhello from the daemon\ncannot find my config",
            failed.Message);
    }

    [Fact]
    public async Task One_that_answers_wrongly_is_a_timeout_that_tells_what_was_seen_and_is_recorded_as_partial()
    {
        var inputs = Inputs(status: "503").With("readyTimeoutSeconds", 1);

        var failed = await Assert.ThrowsAsync<ProviderException>(() => _world.CreateAsync(inputs, Token));

        Assert.Equal(ProviderFailure.Timeout, failed.Failure);
        Assert.Contains($"{Socket}/_ping says: HTTP 503.", failed.Message, StringComparison.Ordinal);
        var partial = Assert.IsType<Remainder.Partial>(failed.Remainder);
        Assert.Equal(("daemon", "not ready: HTTP 503"), (partial.Id, Assert.Single(partial.Reasons)));
        Assert.Contains(_world.Texts, text => text.StartsWith($"waiting for {Socket}: ", StringComparison.Ordinal));

        var found = Assert.IsType<ReadResponse.Found>(await _world.ReadAsync("daemon", inputs, partial.Outputs, Token));
        Assert.Equal("not answering", _world.Diff("daemon", inputs, found.Outputs, inputs).Reason);
    }

    [Fact]
    public async Task One_that_is_slow_is_waited_for_by_the_next_run_and_not_started_twice()
    {
        using var mkfifo = Process.Start("mkfifo", [$"{Socket}.go"]);
        await mkfifo.WaitForExitAsync(Token);
        var inputs = Inputs(manner: "late").With("readyTimeoutSeconds", 1);
        var failed = await Assert.ThrowsAsync<ProviderException>(() => _world.CreateAsync(inputs, Token));
        var outputs = Assert.IsType<Remainder.Partial>(failed.Remainder).Outputs;
        var pid = Pid;

        var patient = inputs.With("readyTimeoutSeconds", 30);
        var update = _world.UpdateAsync("daemon", inputs, outputs, patient, Token);
        await File.WriteAllTextAsync($"{Socket}.go", "go\n", Token);

        Assert.Equal((PropertyValue)true, (await update)["running"]);
        Assert.Equal(pid, Pid);
    }

    [Fact]
    public async Task A_killed_one_reads_as_stopped_and_an_update_starts_it_again()
    {
        var created = await _world.CreateAsync(Inputs(), Token);
        using var kill = Process.Start("sh", ["-c", "kill -9 $(cat /proc/$1/task/$1/children)", "sh", Pid.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Token);
        await UntilEnded(Pid);

        var found = Assert.IsType<ReadResponse.Found>(await _world.ReadAsync(created.Id, Inputs(), created.Outputs, Token));
        var diff = _world.Diff(created.Id, Inputs(), found.Outputs, Inputs());
        var updated = await _world.UpdateAsync(created.Id, Inputs(), found.Outputs, Inputs(), Token);

        Assert.Equal((PropertyValue)false, found.Outputs["running"]);
        Assert.Equal(("stopped", ApplyClass.Live), (diff.Reason, Assert.Single(diff.Changes).Apply));
        Assert.Equal(((PropertyValue)true, (PropertyValue)true), (updated["running"], updated["startedByUs"]));
    }

    [Fact]
    public async Task A_pid_file_whose_number_is_now_another_process_is_not_believed_and_nobody_is_killed()
    {
        var created = await _world.CreateAsync(Inputs(), Token);
        var daemon = Pid;
        using var bystander = Process.Start("sleep", ["300"]);
        try
        {
            // As after the daemon ended and its number went round: same boot, same owner, another start.
            var mark = (await File.ReadAllTextAsync(PidFile, Token)).Split(' ', 2);
            await File.WriteAllTextAsync(PidFile, $"{bystander.Id} {mark[1]}", Token);
            var inputs = Inputs().With("keep", false);

            await _world.DeleteAsync(created.Id, inputs, created.Outputs, Token);

            Assert.False(bystander.HasExited);
            await File.WriteAllTextAsync(PidFile, $"{daemon} {mark[1]}", Token);
        }
        finally
        {
            bystander.Kill();
        }
    }

    [Fact]
    public async Task Stopping_ends_all_of_it_even_one_that_ignores_the_request()
    {
        var inputs = Inputs(manner: "stubborn").With("keep", false);
        var created = await _world.CreateAsync(inputs, Token);
        var pid = Pid;
        var child = int.Parse(await File.ReadAllTextAsync($"/proc/{pid}/task/{pid}/children", Token), CultureInfo.InvariantCulture);

        await _world.DeleteAsync(created.Id, inputs, created.Outputs, Token, TimeSpan.FromMilliseconds(300));

        await UntilEnded(pid);
        await UntilEnded(child);
        Assert.False(File.Exists(PidFile));
        Assert.Contains(_world.Texts, text => text.Contains("killing it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Keep_leaves_it_running()
    {
        var created = await _world.CreateAsync(Inputs(), Token);

        await _world.DeleteAsync(created.Id, Inputs(), created.Outputs, Token);

        Assert.IsType<ReadResponse.Found>(await _world.ReadAsync(created.Id, Inputs(), created.Outputs, Token));
        Assert.Contains("daemon keeps running (keep)", _world.Texts);
    }

    [Fact]
    public async Task A_changed_environment_restarts_it_and_is_on_no_command_line()
    {
        var created = await _world.CreateAsync(Inputs(), Token);
        var old = Pid;
        var wanted = Inputs().With("environment", PropertyMap.Of(("GREETING", new PropertyValue.Secret("marker-5f2"))));

        var outputs = await _world.UpdateAsync(created.Id, Inputs(), created.Outputs, wanted, Token);

        Assert.NotEqual(old, Pid);
        Assert.Equal((PropertyValue)true, outputs["running"]);
        Assert.DoesNotContain("marker-5f2", await File.ReadAllTextAsync($"/proc/{Pid}/cmdline", Token), StringComparison.Ordinal);
        Assert.Contains("marker-5f2", await File.ReadAllTextAsync($"/proc/{Pid}/environ", Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_socket_to_ask_one_that_lives_is_up()
    {
        var inputs = PropertyMap.Of(
            ("name", "daemon"), ("command", PropertyValue.ListOf(["sleep", "300"])), ("pidFile", PidFile), ("logFile", $"{_world.Folder}/daemon.log"),
            ("running", true), ("keep", true));

        var created = await _world.CreateAsync(inputs, Token);

        Assert.Equal((PropertyValue)true, created.Outputs["running"]);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_an_error_that_names_it()
    {
        var failed = await Assert.ThrowsAsync<ProviderException>(
            () => _world.CreateAsync(Inputs().With("command", PropertyValue.ListOf(["no-such-daemon"])), Token));

        Assert.Equal("daemon did not start: there is no program no-such-daemon on the host", failed.Message);
        Assert.Equal(Remainder.Untouched.Value, failed.Remainder);
    }

    private int Pid => int.Parse(File.ReadAllText(PidFile).Split(' ')[0], CultureInfo.InvariantCulture);

    private PropertyMap Inputs(string status = "200", string manner = "plain") => PropertyMap.Of(
        ("name", "daemon"),
        ("unit", "provision-test-no-such-unit"),
        ("command", PropertyValue.ListOf(["perl", $"{_world.Folder}/daemon.pl", Socket, status, manner])),
        ("environment", PropertyMap.Of(("GREETING", "hi"))),
        ("pidFile", PidFile),
        ("logFile", $"{_world.Folder}/daemon.log"),
        ("readySocket", Socket),
        ("readyHttpPath", "/_ping"),
        ("readyTimeoutSeconds", 20),
        ("running", true),
        ("keep", true));

    private async Task UntilListening()
    {
        var probe = new ReadyProbe(new LocalTransport(TimeProvider.System), TimeProvider.System);
        while (!(await probe.LookAsync(Socket, "/_ping", Token)).IsReady)
        {
            Token.ThrowIfCancellationRequested();
        }
    }

    private static async Task UntilEnded(int pid)
    {
        var watch = Stopwatch.StartNew();
        while (File.Exists($"/proc/{pid}/stat") && !await IsDead(pid))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"{pid} still runs");
        }
    }

    private static async Task<bool> IsDead(int pid)
    {
        try
        {
            return (await File.ReadAllTextAsync($"/proc/{pid}/stat", Token)).Contains(") Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
