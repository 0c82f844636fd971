using System.Collections.Immutable;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;
namespace Provision.Engine.State;

/// <summary>Decides whether an exported deployment may become a stack's state, and as what.</summary>
internal static class StackImport
{
    /// <summary>The snapshot to commit, and everything a person should know; an error means it must not be.</summary>
    public static (Snapshot Snapshot, ImmutableArray<Diagnostic> Diagnostics) Prepare(Checkpoint imported, StackName stack, bool force)
    {
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var stranger = imported.Snapshot.Resources.FirstOrDefault(state =>
            state.Urn != Urn.None && (state.Urn.Stack != stack.Name || state.Urn.Project != stack.Project));
        if (stranger is not null)
            diagnostics.Add(StateDiagnostics.ImportOfAnotherStack(stranger.Urn, stack, force));

        diagnostics.AddRange(SnapshotChecks.Run(imported.Snapshot));
        var pending = imported.Snapshot.PendingOperations.Length;
        if (pending > 0)
            diagnostics.Add(StateDiagnostics.ImportDropsPending(pending));

        return (imported.Snapshot with { PendingOperations = [] }, diagnostics.ToImmutable());
    }
}
