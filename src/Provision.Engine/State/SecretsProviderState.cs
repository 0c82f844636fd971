using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>A checkpoint's <c>secrets_providers</c>: the kind of provider and, as JSON text, whatever it needs to open its secrets.</summary>
public sealed record SecretsProviderState(string Type, string StateJson)
{
    public const string PassphraseType = "passphrase";

    /// <summary>The passphrase provider with the given <c>encryptionsalt</c>.</summary>
    public static SecretsProviderState Passphrase(string salt) =>
        new(PassphraseType, CanonicalJsonWriter.ToText(json =>
        {
            json.StartObject();
            json.Name("salt");
            json.String(salt);
            json.EndObject();
        }));

    /// <summary>The passphrase provider's salt; null for other kinds.</summary>
    public string? Salt
    {
        get
        {
            if (Type != PassphraseType || StateJson.Length == 0)
                return null;

            using var state = JsonDocument.Parse(StateJson);
            return state.RootElement.ValueKind == JsonValueKind.Object
                && state.RootElement.TryGetProperty("salt", out var salt)
                && salt.ValueKind == JsonValueKind.String
                ? salt.GetString()
                : null;
        }
    }
}
