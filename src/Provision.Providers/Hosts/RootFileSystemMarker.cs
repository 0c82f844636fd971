using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provision.Providers.Hosts;

/// <summary>
/// The file <c>.provision</c> in a root file system's folder: the last thing written into it, so that where it is, all is; and whose
/// it is. The generation rises when a create takes the folder over, so that deleting what was replaced by itself removes nothing.
/// </summary>
internal sealed record RootFileSystemMarker(string Project, string Stack, string Urn, int Generation)
{
    /// <summary>Whether a file in it is secret: then nothing that others may read is made of it.</summary>
    public bool HoldsSecrets { get; init; }

    public const string FileName = ".provision";

    public static RootFileSystemMarker? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonNode.Parse(json) is JsonObject marker
                && int.TryParse(Text(marker, "generation"), NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
                ? new RootFileSystemMarker(Text(marker, "project"), Text(marker, "stack"), Text(marker, "urn"), generation) { HoldsSecrets = Text(marker, "secrets") == "true" }
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["project"] = Project,
        ["stack"] = Stack,
        ["urn"] = Urn,
        ["generation"] = Generation.ToString(CultureInfo.InvariantCulture),
        ["secrets"] = HoldsSecrets ? "true" : "false",
    });

    private static string Text(JsonObject marker, string key) =>
        marker.TryGetPropertyValue(key, out var node) && node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
