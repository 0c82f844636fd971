using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Provision.Providers.Docker.Images;

/// <summary>The parts of the Docker client's <c>config.json</c> that lead to credentials.</summary>
internal sealed class DockerConfigFile
{
    public const string FileName = "config.json";

    private readonly ImmutableDictionary<string, RegistryCredential> _auths;
    private readonly ImmutableDictionary<string, string> _helpers;
    private readonly string? _store;

    private DockerConfigFile(ImmutableDictionary<string, RegistryCredential> auths, ImmutableDictionary<string, string> helpers, string? store) =>
        (_auths, _helpers, _store) = (auths, helpers, store);

    /// <summary>Reads the text. The reason of a failure repeats nothing of it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out DockerConfigFile? file, [NotNullWhen(false)] out string? reason)
    {
        (file, reason) = (null, null);
        try
        {
            using var json = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true });
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                reason = "it holds no JSON object";
                return false;
            }

            file = new DockerConfigFile(ReadAuths(json.RootElement), ReadHelpers(json.RootElement), TextOf(json.RootElement, "credsStore"));
            return true;
        }
        catch (JsonException malformed)
        {
            reason = $"it is not valid JSON at line {malformed.LineNumber + 1}";
            return false;
        }
    }

    /// <summary>The helper program that keeps the registry's credentials; null where they are in the file, if anywhere.</summary>
    public string? HelperOf(string host) => _helpers.GetValueOrDefault(host) ?? _store;

    public RegistryCredential? Find(string host) => _auths.GetValueOrDefault(host);

    private static ImmutableDictionary<string, RegistryCredential> ReadAuths(JsonElement root)
    {
        var auths = ImmutableDictionary.CreateBuilder<string, RegistryCredential>(StringComparer.Ordinal);
        foreach (var entry in MembersOf(root, "auths"))
        {
            // An exact host wins over the same host with a path.
            if (entry.Value.ValueKind == JsonValueKind.Object && ReadAuth(entry.Value) is { } credential
                && (!auths.ContainsKey(RegistryAddress.HostOf(entry.Name)) || RegistryAddress.HostOf(entry.Name) == entry.Name))
            {
                auths[RegistryAddress.HostOf(entry.Name)] = credential;
            }
        }

        return auths.ToImmutable();
    }

    private static RegistryCredential? ReadAuth(JsonElement entry)
    {
        if (TextOf(entry, "identitytoken") is { } identityToken)
        {
            return RegistryCredential.OfToken(identityToken);
        }

        if (TextOf(entry, "registrytoken") is { } registryToken)
        {
            return RegistryCredential.OfToken(null, registryToken);
        }

        if (TextOf(entry, "auth") is { } auth && ReadPair(auth) is { } pair)
        {
            return pair;
        }

        return TextOf(entry, "username") is { } username ? RegistryCredential.OfPassword(username, TextOf(entry, "password") ?? "") : null;
    }

    /// <summary><c>base64(user:password)</c>; a password may hold colons.</summary>
    public static RegistryCredential? ReadPair(string auth)
    {
        var bytes = new byte[auth.Length];
        if (!Convert.TryFromBase64String(auth.Trim(), bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0').Split(':', 2);
        return parts.Length == 2 && parts[0].Length > 0 ? RegistryCredential.OfPassword(parts[0], parts[1]) : null;
    }

    private static ImmutableDictionary<string, string> ReadHelpers(JsonElement root)
    {
        var helpers = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var entry in MembersOf(root, "credHelpers"))
        {
            if (entry.Value.ValueKind == JsonValueKind.String && entry.Value.GetString() is { Length: > 0 } helper)
            {
                helpers[RegistryAddress.HostOf(entry.Name)] = helper;
            }
        }

        return helpers.ToImmutable();
    }

    private static JsonElement.ObjectEnumerator MembersOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member.EnumerateObject() : default;

    private static string? TextOf(JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text ? text : null;
}
