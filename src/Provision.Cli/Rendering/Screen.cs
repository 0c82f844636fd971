using Spectre.Console;

namespace Provision.Cli.Rendering;

/// <summary>One output stream for people: takes lines, knows whether they are coloured and how wide the terminal is.</summary>
internal sealed class Screen(TextWriter writer, bool color, int width, int height)
{
    private IAnsiConsole? _console;

    public int Width => width;

    public int Height => height;

    public bool HasColor => color;

    public TextWriter Writer => writer;

    /// <summary>For the live display alone.</summary>
    public IAnsiConsole Console => _console ??= SpectreLines.Console(writer, color, width, height);

    public void Line(StyledLine line)
    {
        // Without colour Spectre is not needed: `--version` and piped output start faster without loading it.
        if (color)
        {
            Console.Write(new SpectreLines([line], cut: false));
        }
        else
        {
            writer.WriteLine(line.ToString());
        }
    }

    public void Line(string text = "", Tone tone = Tone.Plain) => Line(StyledLine.Of(text, tone));

    public void Lines(IEnumerable<StyledLine> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }
    }

    /// <summary>A question: no line end, so that the answer stands beside it.</summary>
    public void Ask(string text)
    {
        writer.Write(SafeText.Of(text));
        writer.Write(' ');
        writer.Flush();
    }
}
