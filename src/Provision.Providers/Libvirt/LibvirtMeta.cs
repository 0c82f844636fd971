using System.Text.Json;
using System.Text.Json.Nodes;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// The reserved output <c>__meta</c> of pools and networks, a JSON text in which we remember for ourselves what they were doing (the bridge passes
/// over members it does not know). Pure.
/// </summary>
internal static class LibvirtMeta
{
    public const string Key = "__meta";
    public const string Active = "active";

    /// <summary>Defined, and not running.</summary>
    public const string Inactive = "inactive";

    /// <summary>Running, and not defined any more: it goes when it stops.</summary>
    public const string Undefined = "undefined";

    /// <summary>A path that no input has: what it does.</summary>
    public static readonly PropertyPath StatePath = PropertyPath.Of("__state");

    private const string OwnKey = "provision";

    public static string Of(string state) => new JsonObject { [OwnKey] = new JsonObject { ["state"] = state } }.ToJsonString();

    /// <summary>What it was doing when it was last read; null in a state of the real provider.</summary>
    public static string? StateOf(PropertyMap outputs)
    {
        if (Values.Plain(outputs.Find(Key)) is not PropertyValue.String text)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(text.Value)?[OwnKey]?["state"]?.GetValue<string>();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Somebody else's; it then merely tells us nothing.
            return null;
        }
    }

    /// <summary>The change back to active, where it was seen to be something else.</summary>
    public static IEnumerable<PropertyDiff> Changes(PropertyMap outputs) =>
        StateOf(outputs) is { } state && state != Active ? [new PropertyDiff(StatePath, DiffKind.Update, ApplyClass.Live, state, Active)] : [];

    public static string? Reason(PropertyMap outputs) => StateOf(outputs) is { } state && state != Active ? state : null;
}
