using Provision.Engine;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>What came of an operation that acted: problems, outputs, counts, duration, and what to do next.</summary>
internal static class SummaryView
{
    public static IEnumerable<StyledLine> Lines(DeploymentResult result, TimeSpan duration, IReadOnlyList<string> nextCommands)
    {
        StyledLine[][] sections =
        [
            [.. DiagnosticLines(result)],
            [.. OutcomeLines(result)],
            [.. KeptLines(result.Plan)],
            result.Plan.Operation == Operation.Destroy ? [] : [.. OutputLines(result.Outputs)],
            [.. CountLines.Of(result.Counts, isPreview: false, result.Failed.Length, result.Skipped.Length)],
            [StyledLine.Of("Duration: ", Tone.Strong).Add(DurationText.Whole(duration))],
            [.. NextLines(nextCommands)],
        ];
        var first = true;
        foreach (var section in sections.Where(section => section.Length > 0))
        {
            if (!first)
            {
                yield return StyledLine.Empty;
            }

            first = false;
            foreach (var line in section)
            {
                yield return line;
            }
        }
    }

    /// <summary>Outputs by name; secrets as <c>[secret]</c>.</summary>
    public static IEnumerable<StyledLine> OutputLines(PropertyMap outputs)
    {
        if (outputs.Count == 0)
        {
            yield break;
        }

        yield return StyledLine.Of("Outputs:", Tone.Strong);
        var width = outputs.Keys.Max(key => key.Length);
        foreach (var (key, value) in outputs)
        {
            var lines = ValueText.Lines(value);
            var head = StyledLine.Of("    ").Add(key).PadTo(4 + width).Add(": ");
            if (lines.Count == 1)
            {
                yield return head.Add(value is PropertyValue.String text ? text.Value : lines[0]);
                continue;
            }

            yield return head;
            foreach (var line in lines)
            {
                yield return StyledLine.Of("        ").Add(line);
            }
        }
    }

    private static IEnumerable<StyledLine> DiagnosticLines(DeploymentResult result)
    {
        var shown = result.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info).ToArray();
        return shown.Length == 0 ? [] : [StyledLine.Of("Diagnostics:", Tone.Strong), .. shown.SelectMany(DiagnosticView.Lines)];
    }

    private static IEnumerable<StyledLine> OutcomeLines(DeploymentResult result)
    {
        if (result.Outcome == OperationOutcome.Cancelled)
        {
            yield return StyledLine.Of("Stopped before the end: what was done is recorded; the same command goes on from here.", Tone.Warning);
        }
        else if (result.Outcome == OperationOutcome.Failed && !result.Failed.IsEmpty)
        {
            yield return StyledLine.Of("Not everything was done: what was is recorded; the same command goes on from here.", Tone.Error);
        }
    }

    /// <summary>What a destroy leaves in the world on purpose.</summary>
    private static IEnumerable<StyledLine> KeptLines(Plan plan)
    {
        var kept = plan.Steps
            .Where(step => step.Op == StepOp.Discard && step.Retained && step.Old is { RetainOnDelete: true } && !step.Urn.Type.IsProvider)
            .Select(step => $"{step.Urn.Name} ({Words(step.Urn.Type)})")
            .Distinct()
            .ToArray();
        return kept.Length == 0 ? [] : [StyledLine.Of("kept: ", Tone.Info).Add(string.Join(", ", kept))];
    }

    private static string Words(ResourceType type) => type.Name.ToLowerInvariant();

    private static IEnumerable<StyledLine> NextLines(IReadOnlyList<string> commands) =>
        commands.Count == 0 ? [] : [StyledLine.Of("Next:", Tone.Strong), .. commands.Select(command => StyledLine.Of("    ").Add(command))];
}
