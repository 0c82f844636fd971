using System.Collections.Immutable;
using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>Property values as text for people. Secrets are never looked into.</summary>
internal static class ValueText
{
    public const string Secret = "[secret]";
    public const string Unknown = "[unknown]";

    private const int InlineLimit = 72;

    /// <summary>The value on one line.</summary>
    public static string Inline(PropertyValue value) => Inline(value, PropertyPath.Root, []);

    /// <summary>The value on as many lines as it is easily read on.</summary>
    public static IReadOnlyList<string> Lines(PropertyValue value) => Lines(value, PropertyPath.Root, []);

    /// <summary>The same, of a value at a place.</summary>
    /// <param name="value">The value.</param>
    /// <param name="at">Where it is.</param>
    /// <param name="sizes">Where numbers are sizes.</param>
    public static IReadOnlyList<string> Lines(PropertyValue value, PropertyPath at, ImmutableArray<SizedInput> sizes)
    {
        if (value is PropertyValue.String text && text.Value.Contains('\n', StringComparison.Ordinal))
        {
            return text.Value.Split('\n').Select(line => line.TrimEnd('\r')).ToArray();
        }

        if (value is PropertyValue.Map or PropertyValue.List && Inline(value, at, sizes) is { } inline && (inline.Length > InlineLimit || HasLines(value)))
        {
            return value is PropertyValue.Map map
                ? map.Properties.SelectMany(entry => Nest($"{entry.Key}: ", Lines(entry.Value, at.Child(entry.Key), sizes))).ToArray()
                : ((PropertyValue.List)value).Items.SelectMany((item, index) => Nest("- ", Lines(item, at.Child(index), sizes))).ToArray();
        }

        return [Inline(value, at, sizes)];
    }

    // What is below zero has a meaning of its own, such as "without limit".
    private static string Size(double number, SizedInput size) => ByteText.Of(number > 0 ? number * size.Unit : number);

    private static string Inline(PropertyValue value, PropertyPath at, ImmutableArray<SizedInput> sizes) => value switch
    {
        PropertyValue.Null => "null",
        PropertyValue.Bool flag => flag.Value ? "true" : "false",
        PropertyValue.Number number when sizes.FirstOrDefault(size => size.Path.Contains(at)) is { } size => Size(number.Value, size),
        PropertyValue.Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
        PropertyValue.String { Value: PropertyValue.UnknownSentinel } => Unknown,
        PropertyValue.String text => Quote(text.Value),
        PropertyValue.List list => $"[{string.Join(", ", list.Items.Select((item, index) => Inline(item, at.Child(index), sizes)))}]",
        PropertyValue.Map map => $"{{{string.Join(", ", map.Properties.Select(entry => $"{entry.Key}: {Inline(entry.Value, at.Child(entry.Key), sizes)}"))}}}",
        PropertyValue.Asset asset => $"asset({asset.Path ?? Short(asset.Hash)})",
        PropertyValue.Archive archive => $"archive({archive.Path ?? Short(archive.Hash)})",
        PropertyValue.Resource resource => $"resource({resource.Urn.Name})",
        PropertyValue.Unknown => Unknown,
        PropertyValue.Secret => Secret,
        PropertyValue.Reference reference => $"{reference.Urn.Name}.{reference.Path}",
        PropertyValue.Join join => string.Concat(join.Parts.Select(part => part is PropertyValue.String text ? text.Value : Inline(part))),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IEnumerable<string> Nest(string label, IReadOnlyList<string> lines) =>
        lines.Count == 1 ? [label + lines[0]] : lines.Select(line => "  " + line).Prepend(label.TrimEnd());

    private static bool HasLines(PropertyValue value) => value switch
    {
        PropertyValue.String text => text.Value.Contains('\n', StringComparison.Ordinal),
        PropertyValue.List list => list.Items.Any(HasLines),
        PropertyValue.Map map => map.Properties.Values.Any(HasLines),
        _ => false,
    };

    private static string Quote(string text) =>
        '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + '"';

    private static string Short(string? hash) => hash is null ? "" : hash[..Math.Min(12, hash.Length)];
}
