using Provision.Engine.Diagnostics;

namespace Provision.Cli.Rendering;

/// <summary>A diagnostic as text: what is wrong, of what, the particulars, what to do.</summary>
internal static class DiagnosticView
{
    public static IEnumerable<StyledLine> Lines(Diagnostic diagnostic)
    {
        var (word, tone) = diagnostic.Severity switch
        {
            Severity.Error => ("error", Tone.Error),
            Severity.Warning => ("warning", Tone.Warning),
            Severity.Info => ("info", Tone.Info),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        yield return StyledLine.Of($"{word} {diagnostic.Code}:", tone).Add(" ").Add(diagnostic.Summary, Tone.Strong);
        if (diagnostic.Subject is { } subject)
        {
            yield return StyledLine.Of("    resource: ", Tone.Dim).Add($"{subject.Name} ({subject.Type})");
        }

        foreach (var line in SplitLines(diagnostic.Detail))
        {
            yield return StyledLine.Of("    ").Add(line);
        }

        if (diagnostic.Remedy is { } remedy)
        {
            var label = "    to do: ";
            foreach (var line in SplitLines(remedy))
            {
                yield return StyledLine.Of(label, Tone.Dim).Add(line);
                label = "           ";
            }
        }
    }

    private static IEnumerable<string> SplitLines(string text) =>
        text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0);
}
