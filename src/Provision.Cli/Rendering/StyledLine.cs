using System.Collections.Immutable;

namespace Provision.Cli.Rendering;

/// <summary>A piece of text and what it means.</summary>
internal readonly record struct StyledSpan(string Text, Tone Tone);

/// <summary>
/// One line for a person. Views make these and nothing else, so that text is made safe in one place and tests compare plain text.
/// </summary>
internal sealed class StyledLine
{
    public static readonly StyledLine Empty = new([]);

    private StyledLine(ImmutableArray<StyledSpan> spans) => Spans = spans;

    public ImmutableArray<StyledSpan> Spans { get; }

    public static StyledLine Of(string text, Tone tone = Tone.Plain) => Empty.Add(text, tone);

    /// <summary>The line with more text behind it, made safe (<see cref="SafeText"/>).</summary>
    public StyledLine Add(string text, Tone tone = Tone.Plain) =>
        text.Length == 0 ? this : new StyledLine(Spans.Add(new StyledSpan(SafeText.Of(text), tone)));

    /// <summary>The line with another behind it.</summary>
    public StyledLine Join(StyledLine line) => new(Spans.AddRange(line.Spans));

    /// <summary>The line filled up with blanks to a width, so that columns align.</summary>
    public StyledLine PadTo(int width)
    {
        var length = Spans.Sum(span => span.Text.Length);
        return length >= width ? this : Add(new string(' ', width - length));
    }

    public override string ToString() => string.Concat(Spans.Select(span => span.Text)).TrimEnd();
}
