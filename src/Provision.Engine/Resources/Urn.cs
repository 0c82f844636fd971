using System.Diagnostics.CodeAnalysis;

namespace Provision.Engine.Resources;

/// <summary>
/// The stable logical name of a resource: <c>urn:pulumi:stack::project::parentType$type::name</c>.
/// A name may itself contain <c>::</c>; everything after the third delimiter is the name.
/// </summary>
public sealed record Urn : IComparable<Urn>
{
    private const string Prefix = "urn:pulumi:";
    private const string Delimiter = "::";
    private const int NamePart = 3;

    /// <summary>Names nothing and has no parts: of a resource in a damaged state that has no URN, of what stands in nothing.</summary>
    public static readonly Urn None = new("");

    private readonly string _text;
    private int _hash;
    private ResourceType? _type;

    private Urn(string text) => _text = text;

    /// <summary>The URN of a resource below <paramref name="parent"/>; the stack itself adds nothing to the type path.</summary>
    public static Urn Create(string stack, string project, Urn? parent, ResourceType type, string name)
    {
        var qualified = parent is { } p && p.Type != ResourceType.Stack ? $"{p.QualifiedType}${type.Token}" : type.Token;
        return new Urn($"{Prefix}{stack}{Delimiter}{project}{Delimiter}{qualified}{Delimiter}{name}");
    }

    /// <summary>The URN of the root of a stack.</summary>
    public static Urn OfStack(string stack, string project) =>
        Create(stack, project, null, ResourceType.Stack, $"{project}-{stack}");

    public static Urn Parse(string text) =>
        TryParse(text, out var urn) ? urn : throw new FormatException($"'{text}' is not a URN (urn:pulumi:stack::project::type::name).");

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out Urn? urn)
    {
        urn = null;
        if (text is null || !text.StartsWith(Prefix, StringComparison.Ordinal) || !HasParts(text))
        {
            return false;
        }

        urn = new Urn(text);
        return true;
    }

    public string Stack => Part(0)[Prefix.Length..];

    public string Project => Part(1);

    /// <summary>The types of all parents and of the resource, joined by <c>$</c>.</summary>
    public string QualifiedType => Part(2);

    public ResourceType Type => _type ??= TypeIn(PartSpan(2));

    public string Name => Part(NamePart);

    /// <summary>The same resource under another name.</summary>
    public Urn WithName(string name) => new($"{Prefix}{Stack}{Delimiter}{Project}{Delimiter}{QualifiedType}{Delimiter}{name}");

    /// <summary>The same resource in another stack or project.</summary>
    public Urn WithStack(string stack, string project) =>
        new($"{Prefix}{stack}{Delimiter}{project}{Delimiter}{QualifiedType}{Delimiter}{Name}");

    public bool Equals(Urn? other) => other is not null && _text == other._text;

    // Asked for many times a resource, and the text is long.
    public override int GetHashCode() => _hash != 0 ? _hash : _hash = string.GetHashCode(_text, StringComparison.Ordinal);

    public int CompareTo(Urn? other) => string.CompareOrdinal(_text, other?._text);

    public static bool operator <(Urn left, Urn right) => left.CompareTo(right) < 0;

    public static bool operator >(Urn left, Urn right) => left.CompareTo(right) > 0;

    public static bool operator <=(Urn left, Urn right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Urn left, Urn right) => left.CompareTo(right) >= 0;

    public override string ToString() => _text;

    private static ResourceType TypeIn(ReadOnlySpan<char> qualified) => new(qualified[(qualified.LastIndexOf('$') + 1)..].ToString());

    private static bool HasParts(ReadOnlySpan<char> rest)
    {
        for (var delimiters = 0; delimiters < NamePart; delimiters++)
        {
            var at = rest.IndexOf(Delimiter, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }

            rest = rest[(at + Delimiter.Length)..];
        }

        return true;
    }

    private string Part(int index) => PartSpan(index).ToString();

    /// <summary>Parts are asked for many times a resource: no splitting into strings that nobody looks at.</summary>
    private ReadOnlySpan<char> PartSpan(int index)
    {
        var rest = _text.Length > 0 ? _text.AsSpan() : throw new InvalidOperationException("An empty URN has no parts.");
        for (var skipped = 0; skipped < index; skipped++)
        {
            rest = rest[(rest.IndexOf(Delimiter, StringComparison.Ordinal) + Delimiter.Length)..];
        }

        // The name is all of the rest, delimiters in it included.
        return index == NamePart ? rest : rest[..rest.IndexOf(Delimiter, StringComparison.Ordinal)];
    }
}
