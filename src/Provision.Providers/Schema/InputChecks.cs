using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>Checks inputs against a table: unknown names, missing ones, wrong types, malformed values. Pure; finds everything at once.</summary>
internal static class InputChecks
{
    public static List<CheckFailure> Check(InputTable table, PropertyMap inputs)
    {
        var failures = new List<CheckFailure>();
        CheckMembers(table, table.Top, PropertyPath.Root, inputs, failures);
        return failures;
    }

    private static void CheckMembers(InputTable table, ImmutableArray<InputRow> rows, PropertyPath at, PropertyMap members, List<CheckFailure> failures)
    {
        foreach (var row in rows)
        {
            var value = members.Find(row.Name);
            if (Values.Plain(value) is { } plain)
            {
                CheckValue(table, row, at.Child(row.Name), plain, failures);
            }
            else if (row.Required)
            {
                failures.Add(new CheckFailure(at.Child(row.Name), "is required", $"Give it: {Describe(row)}."));
            }
        }

        foreach (var name in members.Keys)
        {
            // Names in double underscores are the bridge's own (__defaults); they mean nothing here and harm nothing.
            if (!name.StartsWith("__", StringComparison.Ordinal) && !Knows(rows, name))
            {
                failures.Add(new CheckFailure(at.Child(name), "there is no such input", Nearest(name, rows) is { } near ? $"Do you mean '{near}'?" : null));
            }
        }
    }

    private static bool Knows(ImmutableArray<InputRow> rows, string name)
    {
        foreach (var row in rows)
        {
            if (row.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private static void CheckValue(InputTable table, InputRow row, PropertyPath at, PropertyValue plain, List<CheckFailure> failures)
    {
        if (plain is PropertyValue.Unknown)
        {
            return;
        }

        switch (row.Kind, plain)
        {
            case (InputKind.Text, PropertyValue.String text):
                CheckText(row, at, text.Value, failures);
                break;
            case (InputKind.Integer, PropertyValue.Number number):
                CheckNumber(row, at, number.Value, failures);
                break;
            case (InputKind.Flag, PropertyValue.Bool):
                break;
            case (InputKind.TextMap, PropertyValue.Map map):
                CheckTextMap(at, map.Properties, failures);
                break;
            case (InputKind.TextMapList, PropertyValue.List list):
                for (var i = 0; i < list.Items.Length; i++)
                {
                    switch (Values.Plain(list.Items[i]))
                    {
                        case PropertyValue.Map map:
                            CheckTextMap(at.Child(i), map.Properties, failures);
                            break;
                        case PropertyValue.Unknown:
                            break;
                        case var other:
                            failures.Add(new CheckFailure(at.Child(i), $"expected a map of texts, got {Name(other)}"));
                            break;
                    }
                }

                break;
            case (InputKind.TextList or InputKind.TextSet, PropertyValue.List list):
                for (var i = 0; i < list.Items.Length; i++)
                {
                    switch (Values.Plain(list.Items[i]))
                    {
                        case PropertyValue.String text:
                            CheckText(row, at.Child(i), text.Value, failures);
                            break;
                        case PropertyValue.Unknown:
                            break;
                        case var other:
                            failures.Add(new CheckFailure(at.Child(i), $"expected text, got {Name(other)}"));
                            break;
                    }
                }

                break;
            case (InputKind.Nested, PropertyValue.Map map):
                CheckMembers(table, table.MembersOf(row), at, map.Properties, failures);
                break;
            case (InputKind.ObjectList or InputKind.ObjectSet, PropertyValue.List list):
                for (var i = 0; i < list.Items.Length; i++)
                {
                    switch (Values.Plain(list.Items[i]))
                    {
                        case PropertyValue.Map map:
                            CheckMembers(table, table.MembersOf(row), at.Child(i), map.Properties, failures);
                            break;
                        case PropertyValue.Unknown:
                            break;
                        case var other:
                            failures.Add(new CheckFailure(at.Child(i), $"expected an object, got {Name(other)}"));
                            break;
                    }
                }

                break;
            default:
                failures.Add(new CheckFailure(at, $"expected {Describe(row)}, got {Name(plain)}"));
                break;
        }
    }

    private static void CheckTextMap(PropertyPath at, PropertyMap map, List<CheckFailure> failures)
    {
        foreach (var (key, value) in map)
        {
            if (!key.StartsWith("__", StringComparison.Ordinal) && Values.Plain(value) is not (PropertyValue.String or PropertyValue.Unknown))
            {
                failures.Add(new CheckFailure(at.Child(key), $"expected text, got {Name(Values.Plain(value))}"));
            }
        }
    }

    private static void CheckText(InputRow row, PropertyPath at, string text, List<CheckFailure> failures)
    {
        if (text.Length == 0 && row is { Required: true, MayBeEmpty: false })
        {
            failures.Add(new CheckFailure(at, $"is empty; expected {Describe(row)}"));
        }
        else if (text.Length > 0 && row.Canonical is { } canonical && canonical(text) is null)
        {
            // The text itself is not repeated: it may be a part of a secret.
            failures.Add(new CheckFailure(at, $"expected {Describe(row)}"));
        }
    }

    private static void CheckNumber(InputRow row, PropertyPath at, double number, List<CheckFailure> failures)
    {
        if (number != Math.Floor(number) || Math.Abs(number) > (1L << 53))
        {
            failures.Add(new CheckFailure(at, "expected a whole number"));
        }
        else if (number < row.Least || number > row.Most)
        {
            failures.Add(new CheckFailure(at, $"expected {Describe(row)}"));
        }
    }

    private static string Describe(InputRow row) => row.Expected ?? row.Kind switch
    {
        InputKind.Text => "text",
        InputKind.Integer when row is { Least: { } least, Most: { } most } => $"a whole number from {least} to {most}",
        InputKind.Integer when row.Least is { } least => $"a whole number of {least} or more",
        InputKind.Integer => "a whole number",
        InputKind.Flag => "true or false",
        InputKind.TextMap => "a map of texts",
        InputKind.TextMapList => "a list of maps of texts",
        InputKind.TextList or InputKind.TextSet => "a list of texts",
        InputKind.Nested => "an object",
        _ => "a list of objects",
    };

    private static string Name(PropertyValue? value) => value switch
    {
        null => "nothing",
        PropertyValue.String => "text",
        PropertyValue.Number => "a number",
        PropertyValue.Bool => "true or false",
        PropertyValue.List => "a list",
        PropertyValue.Map => "an object",
        _ => "a value of another kind",
    };

    private static string? Nearest(string name, ImmutableArray<InputRow> rows) =>
        rows.Select(row => row.Name).FirstOrDefault(known =>
            string.Equals(known, name, StringComparison.OrdinalIgnoreCase)
            || string.Equals(known.TrimEnd('s'), name.TrimEnd('s'), StringComparison.OrdinalIgnoreCase)
            || known.StartsWith(name, StringComparison.OrdinalIgnoreCase) || name.StartsWith(known, StringComparison.OrdinalIgnoreCase));
}
