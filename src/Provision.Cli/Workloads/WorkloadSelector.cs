using System.IO.Enumeration;
using Provision.Engine.Resources;

namespace Provision.Cli.Workloads;

/// <summary>Machines and containers as people name them: <c>[stack/][machine:|container:]name</c>, the name perhaps with <c>*</c> and <c>?</c>, or a URN.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Stack">The stack it names; null for the one that is meant anyway.</param>
/// <param name="Kind">The kind it names; null for both.</param>
/// <param name="Pattern">The name, pattern or URN.</param>
internal sealed record WorkloadSelector(string Text, string? Stack, WorkloadKind? Kind, string Pattern)
{
    public bool IsGlob => !Pattern.StartsWith("urn:", StringComparison.Ordinal) && Pattern.AsSpan().ContainsAny('*', '?');

    public static WorkloadSelector Parse(string text)
    {
        if (Urn.TryParse(text, out var urn))
        {
            return new WorkloadSelector(text, urn.Stack, null, text);
        }

        var (stack, rest) = text.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? (text[..slash], text[(slash + 1)..]) : (null, text);
        foreach (var kind in Enum.GetValues<WorkloadKind>())
        {
            if (rest.StartsWith($"{Workload.Word(kind)}:", StringComparison.Ordinal))
            {
                return new WorkloadSelector(text, stack, kind, rest[(Workload.Word(kind).Length + 1)..]);
            }
        }

        return new WorkloadSelector(text, stack, null, rest);
    }

    public bool Matches(Workload workload) =>
        (Kind is null || Kind == workload.Kind)
        && (IsGlob
            ? FileSystemName.MatchesSimpleExpression(Pattern, workload.Name, ignoreCase: false)
            : Pattern == workload.Name || Pattern == workload.State.Urn.Name || Pattern == workload.State.Urn.ToString());
}
