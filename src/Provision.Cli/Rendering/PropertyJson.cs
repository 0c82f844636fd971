using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>Property values in machine output: as in a checkpoint, but with secrets as <c>[secret]</c>.</summary>
internal static class PropertyJson
{
    private const string SignatureKey = "4dabf18193072939515e22adb298388d";
    private const string AssetSignature = "c44067f5952c0a294b673a41bacd8c17";
    private const string ArchiveSignature = "0def7320c3a5731c473e5ecbe6d01bc7";
    private const string ResourceSignature = "5cf8f73096256a8f31e491e813e4eb8e";

    /// <param name="writer">Where to.</param>
    /// <param name="value">What.</param>
    /// <param name="showSecrets">Write the secrets themselves. Only where a person asked for just that.</param>
    public static void Write(Utf8JsonWriter writer, PropertyValue value, bool showSecrets = false)
    {
        switch (value)
        {
            case PropertyValue.Null:
                writer.WriteNullValue();
                break;
            case PropertyValue.Bool flag:
                writer.WriteBooleanValue(flag.Value);
                break;
            case PropertyValue.Number number:
                writer.WriteNumberValue(number.Value);
                break;
            case PropertyValue.String text:
                writer.WriteStringValue(text.Value);
                break;
            case PropertyValue.List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item, showSecrets);
                }

                writer.WriteEndArray();
                break;
            case PropertyValue.Map map:
                Write(writer, map.Properties, showSecrets);
                break;
            case PropertyValue.Asset asset:
                WriteSigned(writer, AssetSignature, ("hash", asset.Hash), ("path", asset.Path), ("text", asset.Text));
                break;
            case PropertyValue.Archive archive:
                WriteSigned(writer, ArchiveSignature, ("hash", archive.Hash), ("path", archive.Path));
                break;
            case PropertyValue.Resource resource:
                WriteSigned(writer, ResourceSignature, ("urn", resource.Urn.ToString()), ("id", resource.Id), ("packageVersion", resource.PackageVersion));
                break;
            case PropertyValue.Secret secret when showSecrets:
                Write(writer, secret.Reveal(), showSecrets);
                break;
            case PropertyValue.Secret:
                writer.WriteStringValue(ValueText.Secret);
                break;
            default:
                // Unknown, and references and joins that were not looked up yet.
                writer.WriteStringValue(PropertyValue.UnknownSentinel);
                break;
        }
    }

    public static void Write(Utf8JsonWriter writer, PropertyMap map, bool showSecrets = false)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in map)
        {
            writer.WritePropertyName(key);
            Write(writer, value, showSecrets);
        }

        writer.WriteEndObject();
    }

    private static void WriteSigned(Utf8JsonWriter writer, string signature, params ReadOnlySpan<(string Name, string? Value)> members)
    {
        writer.WriteStartObject();
        writer.WriteString(SignatureKey, signature);
        foreach (var (name, value) in members)
        {
            if (value is not null)
            {
                writer.WriteString(name, value);
            }
        }

        writer.WriteEndObject();
    }
}
