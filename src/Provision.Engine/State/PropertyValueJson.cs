using System.Text;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Property values in the JSON of checkpoints, Pulumi's state form. Reading and writing are linear.</summary>
public static class PropertyValueJson
{
    /// <summary>Writes the value with its secrets encrypted.</summary>
    public static string ToText(PropertyValue value, ISecretsProvider secrets) =>
        CanonicalJsonWriter.ToText(json => Write(json, value, SecretForm.EncryptedBy(secrets)));

    /// <summary>Reads the state form. Secrets are decrypted when somebody reveals them.</summary>
    /// <exception cref="JsonException">The text is no JSON, or holds a signature this tool does not know.</exception>
    public static PropertyValue Parse(string text, ISecretsProvider secrets) => Parse(text, secrets.Decrypt);

    internal static PropertyValue Parse(string text, Func<string, string> decrypt)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), JsonLimits.Reader);
        reader.Read();
        var value = new PropertyValueReader(decrypt).Read(ref reader);
        return reader.Read() ? throw new JsonException("There is more than one value.") : value;
    }

    internal static void Write(CanonicalJsonWriter json, PropertyMap map, SecretForm secrets)
    {
        json.StartObject();
        foreach (var (key, value) in InWrittenOrder(map))
        {
            json.Name(key);
            Write(json, value, secrets);
        }

        json.EndObject();
    }

    internal static void Write(CanonicalJsonWriter json, PropertyValue value, SecretForm secrets)
    {
        JsonLimits.EnsureStack();
        switch (value)
        {
            case PropertyValue.Null:
                json.Null();
                break;
            case PropertyValue.Bool flag:
                json.Bool(flag.Value);
                break;
            case PropertyValue.Number number when double.IsFinite(number.Value):
                json.Number(number.Value);
                break;
            case PropertyValue.Number special:
                WriteSigned(json, PropertySignatures.SpecialNumber, ("value", BitConverter.DoubleToUInt64Bits(special.Value).ToString("x16", null)));
                break;
            case PropertyValue.String text:
                json.String(text.Value);
                break;
            case PropertyValue.List list:
                json.StartArray();
                foreach (var item in list.Items)
                    Write(json, item, secrets);
                json.EndArray();
                break;
            case PropertyValue.Map map:
                Write(json, map.Properties, secrets);
                break;
            case PropertyValue.Unknown:
                json.String(PropertyValue.UnknownSentinel);
                break;
            case PropertyValue.Secret secret:
                WriteSecret(json, secret, secrets);
                break;
            case PropertyValue.Asset asset:
                var (assetPath, assetUri) = Location(asset.Path);
                WriteSigned(json, PropertySignatures.Asset, ("hash", asset.Hash), ("path", assetPath), ("text", asset.Text), ("uri", assetUri));
                break;
            case PropertyValue.Archive archive:
                WriteArchive(json, archive, secrets);
                break;
            case PropertyValue.Resource resource:
                WriteSigned(
                    json, PropertySignatures.Resource, ("id", resource.Id), ("packageVersion", resource.PackageVersion ?? ""), ("urn", resource.Urn.ToString()));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"A {value.GetType().Name} is resolved before a state sees it.");
        }
    }

    /// <summary>Our assets have no member of their own for a URI: it is the path that has a scheme.</summary>
    private static (string? Path, string? Uri) Location(string? path) =>
        path?.Contains("://", StringComparison.Ordinal) == true ? (null, path) : (path, null);

    /// <summary>The signature's key begins with a digit and sorts first; callers give the others sorted.</summary>
    private static void WriteSigned(CanonicalJsonWriter json, string signature, params ReadOnlySpan<(string Key, string? Text)> members)
    {
        json.StartObject();
        json.Name(PropertySignatures.Key);
        json.String(signature);
        WriteTexts(json, members);
        json.EndObject();
    }

    private static void WriteTexts(CanonicalJsonWriter json, params ReadOnlySpan<(string Key, string? Text)> members)
    {
        foreach (var (key, text) in members)
        {
            if (text is null)
                continue;

            json.Name(key);
            json.String(text);
        }
    }

    private static void WriteArchive(CanonicalJsonWriter json, PropertyValue.Archive archive, SecretForm secrets)
    {
        json.StartObject();
        json.Name(PropertySignatures.Key);
        json.String(PropertySignatures.Archive);
        if (archive.Assets is { } assets)
        {
            json.Name("assets");
            Write(json, assets, secrets);
        }

        var (path, uri) = Location(archive.Path);
        WriteTexts(json, ("hash", archive.Hash), ("path", path), ("uri", uri));
        json.EndObject();
    }

    private static void WriteSecret(CanonicalJsonWriter json, PropertyValue.Secret secret, SecretForm secrets)
    {
        if (secrets.KeepsCiphertexts && secret.Ciphertext is { } kept)
        {
            WriteSigned(json, PropertySignatures.Secret, ("ciphertext", kept));
            return;
        }

        var plain = CanonicalJsonWriter.ToText(inner => Write(inner, secret.Reveal(), SecretForm.Nested));
        WriteSigned(json, PropertySignatures.Secret, secrets.Encrypt is { } encrypt ? ("ciphertext", encrypt(plain)) : ("plaintext", plain));
    }

    // Go sorts keys by their UTF-8 bytes; that differs from our order of UTF-16 units only where surrogates occur.
    private static IEnumerable<KeyValuePair<string, PropertyValue>> InWrittenOrder(PropertyMap map) =>
        map.Keys.Any(key => key.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            ? map.OrderBy(entry => Convert.ToHexString(Encoding.UTF8.GetBytes(entry.Key)), StringComparer.Ordinal)
            : map;
}
