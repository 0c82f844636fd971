using System.Collections.Concurrent;
using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Cli.Workloads;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Commands.Power;

/// <summary>
/// What start, stop and restart have in common: look at all of it, act on several at once, and say of each what was done. The state is
/// not touched: what a stack says is what <c>up</c> makes.
/// </summary>
internal abstract class PowerCommand : ProvisionCommand
{
    /// <summary>As many as a small machine can boot side by side.</summary>
    private const int Width = 4;

    private readonly WorkloadArguments _names = new("name", kind: null);

    private protected PowerCommand(CommandRunner runner, string name, string description) : base(runner, name, description) => Add(_names);

    private protected Option<TimeSpan?> Timeout { get; } = new("--timeout")
    {
        Description = "How long to wait for a shutdown before the power is taken away (default: what the stack says, else 30s)",
        HelpName = "duration",
        CustomParser = result => OperationOptions.ParseDuration(result),
    };

    private protected Option<bool> Force { get; } = new("--force") { Description = "Take the power away at once" };

    private protected abstract Task<string> ActAsync(WorkloadPower power, Workload workload, WorkloadLook look, IStepProgress progress, CancellationToken cancellationToken);

    /// <summary>Whether it runs once the command has done its work.</summary>
    private protected abstract bool LeavesRunning { get; }

    public sealed override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        await using var stack = await WorkloadStack.ReadAsync(invocation, Name, invocation.Parse.GetRequiredValue(_names));
        var workloads = stack.Many(kind: null);
        await using var reach = new WorkloadReach(invocation, stack.Snapshot);
        var (looks, silent) = await StackLook.ReadAsync(invocation, reach, workloads);
        foreach (var diagnostic in silent)
        {
            invocation.Show(diagnostic);
        }

        var limit = Options.Contains(Timeout) ? invocation.Parse.GetValue(Timeout) : null;
        var power = new WorkloadPower(reach, limit, Options.Contains(Force) && invocation.Parse.GetValue(Force));
        var open = new ConcurrentDictionary<Workload, LatestWord>();
        using var slots = new SemaphoreSlim(Width);
        var width = workloads.Max(workload => workload.Name.Length);
        var work = Task.WhenAll(workloads.Select(OneAsync));
        await Heartbeat.WhileAsync(invocation, work, () => open.OrderBy(one => one.Key.Name, StringComparer.Ordinal).Select(one => (one.Key.Name, one.Value.Text)));
        ExitCode[] failures = [.. (await work).Where(code => code != ExitCode.Success)];
        Remind(invocation, stack.Name, workloads);
        if (failures.Length == 0)
        {
            return ExitCode.Success;
        }

        if (workloads.Length > 1)
        {
            invocation.Show(CliDiagnostics.ItemsFailed(failures.Length, workloads.Length));
        }

        return failures.Distinct().Count() == 1 ? failures[0] : ExitCode.Resource;

        async Task<ExitCode> OneAsync(Workload workload)
        {
            await slots.WaitAsync(invocation.Token);
            var started = invocation.Clock.GetTimestamp();
            var word = open[workload] = new LatestWord();
            try
            {
                var done = await ActAsync(power, workload, looks[workload], word, invocation.Token);
                Say(workload, started, done, Tone.Plain);
                return ExitCode.Success;
            }
            catch (Exception exception) when (exception is ProviderException or CliException)
            {
                var (code, diagnostics) = ExitCodes.Of(exception, invocation.Signals.Tokens);
                Say(workload, started, "failed", Tone.Error, diagnostics);
                return code;
            }
            finally
            {
                open.TryRemove(workload, out _);
                slots.Release();
            }
        }

        // Several end at once, and their lines must not run into each other.
        void Say(Workload workload, long started, string done, Tone tone, params IEnumerable<Diagnostic> diagnostics)
        {
            lock (open)
            {
                invocation.Out.Line(StyledLine.Of(workload.Name).PadTo(width + 2)
                    .Add(Workload.Word(workload.Kind), Tone.Dim).PadTo(width + 13)
                    .Add(done, tone)
                    .Add($" ({DurationText.OfStep(invocation.Clock.GetElapsedTime(started))})", Tone.Dim));
                foreach (var diagnostic in diagnostics)
                {
                    invocation.Show(diagnostic);
                }
            }
        }
    }

    /// <summary>Where the stack says otherwise, the next <c>up</c> undoes it.</summary>
    private void Remind(Invocation invocation, string stack, IEnumerable<Workload> workloads)
    {
        string[] others = [.. workloads.Where(workload => WorkloadWords.ShallRun(workload) != LeavesRunning).Select(workload => workload.Name)];
        if (others.Length > 0)
        {
            var names = string.Join(", ", others.Take(5)) + (others.Length > 5 ? $" and {others.Length - 5} more" : "");
            invocation.Error.Line($"The stack says that {names} shall {(LeavesRunning ? "be off" : "run")}: the next `provision up {stack}` {(LeavesRunning ? "stops" : "starts")} {(others.Length == 1 ? "it" : "them")}.");
        }
    }
}
