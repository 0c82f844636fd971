using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>Resources as people name them: by URN, or by name where only one has it.</summary>
internal static class ResourceLookup
{
    /// <exception cref="CliException">None or several.</exception>
    public static Urn Find(Snapshot snapshot, string text) => Find(snapshot, text, "resource", _ => true).Urn;

    /// <exception cref="CliException">None or several.</exception>
    public static ResourceState Find(Snapshot snapshot, string text, string what, Func<ResourceState, bool> isWanted)
    {
        ImmutableArray<ResourceState> wanted = [.. snapshot.Resources.Where(state => !state.Delete && isWanted(state))];
        ImmutableArray<ResourceState> found = Urn.TryParse(text, out var urn)
            ? [.. wanted.Where(state => state.Urn == urn)]
            : [.. wanted.Where(state => state.Urn.Name == text)];
        if (found is [var only])
        {
            return only;
        }

        if (found.Length > 1)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.ResourceAmbiguous(text, [.. found.Select(state => state.Urn.ToString())]));
        }

        string[] names = [.. wanted.Select(state => state.Urn.Name).Distinct().Order(StringComparer.Ordinal)];
        throw new CliException(ExitCode.Configuration, CliDiagnostics.ResourceUnknown(text, what, names, Suggestion.For(text, names)));
    }
}
