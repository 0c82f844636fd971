using System.Collections.Immutable;

namespace Provision.Cli.Projects;

/// <summary>
/// A piece of a YAML text that knows where it stands, so that an edit can change it and nothing else. A closed hierarchy.
/// </summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index after its last character; comments and line breaks that follow do not belong to it.</param>
/// <param name="Place">Where it starts, for a person.</param>
internal abstract record YamlNode(int Start, int End, SourcePlace Place)
{
    /// <summary>How many nodes it stands for with all aliases followed; a few lines of nested aliases stand for billions.</summary>
    public long Size { get; init; } = 1;

    /// <summary>It is, or holds, an anchor or an alias: changing it would change other places too.</summary>
    public bool Shared { get; init; }

    /// <param name="Start">Index of its first character.</param>
    /// <param name="End">Index after its last character.</param>
    /// <param name="Place">Where it starts.</param>
    /// <param name="Text">The text it stands for.</param>
    /// <param name="Quoted">It was quoted, a block, or tagged a string: text, whatever it looks like.</param>
    public sealed record Scalar(int Start, int End, SourcePlace Place, string Text, bool Quoted) : YamlNode(Start, End, Place);

    public sealed record Sequence(int Start, int End, SourcePlace Place, ImmutableArray<YamlNode> Items, bool Flow) : YamlNode(Start, End, Place);

    public sealed record Mapping(int Start, int End, SourcePlace Place, ImmutableArray<Entry> Entries, bool Flow) : YamlNode(Start, End, Place)
    {
        public YamlNode? Find(string key) => FindEntry(key)?.Value;

        public Entry? FindEntry(string key) => Entries.FirstOrDefault(entry => entry.Key.Text == key);
    }

    public sealed record Entry(Scalar Key, YamlNode Value);

    /// <summary>Nothing, <c>~</c> or <c>null</c>.</summary>
    public bool IsNull => this is Scalar { Quoted: false, Text: "" or "~" or "null" or "Null" or "NULL" };
}
