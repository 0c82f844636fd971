using System.Diagnostics;
using System.Text;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>The real program on a terminal, as a person has it before them: what is typed goes through the terminal, and what it shows is read.</summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Process _terminal;
    private readonly string _folder;
    private readonly StringBuilder _shown = new();
    private readonly Task _reading;

    private TerminalSession(Process terminal, string folder)
    {
        (_terminal, _folder) = (terminal, folder);
        _reading = ReadAsync();
    }

    /// <summary>All that the terminal has shown.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
            {
                return _shown.ToString();
            }
        }
    }

    /// <summary>The program's id where it runs.</summary>
    public string Id => Noted("id");

    public static TerminalSession Start(TestWorkspace workspace, params string[] arguments)
    {
        var folder = Directory.CreateDirectory(Path.Combine(workspace.Folder, $"terminal-{Guid.NewGuid():N}")).FullName;

        // Notes which terminal it is and how it is set before and after, and which process the program is.
        File.WriteAllText(Path.Combine(folder, "session"), $"""
            tty >{Quote(folder)}/tty
            stty -g >{Quote(folder)}/before
            {string.Join(' ', workspace.Enter.Select(Quote))} sh -c 'echo $$ >"$0/id"; exec "$@"' {Quote(folder)} {string.Join(' ', ProvisionProcess.CommandLine.Concat(arguments).Select(Quote))}
            code=$?
            stty -g >{Quote(folder)}/after
            echo "ended with $code"

            """);
        var start = new ProcessStartInfo("env", ["--default-signal=INT,TERM,HUP", "script", "-qfec", $"sh {Quote(Path.Combine(folder, "session"))}", "/dev/null"])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        workspace.FillEnvironment(start.Environment);
        start.Environment["TERM"] = "xterm";
        return new TerminalSession(Process.Start(start) ?? throw new InvalidOperationException("script did not start."), folder);
    }

    public async Task TypeAsync(string keys)
    {
        await _terminal.StandardInput.WriteAsync(keys);
        await _terminal.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    public Task ShowsAsync(string text) =>
        LabNamespaces.UntilAsync(() => Task.FromResult(Shown.Contains(text, StringComparison.Ordinal)), Limit, () => $"The terminal does not show '{text}':\n{Shown}");

    /// <summary>Waits until keys go to the program one by one, none of them shown or made a signal by the terminal.</summary>
    public Task IsRawAsync()
    {
        var modes = "";
        return LabNamespaces.UntilAsync(
            async () => File.Exists(Path.Combine(_folder, "id")) && HasAll(
                modes = (await LabProcess.RunAsync("stty", ["-a", "-F", Noted("tty")], TestContext.Current.CancellationToken)).Succeeded(), "-icanon", "-isig", "-echo", "-icrnl", "-opost"),
            Limit, () => $"The terminal is not raw:\n{modes}\n{Shown}");
    }

    /// <summary>Waits for the end, and fails where the terminal is not set as it was.</summary>
    public async Task<string> EndAsync()
    {
        await _terminal.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        Assert.Equal(Noted("before"), Noted("after"));
        return Shown;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_terminal.HasExited)
        {
            _terminal.Kill(entireProcessTree: true);
            await _terminal.WaitForExitAsync();
        }

        await _reading;
        _terminal.Dispose();
    }

    private static bool HasAll(string modes, params string[] wanted) => !wanted.Except(modes.Split([' ', '\n', ';'])).Any();

    private static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private string Noted(string what) => File.ReadAllText(Path.Combine(_folder, what)).Trim();

    private async Task ReadAsync()
    {
        var buffer = new char[1024];
        while (await _terminal.StandardOutput.ReadAsync(buffer) is > 0 and var count)
        {
            lock (_shown)
            {
                _shown.Append(buffer, 0, count);
            }
        }
    }
}
