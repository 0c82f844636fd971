using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>One entry of a stack's history, with the keys of Pulumi's.</summary>
public sealed record UpdateRecord
{
    /// <summary><c>update</c>, <c>preview</c>, <c>refresh</c>, <c>rename</c>, <c>destroy</c>, <c>import</c> or <c>resource-import</c>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset StartTime { get; init; }

    public required DateTimeOffset EndTime { get; init; }

    public string Message { get; init; } = "";

    /// <summary>Facts about git and CI.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Full key to value, in the forms of <c>Pulumi.&lt;stack&gt;.yaml</c>: secrets stay encrypted.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Config { get; init; } = ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);

    /// <summary><c>in-progress</c>, <c>succeeded</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>Op to how many.</summary>
    public ImmutableSortedDictionary<string, int> ResourceChanges { get; init; } = ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal);

    internal void Write(CanonicalJsonWriter json)
    {
        json.StartObject();
        json.Name("version");
        json.Integer(0);
        json.Name("kind");
        json.String(Kind);
        json.Name("startTime");
        json.Integer(StartTime.ToUnixTimeSeconds());
        json.Name("message");
        json.String(Message);
        json.Name("environment");
        json.StartObject();
        foreach (var (key, value) in Environment)
        {
            json.Name(key);
            json.String(value);
        }

        json.EndObject();
        json.Name("config");
        json.StartObject();
        foreach (var (key, value) in Config)
        {
            json.Name(key);
            json.Element(value);
        }

        json.EndObject();
        json.Name("result");
        json.String(Result);
        json.Name("endTime");
        json.Integer(EndTime.ToUnixTimeSeconds());
        if (!ResourceChanges.IsEmpty)
        {
            json.Name("resourceChanges");
            json.StartObject();
            foreach (var (op, count) in ResourceChanges)
            {
                json.Name(op);
                json.Integer(count);
            }

            json.EndObject();
        }

        json.EndObject();
    }

    /// <exception cref="JsonException">It is no history record.</exception>
    internal static UpdateRecord Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw new JsonException("A history record is an object.");

        return new UpdateRecord
        {
            Kind = Text(root, "kind"),
            StartTime = Time(root, "startTime"),
            EndTime = Time(root, "endTime"),
            Message = Text(root, "message"),
            Result = Text(root, "result"),
            Environment = Members(root, "environment").ToImmutableSortedDictionary(
                member => member.Name, member => member.Value.ToString(), StringComparer.Ordinal),
            Config = Members(root, "config").ToImmutableSortedDictionary(member => member.Name, member => member.Value.Clone(), StringComparer.Ordinal),
            ResourceChanges = Members(root, "resourceChanges").ToImmutableSortedDictionary(
                member => member.Name, member => member.Value.TryGetInt32(out var count) ? count : 0, StringComparer.Ordinal),
        };
    }

    private static string Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : "";

    private static DateTimeOffset Time(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
            && seconds is >= 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.UnixEpoch;

    private static IReadOnlyList<JsonProperty> Members(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? [.. value.EnumerateObject()] : [];
}
