using Provision.Engine.Resources;

namespace Provision.Cli.Projects;

/// <summary>
/// Changes one value in a YAML text and leaves every other character: comments, order, quoting, blank lines. Pure; the caller compares
/// what the new text means with what it should mean, so that a layout these few rules do not know is refused and never garbled.
/// </summary>
internal static class YamlEdit
{
    /// <summary>The text with the value at the path; what lies between is made.</summary>
    public static string Set(string text, YamlNode.Mapping top, ReadOnlySpan<PropertyPath.Segment> path, ConfigValue value)
    {
        var newLine = NewLineOf(text);
        YamlNode node = top;
        Slot? slot = null;
        for (var i = 0; i < path.Length; i++)
        {
            if (Child(node, path[i]) is { } child)
            {
                slot = SlotOf(text, node, path[i]);
                node = child;
                continue;
            }

            var isEmpty = node is YamlNode.Mapping { Entries.Length: 0 } or YamlNode.Sequence { Items.Length: 0 } or { IsNull: true };
            if (isEmpty && slot is { } place)
            {
                return Replace(text, place, ConfigTree.Set(null, path[i..], value), newLine);
            }

            return Insert(text, node, path[i], ConfigTree.Set(null, path[(i + 1)..], value), newLine);
        }

        return slot is { } found ? Replace(text, found, value, newLine) : text;
    }

    /// <summary>The text without what is at the path, which has to be there.</summary>
    public static string Remove(string text, YamlNode.Mapping top, ReadOnlySpan<PropertyPath.Segment> path)
    {
        YamlNode node = top;
        Slot? holder = null;
        for (var i = 0; i < path.Length - 1; i++)
        {
            holder = SlotOf(text, node, path[i]);
            node = Child(node, path[i]) ?? throw new System.Diagnostics.UnreachableException();
        }

        var parts = PartsOf(text, node);
        var at = IndexOf(node, path[^1]);
        if (parts.Length == 1 && holder is { } slot)
        {
            ConfigValue empty = node is YamlNode.Mapping ? new ConfigValue.Map([]) : new ConfigValue.List([]);
            return Replace(text, slot, empty, NewLineOf(text));
        }

        var (start, end) = parts[at];
        if (node is YamlNode.Mapping { Flow: true } or YamlNode.Sequence { Flow: true })
        {
            (start, end) = at + 1 < parts.Length ? (start, parts[at + 1].Start) : at > 0 ? (parts[at - 1].End, end) : (start, end);
        }
        else if (text.AsSpan(LineStart(text, start), start - LineStart(text, start)).IsWhiteSpace())
        {
            (start, end) = (LineStart(text, start), LineEnd(text, end));
        }
        else if (at + 1 < parts.Length)
        {
            // The first key of a list's item, on the line of its dash.
            end = parts[at + 1].Start;
        }

        return string.Concat(text.AsSpan(0, start), text.AsSpan(end));
    }

    // Where a value stands: from behind the colon (or dash) to its end, and how deep its holder is indented.
    private readonly record struct Slot(int Start, int End, int Indent, bool Flow, bool Item);

    private static Slot SlotOf(string text, YamlNode holder, PropertyPath.Segment segment)
    {
        if (holder is YamlNode.Mapping map && segment.Key is { } key && map.FindEntry(key) is { } entry)
        {
            var colon = text.IndexOf(':', entry.Key.End) + 1;
            return map.Flow
                ? new Slot(entry.Value.Start, entry.Value.End, 0, Flow: true, Item: false)
                : new Slot(colon, Math.Max(colon, entry.Value.End), entry.Key.Place.Column - 1, Flow: false, Item: false);
        }

        var sequence = (YamlNode.Sequence)holder;
        var item = sequence.Items[segment.Index];
        return new Slot(item.Start, item.End, item.Place.Column - 1, sequence.Flow, Item: true);
    }

    private static string Replace(string text, Slot slot, ConfigValue value, string newLine)
    {
        var rendered = slot switch
        {
            { Flow: true } => YamlRendering.Flow(value),
            { Item: true } => (text[slot.Start - 1] == '-' ? " " : "") + YamlRendering.AtColumn(value, slot.Indent, newLine),
            _ => YamlRendering.AfterKey(value, slot.Indent, newLine),
        };
        return string.Concat(text.AsSpan(0, slot.Start), rendered, text.AsSpan(slot.End));
    }

    private static string Insert(string text, YamlNode node, PropertyPath.Segment segment, ConfigValue value, string newLine)
    {
        var parts = PartsOf(text, node);
        switch (node)
        {
            case YamlNode.Mapping { Flow: true } or YamlNode.Sequence { Flow: true }:
                var flow = (segment.Key is { } flowKey ? YamlScalarText.Render(flowKey) + ": " : "") + YamlRendering.Flow(value);
                return text.Insert(parts.Length > 0 ? parts[^1].End : node.Start + 1, parts.Length > 0 ? ", " + flow : flow);
            case YamlNode.Mapping map when segment.Key is { } key:
                var indent = map.Entries.Length > 0 ? map.Entries[0].Key.Place.Column - 1 : 0;
                return InsertLine(text, parts.Length > 0 ? parts[^1].End : text.Length, indent, YamlScalarText.Render(key) + ":" + YamlRendering.AfterKey(value, indent, newLine), newLine);
            case YamlNode.Sequence list:
                var dash = list.Place.Column - 1;
                return InsertLine(text, parts[^1].End, dash, "- " + YamlRendering.AtColumn(value, dash + 2, newLine), newLine);
            default:
                throw new FormatException("goes into what is no mapping and no list");
        }
    }

    private static string InsertLine(string text, int after, int indent, string line, string newLine)
    {
        var at = LineEnd(text, after);
        var broken = at == 0 || text[at - 1] == '\n';
        return text.Insert(at, $"{(broken ? "" : newLine)}{YamlRendering.Spaces(indent)}{line}{newLine}");
    }

    private static YamlNode? Child(YamlNode node, PropertyPath.Segment segment) => node switch
    {
        YamlNode.Mapping map when segment.Key is { } key => map.Find(key),
        YamlNode.Sequence list when segment.Key is null && segment.Index >= 0 && segment.Index < list.Items.Length => list.Items[segment.Index],
        _ => null,
    };

    private static int IndexOf(YamlNode node, PropertyPath.Segment segment) => node is YamlNode.Mapping map
        ? map.Entries.TakeWhile(entry => entry.Key.Text != segment.Key).Count()
        : segment.Index;

    // From the key (or the dash) of each member to its value's end.
    private static (int Start, int End)[] PartsOf(string text, YamlNode node) => node switch
    {
        YamlNode.Mapping map => [.. map.Entries.Select(entry => (entry.Key.Start, Math.Max(entry.Value.End, entry.Key.End)))],
        YamlNode.Sequence { Flow: true } list => [.. list.Items.Select(item => (item.Start, item.End))],
        YamlNode.Sequence list => [.. list.Items.Select(item => (text.LastIndexOf('-', Math.Max(item.Start - 1, 0)), item.End))],
        _ => [],
    };

    private static int LineStart(string text, int at) => at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;

    private static int LineEnd(string text, int at)
    {
        var end = at < text.Length ? text.IndexOf('\n', at) : -1;
        return end < 0 ? text.Length : end + 1;
    }

    private static string NewLineOf(string text) => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
}
