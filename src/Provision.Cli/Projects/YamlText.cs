using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Provision.Cli.Projects;

/// <summary>Reads a YAML (or JSON) file into nodes with their places. Refuses what no settings file needs and what would eat the machine.</summary>
internal static class YamlText
{
    public const int MaximumBytes = 1 << 20;

    private const int MaximumDepth = 64;
    private const long MaximumSize = 100_000;

    /// <summary>The text of a file, refused where it is too big to be a settings file.</summary>
    public static string ReadFile(string path, string shownAs)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > MaximumBytes)
            {
                throw new WorkspaceException(ProjectDiagnostics.FileTooBig(shownAs, stream.Length, MaximumBytes));
            }

            using var reader = new StreamReader(stream, new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new WorkspaceException(ProjectDiagnostics.YamlError(new SourcePlace(shownAs, 0, 0), "it is no UTF-8 text"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkspaceException(ProjectDiagnostics.FileUnreadable(shownAs, exception.Message));
        }
    }

    /// <summary>The top mapping; an empty text is an empty mapping.</summary>
    /// <exception cref="WorkspaceException">It is no YAML, has a key twice, is too deep or too big, or is no mapping.</exception>
    public static YamlNode.Mapping Parse(string text, string file)
    {
        try
        {
            var composer = new Composer(text, file);
            return composer.ReadDocument();
        }
        catch (YamlException exception)
        {
            var message = exception.InnerException?.Message ?? exception.Message;
            throw new WorkspaceException(ProjectDiagnostics.YamlError(PlaceOf(exception.Start, file), message));
        }
    }

    private static SourcePlace PlaceOf(Mark mark, string file) => new(file, (int)mark.Line, (int)mark.Column);

    private sealed class Composer(string text, string file)
    {
        private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));
        private readonly Dictionary<string, YamlNode> _anchors = [];
        private int _depth;

        public YamlNode.Mapping ReadDocument()
        {
            _parser.Consume<StreamStart>();
            if (_parser.TryConsume<StreamEnd>(out _))
            {
                return new YamlNode.Mapping(text.Length, text.Length, new SourcePlace(file, 1, 1), [], Flow: false);
            }

            _parser.Consume<DocumentStart>();
            var top = ReadNode();
            _parser.Consume<DocumentEnd>();
            if (_parser.Accept<DocumentStart>(out var second))
            {
                throw Refuse(second.Start, "it holds more than one document (a line of three dashes starts another)");
            }

            return top switch
            {
                YamlNode.Mapping mapping => mapping,
                { IsNull: true } => new YamlNode.Mapping(text.Length, text.Length, new SourcePlace(file, 1, 1), [], Flow: false),
                _ => throw new WorkspaceException(ProjectDiagnostics.YamlError(top.Place, "it holds no keys: the file has to be a list of 'key: value' lines")),
            };
        }

        private YamlNode ReadNode()
        {
            if (_parser.TryConsume<AnchorAlias>(out var alias))
            {
                var target = _anchors.TryGetValue(alias.Value.Value, out var anchored)
                    ? anchored
                    : throw Refuse(alias.Start, $"the alias '*{alias.Value}' has no finished anchor '&{alias.Value}' before it");
                return target with { Start = Index(alias.Start), End = Index(alias.End), Shared = true };
            }

            if (++_depth > MaximumDepth)
            {
                throw Refuse(_parser.Current?.Start ?? Mark.Empty, $"it is nested deeper than {MaximumDepth} levels");
            }

            var anchor = (_parser.Current as NodeEvent)?.Anchor ?? AnchorName.Empty;
            YamlNode node = _parser.Current switch
            {
                YamlDotNet.Core.Events.Scalar => ReadScalar(),
                SequenceStart => ReadSequence(),
                MappingStart => ReadMapping(),
                _ => throw Refuse(_parser.Current?.Start ?? Mark.Empty, "it ends in the middle"),
            };
            _depth--;
            if (node.Size > MaximumSize)
            {
                throw Refuse(new Mark(node.Start, node.Place.Line, node.Place.Column), $"with its aliases followed it has more than {MaximumSize} values");
            }

            if (!anchor.IsEmpty)
            {
                node = node with { Shared = true };
                _anchors[anchor.Value] = node;
            }

            return node;
        }

        private YamlNode.Scalar ReadScalar()
        {
            var scalar = _parser.Consume<YamlDotNet.Core.Events.Scalar>();
            var (start, end) = (Index(scalar.Start), Index(scalar.End));

            // A block scalar's mark lies behind the line breaks and comments after it, which are not its own.
            if (scalar.Style is ScalarStyle.Literal or ScalarStyle.Folded)
            {
                end = start + text.AsSpan(start, end - start).TrimEnd().Length;
            }

            var quoted = scalar.Style is not ScalarStyle.Plain || (!scalar.Tag.IsEmpty && scalar.Tag.Value.EndsWith(":str", StringComparison.Ordinal));
            return new YamlNode.Scalar(start, end, PlaceOf(scalar.Start, file), scalar.Value, quoted);
        }

        private YamlNode.Sequence ReadSequence()
        {
            var start = _parser.Consume<SequenceStart>();
            var items = ImmutableArray.CreateBuilder<YamlNode>();
            while (!_parser.Accept<SequenceEnd>(out _))
            {
                items.Add(ReadNode());
            }

            var flow = start.Style == SequenceStyle.Flow;
            var end = EndOf(_parser.Consume<SequenceEnd>(), flow, Index(start.Start), items.LastOrDefault());
            return new YamlNode.Sequence(Index(start.Start), end, PlaceOf(start.Start, file), items.ToImmutable(), flow)
            {
                Size = 1 + items.Sum(item => item.Size),
                Shared = items.Any(item => item.Shared),
            };
        }

        private YamlNode.Mapping ReadMapping()
        {
            var start = _parser.Consume<MappingStart>();
            var entries = ImmutableArray.CreateBuilder<YamlNode.Entry>();
            var keys = new HashSet<string>();
            while (!_parser.Accept<MappingEnd>(out _))
            {
                if (ReadNode() is not YamlNode.Scalar key)
                {
                    throw Refuse(_parser.Current?.Start ?? Mark.Empty, "a key has to be plain text, not a list or a mapping");
                }

                if (!keys.Add(key.Text))
                {
                    throw new WorkspaceException(ProjectDiagnostics.YamlError(key.Place, $"the key '{key.Text}' is there twice: remove one of them"));
                }

                entries.Add(new YamlNode.Entry(key, ReadNode()));
            }

            var flow = start.Style == MappingStyle.Flow;
            var end = EndOf(_parser.Consume<MappingEnd>(), flow, Index(start.Start), entries.LastOrDefault()?.Value);
            return new YamlNode.Mapping(Index(start.Start), end, PlaceOf(start.Start, file), entries.ToImmutable(), flow)
            {
                Size = 1 + entries.Sum(entry => 1 + entry.Value.Size),
                Shared = entries.Any(entry => entry.Value.Shared),
            };
        }

        // A block's end event lies at the next token, behind comments; a flow's at its closing bracket.
        private static int EndOf(ParsingEvent end, bool flow, int start, YamlNode? last) => flow ? Index(end.Start) + 1 : last?.End ?? start;

        private WorkspaceException Refuse(Mark mark, string why) => new(ProjectDiagnostics.YamlError(PlaceOf(mark, file), why));

        private static int Index(Mark mark) => (int)mark.Index;
    }
}
