using System.Collections.Immutable;
using Provision.Engine.Planning;

namespace Provision.Cli.Rendering;

/// <summary>"Resources:" and the counts under it, in Pulumi's words.</summary>
internal static class CountLines
{
    public static IEnumerable<StyledLine> Of(ImmutableArray<StepCount> counts, bool isPreview, int failed = 0, int skipped = 0)
    {
        var changes = counts.Where(count => count.Op.IsCounted() && IsListed(count.Op)).ToArray();
        yield return StyledLine.Of("Resources:", Tone.Strong);
        foreach (var (op, count) in changes)
        {
            yield return StyledLine.Of("    ").Add($"{OpWords.Mark(op)} {count} {(isPreview ? "to " + op.Name() : OpWords.Done(op))}", OpWords.ToneOf(op));
        }

        if (failed > 0)
        {
            yield return StyledLine.Of("    ").Add($"!  {failed} failed", Tone.Error);
        }

        if (skipped > 0)
        {
            yield return StyledLine.Of("    ").Add($"   {skipped} skipped", Tone.Warning);
        }

        var unchanged = counts.FirstOrDefault(count => count.Op == StepOp.Same)?.Count ?? 0;
        string[] parts =
        [
            .. changes.Length > 1 ? [$"{changes.Sum(count => count.Count)} changes"] : Array.Empty<string>(),
            .. unchanged > 0 || changes.Length == 0 ? [$"{unchanged} unchanged"] : Array.Empty<string>(),
        ];
        if (parts.Length > 0)
        {
            yield return StyledLine.Of("    ").Add(string.Join(". ", parts));
        }
    }

    private static bool IsListed(StepOp op) => op is not (StepOp.Same or StepOp.Read);
}
