using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Cli.Resetting;
using Provision.Cli.Workloads;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands;

/// <summary><c>provision reset</c>: machines as they were when they were made; what their disks hold is lost, but for disks marked to be kept.</summary>
internal sealed class ResetCommand : ProvisionCommand
{
    private const int Width = 4;

    private readonly WorkloadArguments _names = new("machine", WorkloadKind.Machine);
    private readonly Option<bool> _yes = new("--yes", "-y") { Description = "Do not ask" };
    private readonly Option<bool> _dropSnapshots = new("--drop-snapshots") { Description = "Also drop the machines' snapshots, which a reset else refuses to" };

    public ResetCommand(CommandRunner runner) : base(runner, "reset", "Make machines clean again: drop their disks, but not kept ones")
    {
        Add(_names);
        AddAll(_yes, _dropSnapshots);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var yes = invocation.Parse.GetValue(_yes);
        Questions.RefuseWithoutTerminal(invocation, yes);
        var workspace = Workspace.Find(invocation);
        await using var stack = await WorkloadStack.LockAsync(invocation, "reset", invocation.Parse.GetRequiredValue(_names));
        ImmutableArray<ResetPlan> plans = [.. stack.Many(WorkloadKind.Machine).Select(machine => ResetPlan.Of(stack.Snapshot, machine))];
        await using var reach = new WorkloadReach(invocation, stack.Snapshot);
        var snapshots = await SnapshotsAsync(invocation, reach, plans);
        foreach (var plan in plans)
        {
            invocation.Error.Line(StyledLine.Of(plan.Machine.Name, Tone.Strong).Add($": {plan.Describe()}")
                .Add(snapshots[plan].IsEmpty ? "" : $", drops the snapshots {string.Join(", ", snapshots[plan].Select(one => one.Name))}", Tone.Warning));
        }

        Questions.Demand(invocation, yes, plans.Length == 1 ? $"Reset '{plans[0].Machine.Name}'?" : $"Reset {plans.Length} machines?");
        return await ResetAsync(invocation, workspace, stack, reach, plans, snapshots);
    }

    private async Task<Dictionary<ResetPlan, ImmutableArray<MachineSnapshot>>> SnapshotsAsync(Invocation invocation, WorkloadReach reach, ImmutableArray<ResetPlan> plans)
    {
        var found = new Dictionary<ResetPlan, ImmutableArray<MachineSnapshot>>();
        foreach (var plan in plans)
        {
            var snapshots = await reach.Machines(plan.Machine).SnapshotsAsync(plan.Machine.Id, invocation.Token);
            found[plan] = snapshots.IsEmpty || invocation.Parse.GetValue(_dropSnapshots)
                ? snapshots
                : throw new CliException(ExitCode.Resource, CliDiagnostics.HasSnapshots(plan.Machine.Name, [.. snapshots.Select(one => one.Name)]));
        }

        return found;
    }

    private static async Task<ExitCode> ResetAsync(
        Invocation invocation,
        Workspace workspace,
        WorkloadStack stack,
        WorkloadReach reach,
        ImmutableArray<ResetPlan> plans,
        Dictionary<ResetPlan, ImmutableArray<MachineSnapshot>> snapshots)
    {
        var factory = invocation.Composition.Providers(invocation.Clock, workspace.Project.Folder).Single(one => one.Package == Workload.Domain.Package);
        var providers = new Dictionary<Urn, IResourceProvider>();
        var resets = new Dictionary<ResetPlan, MachineReset>();
        foreach (var plan in plans)
        {
            var urn = plan.Machine.State.Provider?.Urn ?? plan.Machine.State.Urn;
            if (!providers.TryGetValue(urn, out var provider))
            {
                providers[urn] = provider = factory.Open(plan.Machine.ProviderInputs(stack.Snapshot));
            }

            resets[plan] = new MachineReset(reach.Machines(plan.Machine), provider, invocation.Clock);
        }

        var open = new ConcurrentDictionary<string, LatestWord>(StringComparer.Ordinal);
        using var slots = new SemaphoreSlim(Width);
        try
        {
            var work = Task.WhenAll(plans.Select(OneAsync));
            await Heartbeat.WhileAsync(invocation, work, () => open.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, one.Value.Text)));
            ExitCode[] failures = [.. (await work).Where(code => code != ExitCode.Success)];
            return failures.Length == 0 ? ExitCode.Success : failures.Distinct().Count() == 1 ? failures[0] : ExitCode.Resource;
        }
        finally
        {
            // Whatever came between: what was made is recorded. Without a token.
            var made = resets.Values.SelectMany(reset => reset.Made).ToDictionary(state => state.Urn);
            if (made.Count > 0)
            {
                var after = stack.Snapshot with { Resources = [.. stack.Snapshot.Resources.Select(state => state.Delete ? state : made.GetValueOrDefault(state.Urn, state))] };
                await stack.Session.CommitAsync(after, StateRecord.Of(invocation, "update", $"reset {string.Join(", ", plans.Select(plan => plan.Machine.Name))}"), CancellationToken.None);
            }

            foreach (var provider in providers.Values)
            {
                await provider.DisposeAsync();
            }
        }

        async Task<ExitCode> OneAsync(ResetPlan plan)
        {
            await slots.WaitAsync(invocation.Token);
            var name = plan.Machine.Name;
            var started = invocation.Clock.GetTimestamp();
            var word = open[name] = new LatestWord();
            try
            {
                await resets[plan].RunAsync(plan, snapshots[plan], word, invocation.Token);
                var work = resets[plan].Work;
                var kept = plan.Kept.IsEmpty ? "" : $"; kept {string.Join(", ", plan.Kept)}";
                var boot = WorkloadWords.ShallRun(plan.Machine) ? $", answers {DurationText.OfStep(invocation.Clock.GetElapsedTime(started) - work)} later" : ", stays off as the stack says";
                Say(StyledLine.Of(name).Add($": clean; made {string.Join(", ", plan.Dropped.Select(volume => volume.Urn.Name))} anew{kept} ({DurationText.OfStep(work)} of work{boot})"));
                return ExitCode.Success;
            }
            catch (Exception exception) when (exception is ProviderException or CliException)
            {
                var (code, diagnostics) = ExitCodes.Of(exception, invocation.Signals.Tokens);
                Say(StyledLine.Of(name).Add(": failed", Tone.Error).Add($" while {word.Text}; `provision up` makes what is missing"), diagnostics);
                return code;
            }
            finally
            {
                open.TryRemove(name, out _);
                slots.Release();
            }
        }

        void Say(StyledLine line, params IEnumerable<Engine.Diagnostics.Diagnostic> diagnostics)
        {
            lock (open)
            {
                invocation.Out.Line(line);
                foreach (var diagnostic in diagnostics)
                {
                    invocation.Show(diagnostic);
                }
            }
        }
    }
}
