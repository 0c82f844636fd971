using System.Text.Json;
using System.Text.Json.Nodes;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// The reserved output <c>__meta</c>, a JSON text: the bridge's timeouts, and beside them what we remember for ourselves (the bridge passes over
/// members it does not know).
/// </summary>
/// <param name="State">running, paused, shut off, crashed, …; null in a state of the real provider.</param>
/// <param name="Transient">Undefined while it runs: it ends with its process.</param>
internal sealed record DomainMeta(string? State, bool Transient)
{
    public const string Key = "__meta";

    // The bridge's fixed key for the timeouts a resource declares, in nanoseconds.
    private const string TimeoutsKey = "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0";
    private const string OwnKey = "provision";
    private const long FiveMinutes = 300_000_000_000;

    public static DomainMeta Of(PropertyMap outputs)
    {
        if (Values.Plain(outputs.Find(Key)) is not PropertyValue.String text)
        {
            return new DomainMeta(null, false);
        }

        try
        {
            var own = JsonNode.Parse(text.Value)?[OwnKey];
            return new DomainMeta(own?["state"]?.GetValue<string>(), own?["transient"]?.GetValue<bool>() ?? false);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Somebody else's; it then merely tells us nothing.
            return new DomainMeta(null, false);
        }
    }

    public override string ToString() =>
        new JsonObject
        {
            [TimeoutsKey] = new JsonObject { ["create"] = FiveMinutes },
            [OwnKey] = new JsonObject { ["state"] = State, ["transient"] = Transient },
        }.ToJsonString();
}
