using System.Text.Json;
using System.Text.Json.Nodes;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>
/// The reserved output <c>__meta</c>, a JSON text: the bridge's schema version and timeouts, and beside them what we remember for ourselves
/// (the bridge passes over members it does not know).
/// </summary>
internal static class DockerMeta
{
    public const string Key = "__meta";

    // The bridge's fixed key for the timeouts a resource declares, in nanoseconds.
    private const string TimeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";
    private const string OwnKey = "provision";
    private const long TwentyMinutes = 1_200_000_000_000;

    public static string Of(int schemaVersion, bool timeouts, string? imageId = null, string? state = null)
    {
        var meta = new JsonObject();
        if (timeouts)
        {
            meta[TimeoutsKey] = new JsonObject { ["create"] = TwentyMinutes, ["delete"] = TwentyMinutes, ["update"] = TwentyMinutes };
        }

        if (imageId is not null || state is not null)
        {
            meta[OwnKey] = new JsonObject { ["imageId"] = imageId, ["state"] = state };
        }

        if (schemaVersion > 0)
        {
            meta["schema_version"] = schemaVersion.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return meta.ToJsonString();
    }

    /// <summary>The image a container really runs, as remembered when it was last read.</summary>
    public static string? ImageIdOf(PropertyMap outputs) => Own(outputs, "imageId");

    /// <summary>What a container was doing when it was last read: running, exited, paused, …; null in a state of the real provider.</summary>
    public static string? StateOf(PropertyMap outputs) => Own(outputs, "state");

    private static string? Own(PropertyMap outputs, string name)
    {
        if (Values.Plain(outputs.Find(Key)) is not PropertyValue.String text)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text.Value)?[OwnKey]?[name]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Somebody else's; it then merely tells us nothing.
            return null;
        }
    }
}
