using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>Whether what was seen is what is wanted, in canonical form. Pure.</summary>
internal static class InputEquality
{
    public static bool Same(InputTable table, InputRow row, PropertyValue? seen, PropertyValue? wanted)
    {
        var now = Values.Plain(wanted);
        var before = Values.Plain(seen);
        if (before is null && row.Default is { } standard)
        {
            // A state of another version may lack it: what is missing is the default.
            before = standard;
        }

        if (Equals(before, now) || (Values.IsEmpty(now) && Values.IsEmpty(before)))
        {
            return true;
        }

        return row.Kind switch
        {
            InputKind.Text => SameText(row, before, now),
            InputKind.TextMap => SameMap(Values.Members(before), Values.Members(now)),
            InputKind.TextMapList => Values.Items(before).Select(item => Values.Members(item)).SequenceEqual(
                Values.Items(now).Select(item => Values.Members(item)), EqualityComparer<PropertyMap>.Create(
                    (one, other) => one is not null && other is not null && SameMap(one, other))),
            InputKind.TextList => Texts(row, before).SequenceEqual(Texts(row, now)),
            InputKind.TextSet => Texts(row, before).ToHashSet().SetEquals(Texts(row, now)),
            InputKind.Nested => SameMembers(table, row, Values.Members(before), Values.Members(now)),
            InputKind.ObjectList => SameList(table, row, Values.Items(before), Values.Items(now)),
            InputKind.ObjectSet => SameSet(table, row, Values.Items(before), Values.Items(now)),
            _ => Equals(before, now),
        };
    }

    private static bool SameText(InputRow row, PropertyValue? before, PropertyValue? now) => CanonicalOf(row, before) == CanonicalOf(row, now);

    private static IEnumerable<string> Texts(InputRow row, PropertyValue? value) => Values.Items(value).Select(item => CanonicalOf(row, item));

    private static string CanonicalOf(InputRow row, PropertyValue? value)
    {
        var text = Values.Plain(value) switch
        {
            PropertyValue.String plain => plain.Value,
            null => "",
            var other => other.ToString(),
        };
        return text is null ? "" : row.Canonical?.Invoke(text) ?? text;
    }

    private static bool SameMap(PropertyMap before, PropertyMap now) =>
        Plain(before).Equals(Plain(now));

    private static PropertyMap Plain(PropertyMap map) =>
        map.Where((key, _) => !key.StartsWith("__", StringComparison.Ordinal)).WithValues((_, value) => Values.Plain(value) ?? PropertyValue.Null.Value);

    private static bool SameMembers(InputTable table, InputRow row, PropertyMap before, PropertyMap now)
    {
        foreach (var member in table.MembersOf(row))
        {
            var wanted = now.Find(member.Name);
            if (Values.Plain(wanted) is null)
            {
                if (member.Computed)
                {
                    continue;
                }

                wanted = member.Default;
            }

            if (!Same(table, member, before.Find(member.Name), wanted))
            {
                return false;
            }
        }

        return true;
    }

    private static bool SameList(InputTable table, InputRow row, ImmutableArray<PropertyValue> before, ImmutableArray<PropertyValue> now) =>
        before.Length == now.Length && before.Zip(now).All(pair => SameMembers(table, row, Values.Members(pair.First), Values.Members(pair.Second)));

    private static bool SameSet(InputTable table, InputRow row, ImmutableArray<PropertyValue> before, ImmutableArray<PropertyValue> now)
    {
        // Duplicates collapse in a set. Those that say most choose their counterpart first, so that a vague one does not take it from them.
        var left = before.Select(item => Values.Members(item)).Distinct().ToList();
        var wanted = now.Select(item => Values.Members(item)).Distinct().ToList();
        if (left.Count != wanted.Count)
        {
            return false;
        }

        return wanted.OrderByDescending(item => item.Count).All(item =>
        {
            var at = left.FindIndex(seen => SameMembers(table, row, seen, item));
            if (at >= 0)
            {
                left.RemoveAt(at);
            }

            return at >= 0;
        });
    }
}
