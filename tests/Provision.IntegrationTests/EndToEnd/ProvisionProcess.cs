using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>What the program wrote and how it ended.</summary>
internal sealed record Ended(int ExitCode, string Out, string Error)
{
    public string All => Out + Error;

    /// <summary>Fails with everything it wrote where it ended otherwise.</summary>
    public Ended With(int exitCode)
    {
        Assert.True(ExitCode == exitCode, string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}, not {exitCode}:\n{All}"));
        return this;
    }

    /// <summary>Fails unless it ended with that code and told exactly one error, of that code.</summary>
    public Ended WithOneError(int exitCode, string code)
    {
        With(exitCode);
        var errors = All.Split('\n').Where(line => line.StartsWith("error ", StringComparison.Ordinal)).ToArray();
        Assert.True(errors is [var only] && only.StartsWith($"error {code}:", StringComparison.Ordinal), All);
        return this;
    }
}

/// <summary>The real program in a process of its own: as it was published into <c>PROVISION_PUBLISHED</c>, else as the build made it.</summary>
internal sealed class ProvisionProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly bool _enters;
    private readonly StringBuilder _error = new();
    private readonly List<(string Text, TaskCompletionSource Said)> _waiting = [];
    private readonly Task<string> _out;
    private readonly Task _reading;

    private ProvisionProcess(Process process, bool enters, string input)
    {
        (_process, _enters) = (process, enters);
        _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _out = process.StandardOutput.ReadToEndAsync();
        _reading = ReadErrorAsync();
    }

    /// <summary>The runtime that runs the tests, and the program.</summary>
    public static string[] CommandLine { get; } =
    [
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")),
        Path.Combine(Environment.GetEnvironmentVariable("PROVISION_PUBLISHED") ?? AppContext.BaseDirectory, "provision.dll"),
    ];

    /// <summary>Its id as seen from here. What enters another process namespace runs the program as its child.</summary>
    public int Id
    {
        get
        {
            while (_enters && !_process.HasExited)
            {
                var children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{_process.Id}/task/{_process.Id}/children"));
                if (children.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var child, ..])
                {
                    return int.Parse(child, CultureInfo.InvariantCulture);
                }

                Thread.Yield();
            }

            return _process.Id;
        }
    }

    public bool HasExited => _process.HasExited;

    public static ProvisionProcess Start(TestWorkspace workspace, params string[] arguments) => Start(workspace, workspace.Enter, arguments);

    /// <param name="workspace">Where it runs.</param>
    /// <param name="before">What it is run by, such as <c>unshare -m</c>.</param>
    /// <param name="arguments">Its own.</param>
    /// <param name="input">What it reads.</param>
    public static ProvisionProcess Start(TestWorkspace workspace, string[] before, string[] arguments, string input = "")
    {
        // Whoever runs the tests may have it ignore signals (a shell does so in the background), and that would be inherited.
        string[] command = ["env", "--default-signal=INT,TERM,HUP", .. before, .. CommandLine, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = workspace.Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        workspace.FillEnvironment(start.Environment);
        return new ProvisionProcess(Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start."), before is ["nsenter", ..], input);
    }

    public static async Task<Ended> RunAsync(TestWorkspace workspace, params string[] arguments)
    {
        await using var process = Start(workspace, arguments);
        return await process.EndAsync();
    }

    /// <summary>Runs it with something to read.</summary>
    public static async Task<Ended> RunWithInputAsync(TestWorkspace workspace, string input, params string[] arguments)
    {
        await using var process = Start(workspace, workspace.Enter, arguments, input);
        return await process.EndAsync();
    }

    public async Task<Ended> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _reading;
        return new Ended(_process.ExitCode, await _out, ErrorSoFar());
    }

    /// <summary>Waits until it has written a text to stderr; fails with what it wrote instead when it ends before.</summary>
    public async Task SaysAsync(string text)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_error)
        {
            _waiting.Add((text, said));
        }

        Tell();
        if (await Task.WhenAny(said.Task, _reading).WaitAsync(TestContext.Current.CancellationToken) != said.Task && !said.Task.IsCompleted)
        {
            Assert.Fail($"It ended without saying '{text}':\n{ErrorSoFar()}{await _out}");
        }
    }

    /// <summary>Kills it as a power cut would: nothing of its own runs any more.</summary>
    public void Kill()
    {
        try
        {
            using var program = Process.GetProcessById(Id);
            program.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended by itself.
        }
    }

    public async Task SignalAsync(string signal) =>
        (await LabProcess.RunAsync("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)], TestContext.Current.CancellationToken)).Succeeded();

    public string ErrorSoFar()
    {
        lock (_error)
        {
            return _error.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadErrorAsync()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
        {
            lock (_error)
            {
                _error.Append(line).Append('\n');
            }

            Tell();
        }
    }

    private void Tell()
    {
        lock (_error)
        {
            var text = _error.ToString();
            foreach (var (_, said) in _waiting.Where(wait => text.Contains(wait.Text, StringComparison.Ordinal)))
            {
                said.TrySetResult();
            }
        }
    }
}
