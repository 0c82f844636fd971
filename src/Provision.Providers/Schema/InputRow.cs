using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>How a change of an input reaches the real thing. Every input of every kind has one; a test compares with the schema.</summary>
internal enum InputClass
{
    /// <summary>Never sent to the daemon: it only steers what we do later (waiting, stopping, removing). Recorded without a call.</summary>
    StateOnly,
    Live,
    Restart,
    Replace,
}

/// <summary>The form of an input.</summary>
internal enum InputKind
{
    Text,
    Integer,
    Flag,

    /// <summary>A map of texts.</summary>
    TextMap,

    /// <summary>Maps of texts whose order matters.</summary>
    TextMapList,

    /// <summary>Texts whose order matters.</summary>
    TextList,

    /// <summary>Texts whose order does not matter.</summary>
    TextSet,

    /// <summary>An object; the rows below it are its members.</summary>
    Nested,

    /// <summary>Objects whose order matters.</summary>
    ObjectList,

    /// <summary>Objects whose order does not matter.</summary>
    ObjectSet,
}

/// <summary>
/// One input: <c>ports[].internal</c> is the member <c>internal</c> of each object in <c>ports</c>. Paths are those of the package's schema.
/// </summary>
internal sealed record InputRow(string Path, InputKind Kind, InputClass Class)
{
    public bool Required { get; init; }

    /// <summary>Required, yet an empty text will do.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>What it is when the program does not say; null where that is the daemon's affair or nothing at all.</summary>
    public PropertyValue? Default { get; init; }

    /// <summary>The daemon fills it in where the program does not, so an unset one in an object is never a difference.</summary>
    public bool Computed { get; init; }

    /// <summary>The one spelling of a text (of each text of a list); null for one that is not well-formed. Idempotent.</summary>
    public Func<string, string?>? Canonical { get; init; }

    /// <summary>What a well-formed value is, to follow "expected".</summary>
    public string? Expected { get; init; }

    /// <summary>The least an integer may be.</summary>
    public double? Least { get; init; }

    public double? Most { get; init; }

    /// <summary>How many bytes one is, where it is a size; see <see cref="SizedInput"/>.</summary>
    public long? SizeUnit { get; init; }

    /// <summary>The last part of the path, without brackets.</summary>
    public string Name { get; } = LastOf(Path);

    /// <summary>The row it is a member of; empty for a top-level input.</summary>
    public string Parent { get; } = Path.LastIndexOf('.') is var at and >= 0 ? Path[..at].TrimEnd('[', ']') : "";

    private static string LastOf(string path) => path[(path.LastIndexOf('.') + 1)..].TrimEnd('[', ']');
}
