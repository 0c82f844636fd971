using System.Collections.Immutable;
using Provision.Engine.State;

namespace Provision.Cli.Workloads;

/// <summary>Finds machines and containers in a stack's state.</summary>
internal static class WorkloadLookup
{
    /// <summary>The stack that the selectors name, or the one that is meant where they name none.</summary>
    /// <exception cref="CliException">They name several, or one that does not exist.</exception>
    public static Task<string> ChooseStackAsync(Workspace workspace, IEnumerable<WorkloadSelector> selectors, CancellationToken cancellationToken)
    {
        string[] stacks = [.. selectors.Select(selector => selector.Stack).OfType<string>().Distinct(StringComparer.Ordinal)];
        return stacks.Length > 1
            ? throw new CliException(ExitCode.Configuration, CliDiagnostics.StacksMixed(stacks))
            : workspace.ChooseAsync(stacks.FirstOrDefault(), cancellationToken);
    }

    /// <summary>The one workload that a selector names.</summary>
    /// <param name="snapshot">The stack's state.</param>
    /// <param name="selector">What was asked for; a pattern may fit one only.</param>
    /// <param name="kind">The kind that is wanted; null for both.</param>
    /// <exception cref="CliException">None or several.</exception>
    public static Workload One(Snapshot snapshot, WorkloadSelector selector, WorkloadKind? kind)
    {
        Workload[] known = [.. Workload.All(snapshot).Where(workload => kind is null || workload.Kind == kind)];
        Workload[] found = [.. known.Where(selector.Matches)];
        return found switch
        {
            [var only] => only,
            [] => throw Unknown(snapshot, selector, kind, known),
            _ => throw new CliException(ExitCode.Configuration, Ambiguous(selector, found)),
        };
    }

    /// <summary>All workloads that the selectors name, each once, in the order of their names.</summary>
    /// <exception cref="CliException">One of the selectors fits nothing, or a plain name fits several.</exception>
    public static ImmutableArray<Workload> Many(Snapshot snapshot, IEnumerable<WorkloadSelector> selectors, WorkloadKind? kind)
    {
        Workload[] known = [.. Workload.All(snapshot).Where(workload => kind is null || workload.Kind == kind)];
        var chosen = new HashSet<Workload>();
        foreach (var selector in selectors)
        {
            if (selector.IsGlob)
            {
                Workload[] found = [.. known.Where(selector.Matches)];
                chosen.UnionWith(found.Length > 0 ? found : throw Unknown(snapshot, selector, kind, known));
            }
            else
            {
                chosen.Add(One(snapshot, selector, kind));
            }
        }

        return [.. chosen.OrderBy(workload => workload.Name, StringComparer.Ordinal).ThenBy(workload => workload.Kind)];
    }

    private static CliException Unknown(Snapshot snapshot, WorkloadSelector selector, WorkloadKind? kind, Workload[] known)
    {
        if (kind is { } wanted && Workload.All(snapshot).FirstOrDefault(selector.Matches) is { } other)
        {
            return new CliException(ExitCode.Configuration, CliDiagnostics.WrongKind(other.Name, Workload.Word(other.Kind), Workload.Word(wanted)));
        }

        string[] names = [.. known.Select(workload => workload.Name).Distinct().Order(StringComparer.Ordinal)];
        var what = kind is { } one ? Workload.Word(one) : "machine or container";
        return new CliException(ExitCode.Configuration, CliDiagnostics.ResourceUnknown(selector.Pattern, what, names, Suggestion.For(selector.Pattern, names)));
    }

    private static Engine.Diagnostics.Diagnostic Ambiguous(WorkloadSelector selector, Workload[] found)
    {
        string[] names = [.. found.OrderBy(workload => workload.Kind).Select(workload => workload.FullName).Distinct()];
        return names.Length == found.Length
            ? CliDiagnostics.WorkloadAmbiguous(selector.Text, names)
            : CliDiagnostics.ResourceAmbiguous(selector.Text, [.. found.Select(workload => workload.State.Urn.ToString())]);
    }
}
