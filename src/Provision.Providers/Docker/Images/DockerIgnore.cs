using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Provision.Providers.Docker.Images;

/// <summary>
/// The patterns of a <c>.dockerignore</c> file. The last line that matches a path, or a folder above it, decides.
/// </summary>
internal sealed class DockerIgnore
{
    public const string FileName = ".dockerignore";

    public static readonly DockerIgnore Empty = new([]);

    private readonly ImmutableArray<Line> _lines;
    private readonly bool _hasExceptions;

    private DockerIgnore(ImmutableArray<Line> lines) =>
        (_lines, _hasExceptions) = (lines, lines.Any(line => line.Exception));

    private sealed record Line(bool Exception, string Literal, Regex Matches);

    /// <exception cref="FormatException">A pattern is malformed; the message names its line.</exception>
    public static DockerIgnore Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = ImmutableArray.CreateBuilder<Line>();
        var number = 0;
        foreach (var raw in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (Read(raw, number) is { } line)
            {
                lines.Add(line);
            }
        }

        return new DockerIgnore(lines.ToImmutable());
    }

    /// <summary>Whether the file or folder stays out of the context.</summary>
    /// <param name="path">Relative to the context, with slashes.</param>
    public bool Ignores(string path)
    {
        var ignored = false;
        foreach (var line in _lines)
        {
            // A line that cannot change the verdict so far need not be matched.
            if (line.Exception == ignored && line.Matches.IsMatch(path))
            {
                ignored = !line.Exception;
            }
        }

        return ignored;
    }

    /// <summary>Whether an ignored folder must still be looked through, because an exception may bring back something in it.</summary>
    public bool MayKeepBelow(string folder)
    {
        if (!_hasExceptions)
        {
            return false;
        }

        var below = folder + "/";
        return _lines.Any(line => line.Exception
            && (line.Literal.StartsWith(below, StringComparison.Ordinal) || below.StartsWith(line.Literal, StringComparison.Ordinal)));
    }

    private static Line? Read(string raw, int number)
    {
        // Comments start in the first column; elsewhere a # belongs to the name.
        var pattern = raw.StartsWith('#') ? "" : raw.Trim();
        if (pattern.Length == 0)
        {
            return null;
        }

        var exception = pattern[0] == '!';
        if (exception)
        {
            pattern = pattern[1..].Trim();
            if (pattern.Length == 0)
            {
                throw new FormatException($"line {number} of {FileName} is a '!' without a pattern.");
            }
        }

        pattern = Clean(pattern);
        if (pattern is "." or "/")
        {
            return null;
        }

        try
        {
            return new Line(exception, LiteralStart(pattern), Compile(pattern));
        }
        catch (Exception malformed) when (malformed is FormatException or RegexParseException)
        {
            throw new FormatException($"line {number} of {FileName}, '{raw.Trim()}', is not a valid pattern: a '[' is not closed or its range is the wrong way round.");
        }
    }

    /// <summary>The shortest spelling: no empty, dot or parent parts, and relative to the context.</summary>
    private static string Clean(string pattern)
    {
        var parts = new List<string>();
        foreach (var part in pattern.Split('/'))
        {
            if (part == ".." && parts.Count > 0 && parts[^1] != "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part is not ("" or ".") && !(part == ".." && pattern.StartsWith('/')))
            {
                parts.Add(part);
            }
        }

        return parts.Count == 0 ? "." : string.Join('/', parts);
    }

    /// <summary>What every match starts with: the text before the first wildcard.</summary>
    private static string LiteralStart(string pattern)
    {
        var wildcard = pattern.AsSpan().IndexOfAny("*?[\\");
        return wildcard < 0 ? pattern : pattern[..wildcard];
    }

    /// <summary>A match of a folder is a match of all that is in it, hence the tail.</summary>
    private static Regex Compile(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*' when at + 1 < pattern.Length && pattern[at + 1] == '*':
                    at += at + 2 < pattern.Length && pattern[at + 2] == '/' ? 2 : 1;
                    regex.Append(at + 1 >= pattern.Length ? ".*" : "(.*/)?");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '[':
                    AppendClass(regex, pattern, ref at);
                    break;
                case '\\' when at + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++at].ToString()));
                    break;
                default:
                    regex.Append(Regex.Escape(pattern[at].ToString()));
                    break;
            }
        }

        // Not backtracking: a pattern comes from a file that somebody else may have written.
        return new Regex(regex.Append(@"(/.*)?\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
    }

    private static void AppendClass(StringBuilder regex, string pattern, ref int at)
    {
        regex.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            regex.Append('^');
            at++;
        }

        for (var first = at; at < pattern.Length; at++)
        {
            if (pattern[at] == ']' && at > first)
            {
                regex.Append(']');
                return;
            }

            if (pattern[at] == '-' && at > first)
            {
                regex.Append('-');
                continue;
            }

            if (pattern[at] == '\\' && at + 1 < pattern.Length)
            {
                at++;
            }

            // A class of a regular expression has signs of its own that a pattern's has not.
            regex.Append(pattern[at] is '\\' or '[' or ']' or '^' or '-' ? @"\" : "").Append(pattern[at]);
        }

        throw new FormatException();
    }
}
