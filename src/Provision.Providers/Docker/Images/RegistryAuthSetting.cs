using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>One entry of the provider's <c>registryAuth</c>.</summary>
/// <param name="Host">The registry it is for.</param>
/// <param name="Password">User name and password given outright; null where a file is to be asked.</param>
/// <param name="ConfigFile">A <c>config.json</c>, or the folder it lies in; null for the usual one.</param>
/// <param name="ConfigText">The content of a <c>config.json</c>, which goes before a file.</param>
/// <param name="Disabled">The registry is to be asked without credentials.</param>
internal sealed record RegistryAuthSetting(string Host, RegistryCredential? Password, string? ConfigFile, string? ConfigText, bool Disabled)
{
    /// <summary>Reads the provider's inputs, in which a list may be written as JSON text. What is malformed is left out.</summary>
    public static ImmutableArray<RegistryAuthSetting> Read(PropertyMap providerInputs) => Values.Plain(providerInputs.Find("registryAuth")) switch
    {
        PropertyValue.List list => [.. list.Items.Select(item => Read(key => TextOf(Values.Members(item).Find(key)))).OfType<RegistryAuthSetting>()],
        PropertyValue.String text => ReadJson(text.Value),
        _ => [],
    };

    public override string ToString() => $"[credentials of {Host}]";

    private static ImmutableArray<RegistryAuthSetting> ReadJson(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Array
                ? []
                : [.. json.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => Read(key => TextOf(item, key))).OfType<RegistryAuthSetting>()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static RegistryAuthSetting? Read(Func<string, string?> find) =>
        find("address") is { } address
            ? new RegistryAuthSetting(
                RegistryAddress.HostOf(address),
                find("username") is { } username ? RegistryCredential.OfPassword(username, find("password") ?? "") : null,
                find("configFile"), find("configFileContent"), find("authDisabled") == "true")
            : null;

    private static string? TextOf(PropertyValue? value) => Values.Plain(value) switch
    {
        PropertyValue.String { Value.Length: > 0 } text => text.Value,
        PropertyValue.Bool flag => flag.ToString(),
        _ => null,
    };

    private static string? TextOf(JsonElement item, string key)
    {
        if (!item.TryGetProperty(key, out var member))
        {
            return null;
        }

        // A secret inside the JSON text is an object that holds the plain value.
        if (member.ValueKind == JsonValueKind.Object && member.TryGetProperty("value", out var inner))
        {
            member = inner;
        }

        return member.ValueKind switch
        {
            JsonValueKind.String when member.GetString() is { Length: > 0 } text => text,
            JsonValueKind.True => "true",
            _ => null,
        };
    }
}
