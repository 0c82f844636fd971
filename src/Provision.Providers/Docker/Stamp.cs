using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>The labels by which we know what is ours. An object without them is never touched.</summary>
internal static class Stamp
{
    public const string Project = "provision.project";
    public const string Stack = "provision.stack";
    public const string Urn = "provision.urn";
    public const string Owner = "provision.owner";

    /// <summary>The stamp's URN among a resource's inputs; null where the program put none there.</summary>
    public static string? UrnIn(PropertyMap inputs) => new InputReader(inputs).Labels().GetValueOrDefault(Urn);

    /// <summary>Whether an object with these labels is the one these inputs make.</summary>
    public static bool IsOurs(IDictionary<string, string>? labels, PropertyMap inputs) =>
        UrnIn(inputs) is { Length: > 0 } urn && labels is not null && labels.TryGetValue(Urn, out var theirs) && theirs == urn;

    /// <summary>Whose it is, to follow "is": another stack, something else of this one, or nobody we know.</summary>
    public static string OwnerOf(IDictionary<string, string>? labels)
    {
        if (labels is null || !labels.TryGetValue(Stack, out var stack))
        {
            return "not made by provision";
        }

        var project = labels.TryGetValue(Project, out var name) ? $" of project '{name}'" : "";
        var urn = labels.TryGetValue(Urn, out var text) && Engine.Resources.Urn.TryParse(text, out var parsed) ? $" ('{parsed.Name}')" : "";
        return $"of stack '{stack}'{project}{urn}";
    }
}
