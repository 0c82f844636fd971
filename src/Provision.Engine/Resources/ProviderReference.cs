namespace Provision.Engine.Resources;

/// <summary>Which provider instance handles a resource: <c>urn::id</c>, split at the last <c>::</c>.</summary>
public sealed record ProviderReference(Urn Urn, string Id)
{
    /// <summary>What stands for an id that only exists after the provider resource was created.</summary>
    public const string UnknownId = PropertyValue.UnknownSentinel;

    public static ProviderReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.LastIndexOf("::", StringComparison.Ordinal);
        return at > 0 && Urn.TryParse(text[..at], out var urn)
            ? new ProviderReference(urn, text[(at + 2)..])
            : throw new FormatException($"'{text}' is not a provider reference (urn::id).");
    }

    public override string ToString() => $"{Urn}::{Id}";
}
