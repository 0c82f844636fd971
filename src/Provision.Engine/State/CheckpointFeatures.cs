using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>
/// The features that make a checkpoint format version 4. Accepted are those whose data survives our reading and writing and that change
/// nothing about what our steps do to the resources that carry them.
/// </summary>
internal static class CheckpointFeatures
{
    private static readonly ImmutableArray<string> Accepted = ["hooks", "refreshBeforeUpdate", "replaceWith", "snippets-prototype", "taint"];

    public static bool IsAccepted(string feature) => Accepted.Contains(feature);

    /// <summary>What a file of this snapshot has to name: what it named before as far as still used, then what has come.</summary>
    public static ImmutableArray<string> Needed(ImmutableArray<string> before, Snapshot snapshot)
    {
        var used = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var state in snapshot.Resources.Concat(snapshot.PendingOperations.Select(pending => pending.Resource)))
        {
            if (!state.ReplaceWith.IsEmpty)
                used.Add("replaceWith");
            if (state.UnknownMembers.IsEmpty)
                continue;
            if (Has(state.UnknownMembers, "taint"))
                used.Add("taint");
            if (Has(state.UnknownMembers, "refreshBeforeUpdate"))
                used.Add("refreshBeforeUpdate");
            if (Has(state.UnknownMembers, "resourceHooks"))
                used.Add("hooks");
        }

        if (Has(snapshot.UnknownMembers, "snippets"))
            used.Add("snippets-prototype");

        return [.. before.Where(used.Contains), .. used.Where(feature => !before.Contains(feature))];
    }

    private static bool Has(ImmutableSortedDictionary<string, JsonElement> members, string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False);
}
