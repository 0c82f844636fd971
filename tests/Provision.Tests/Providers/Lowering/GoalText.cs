using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Tests.Providers.Lowering;

/// <summary>Goals as text to review: one block a goal, values as JSON with references written <c>${name.path}</c>.</summary>
internal static class GoalText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(IEnumerable<ResourceGoal> goals) => string.Join("\n", goals.Select(Of));

    public static string Of(ResourceGoal goal)
    {
        var text = new StringBuilder();
        text.Append(goal.Urn).Append('\n');
        Line("parent", goal.Parent?.Name);
        Line("provider", goal.Provider?.Name);
        Line("dependsOn", goal.Options.DependsOn.IsEmpty ? null : string.Join(", ", goal.Options.DependsOn.Select(urn => $"{urn.Type.Name} {urn.Name}")));
        Line("retainOnDelete", goal.Options.RetainOnDelete?.ToString());
        foreach (var (name, value) in goal.Inputs)
        {
            Line($"  {name}", Of(value));
        }

        foreach (var (name, value) in goal.ComponentOutputs ?? PropertyMap.Empty)
        {
            Line($"  output {name}", Of(value));
        }

        return text.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                text.Append("  ").Append(name).Append(": ").Append(value).Append('\n');
            }
        }
    }

    public static string Of(PropertyValue value) => value switch
    {
        PropertyValue.String text => JsonSerializer.Serialize(text.Value, Plain),
        PropertyValue.List list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        PropertyValue.Map map => $"{{{string.Join(", ", map.Properties.Select(entry => $"{entry.Key}: {Of(entry.Value)}"))}}}",
        PropertyValue.Join join => $"join({string.Join(", ", join.Parts.Select(Of))})",
        PropertyValue.Secret secret => $"secret({Of(secret.Reveal())})",
        _ => value.ToString() ?? "",
    };
}
