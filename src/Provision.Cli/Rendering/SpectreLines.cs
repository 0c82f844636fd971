using Spectre.Console;
using Spectre.Console.Rendering;

namespace Provision.Cli.Rendering;

/// <summary>Our lines as Spectre draws them: never wrapped, and cut at the terminal's edge where asked for.</summary>
internal sealed class SpectreLines(IReadOnlyList<StyledLine> lines, bool cut) : IRenderable
{
    public Measurement Measure(RenderOptions options, int maxWidth) => new(0, maxWidth);

    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (var line in lines)
        {
            var segments = line.Spans.Select(span => new Segment(span.Text, StyleOf(span.Tone)));
            foreach (var segment in cut ? Segment.Truncate(segments, maxWidth) : segments)
            {
                yield return segment;
            }

            yield return Segment.LineBreak;
        }
    }

    public static IAnsiConsole Console(TextWriter writer, bool color, int width, int height)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
        });
        console.Profile.Width = Math.Max(1, width);
        console.Profile.Height = Math.Max(1, height);
        return console;
    }

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Plain => Style.Plain,
        Tone.Strong => new Style(decoration: Decoration.Bold),
        Tone.Dim => new Style(decoration: Decoration.Dim),
        Tone.Headline => new Style(Color.Fuchsia, decoration: Decoration.Bold),
        Tone.Prompt => new Style(Color.Teal, decoration: Decoration.Bold),
        Tone.Create => new Style(Color.Green),
        Tone.Update => new Style(Color.Olive),
        Tone.Replace => new Style(Color.Purple),
        Tone.Delete => new Style(Color.Maroon),
        Tone.Info => new Style(Color.Blue),
        Tone.Warning => new Style(Color.Olive),
        Tone.Error => new Style(Color.Red),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
