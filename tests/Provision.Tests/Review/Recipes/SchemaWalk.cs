using System.Text.Json.Nodes;

namespace Provision.Tests.Review.Recipes;

/// <summary>
/// Holds a document against a JSON Schema: the few words of draft 2020-12 that report.schema.json uses. Stricter than the standard, a member that the schema
/// does not describe is a breach; looser, patterns and limits are not looked at.
/// </summary>
internal sealed class SchemaWalk(JsonObject root)
{
    private readonly HashSet<string> _seen = [];

    /// <summary>What does not fit, a line each.</summary>
    public List<string> Breaches { get; } = [];

    public void Walk(JsonNode? value) => Walk(value, root, "$");

    /// <summary>The members that are described and that no document had.</summary>
    public IEnumerable<string> Unseen() => Members(root).Where(path => !_seen.Contains(path));

    /// <summary>The members without a description.</summary>
    public IEnumerable<string> Undescribed() => Members(root).Where(path => string.IsNullOrEmpty((string?)Find(path)?["description"]));

    private void Walk(JsonNode? value, JsonObject schema, string path)
    {
        if ((string?)schema["$ref"] is { } reference)
        {
            schema = root["$defs"]?[reference["#/$defs/".Length..]] as JsonObject ?? throw new InvalidDataException($"{reference} is not there.");
        }

        if ((string?)schema["type"] is { } type && !IsOf(value, type)
            || schema["const"] is { } constant && !JsonNode.DeepEquals(constant, value)
            || schema["enum"] is JsonArray words && !words.Any(word => JsonNode.DeepEquals(word, value)))
        {
            Breaches.Add($"{path} is {value?.ToJsonString()}");
        }

        if (value is JsonArray items && schema["items"] is JsonObject item)
        {
            foreach (var one in items)
            {
                Walk(one, item, path + "[]");
            }
        }
        else if (value is JsonObject members && (string?)schema["type"] == "object")
        {
            WalkMembers(members, schema, path);
        }
    }

    private void WalkMembers(JsonObject value, JsonObject schema, string path)
    {
        Breaches.AddRange((schema["required"] as JsonArray ?? []).Where(name => !value.ContainsKey((string?)name ?? "")).Select(name => $"{path} has no {name}"));
        foreach (var (name, member) in value)
        {
            if (schema["properties"]?[name] is JsonObject described)
            {
                _seen.Add(described.GetPath());
                Walk(member, described, $"{path}.{name}");
            }
            else if (schema["additionalProperties"] is JsonObject any)
            {
                Walk(member, any, $"{path}.{name}");
            }
            else
            {
                Breaches.Add($"{path}.{name} is not described");
            }
        }
    }

    private static IEnumerable<string> Members(JsonNode? node)
    {
        foreach (var (name, child) in node as JsonObject ?? [])
        {
            var found = name == "properties" && child is JsonObject properties
                ? properties.SelectMany(property => Members(property.Value).Prepend(property.Value?.GetPath() ?? ""))
                : Members(child);
            foreach (var path in found)
            {
                yield return path;
            }
        }
    }

    private JsonNode? Find(string path) => path.Split('.').Skip(1).Aggregate((JsonNode?)root, (node, name) => node?[name]);

    private static bool IsOf(JsonNode? value, string type) => value?.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Object => type == "object",
        System.Text.Json.JsonValueKind.Array => type == "array",
        System.Text.Json.JsonValueKind.String => type == "string",
        System.Text.Json.JsonValueKind.Number => type is "number" or "integer",
        System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => type == "boolean",
        _ => false,
    };
}
