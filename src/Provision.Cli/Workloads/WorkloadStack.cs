using System.Collections.Immutable;
using Provision.Engine;
using Provision.Engine.State;

namespace Provision.Cli.Workloads;

/// <summary>A stack's state, opened by what was asked for in it.</summary>
internal sealed class WorkloadStack : IAsyncDisposable
{
    private readonly ImmutableArray<WorkloadSelector> _selectors;

    private WorkloadStack(string name, StackSession session, ImmutableArray<WorkloadSelector> selectors) => (Name, Session, _selectors) = (name, session, selectors);

    public string Name { get; }

    public StackSession Session { get; }

    public Snapshot Snapshot => Session.Snapshot;

    /// <summary>Opens it only to read: whoever reaches a machine holds nobody up.</summary>
    public static Task<WorkloadStack> ReadAsync(Invocation invocation, string operation, params IEnumerable<string> selectors) =>
        OpenAsync(invocation, operation, write: false, selectors);

    /// <summary>Opens it with its lock.</summary>
    public static Task<WorkloadStack> LockAsync(Invocation invocation, string operation, params IEnumerable<string> selectors) =>
        OpenAsync(invocation, operation, write: true, selectors);

    public Workload One(WorkloadKind? kind) => WorkloadLookup.One(Snapshot, _selectors[0], kind);

    public ImmutableArray<Workload> Many(WorkloadKind? kind) => WorkloadLookup.Many(Snapshot, _selectors, kind);

    public ValueTask DisposeAsync() => Session.DisposeAsync();

    private static async Task<WorkloadStack> OpenAsync(Invocation invocation, string operation, bool write, IEnumerable<string> texts)
    {
        ImmutableArray<WorkloadSelector> selectors = [.. texts.Select(WorkloadSelector.Parse)];
        var workspace = Workspace.Find(invocation);
        var stack = await WorkloadLookup.ChooseStackAsync(workspace, selectors, invocation.Token);
        return new WorkloadStack(stack, await workspace.OpenAsync(stack, operation, write, invocation.Token, create: !write), selectors);
    }
}
