using System.Collections.Frozen;
using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Writes one state as Pulumi's ResourceV3; see <see cref="ResourceJsonReader"/> for the way back.</summary>
internal static class ResourceJson
{
    /// <summary>
    /// All members in the order in which pulumi writes them. Those we have no use for are kept in <see cref="ResourceState.UnknownMembers"/>
    /// and written in their place, so that a foreign checkpoint comes out as it went in.
    /// </summary>
    private static readonly ImmutableArray<string> Order =
    [
        "urn", "custom", "delete", "id", "type", "inputs", "outputs", "parent", "protect", "taint", "external", "dependencies", "initErrors", "provider",
        "propertyDependencies", "pendingReplacement", "additionalSecretOutputs", "aliases", "customTimeouts", "importID", "retainOnDelete", "deletedWith",
        "replaceWith", "created", "modified", "sourcePosition", "stackTrace", "ignoreChanges", "hideDiff", "replaceOnChanges", "replacementTrigger",
        "refreshBeforeUpdate", "viewOf", "resourceHooks", "extensionRef", "snippetID",
    ];

    private static readonly FrozenSet<string> Ordered = Order.ToFrozenSet(StringComparer.Ordinal);

    public static void Write(CanonicalJsonWriter json, ResourceState state, SecretForm secrets)
    {
        json.StartObject();
        foreach (var member in Order)
            WriteMember(json, member, state, secrets);
        foreach (var (member, value) in state.UnknownMembers)
        {
            if (Ordered.Contains(member))
                continue;

            json.Name(member);
            json.Element(value);
        }

        json.EndObject();
    }

    private static void WriteMember(CanonicalJsonWriter json, string member, ResourceState state, SecretForm secrets)
    {
        switch (member)
        {
            case "urn":
                Text(json, member, state.Urn.ToString());
                break;
            case "custom":
                json.Name(member);
                json.Bool(state.Custom);
                break;
            case "delete":
                Flag(json, member, state.Delete);
                break;
            case "id":
                OptionalText(json, member, state.Id);
                break;
            case "type":
                Text(json, member, state.UnknownMembers.TryGetValue(member, out var type) ? type.GetString() ?? "" : state.Type.Token);
                break;
            case "inputs":
                Map(json, member, state.Inputs, secrets);
                break;
            case "outputs":
                Map(json, member, state.Outputs, secrets);
                break;
            case "parent":
                OptionalText(json, member, state.Parent?.ToString());
                break;
            case "protect":
                Flag(json, member, state.Protect);
                break;
            case "external":
                Flag(json, member, state.External);
                break;
            case "dependencies":
                Urns(json, member, state.Dependencies);
                break;
            case "initErrors":
                Texts(json, member, state.InitErrors);
                break;
            case "provider":
                OptionalText(json, member, state.Provider?.ToString());
                break;
            case "propertyDependencies":
                PropertyDependencies(json, member, state.PropertyDependencies);
                break;
            case "pendingReplacement":
                Flag(json, member, state.PendingReplacement);
                break;
            case "additionalSecretOutputs":
                Texts(json, member, state.AdditionalSecretOutputs);
                break;
            case "customTimeouts":
                Timeouts(json, member, state.CustomTimeouts);
                break;
            case "importID":
                OptionalText(json, member, state.ImportId);
                break;
            case "retainOnDelete":
                Flag(json, member, state.RetainOnDelete);
                break;
            case "deletedWith":
                OptionalText(json, member, state.DeletedWith?.ToString());
                break;
            case "replaceWith":
                Urns(json, member, state.ReplaceWith);
                break;
            case "created":
                Time(json, member, state.Created, state);
                break;
            case "modified":
                Time(json, member, state.Modified, state);
                break;
            case "sourcePosition":
                OptionalText(json, member, state.SourcePosition);
                break;
            case "ignoreChanges":
                Texts(json, member, state.IgnoreChanges);
                break;
            case "replaceOnChanges":
                Texts(json, member, state.ReplaceOnChanges);
                break;
            default:
                if (state.UnknownMembers.TryGetValue(member, out var kept))
                {
                    json.Name(member);
                    json.Element(kept);
                }

                break;
        }
    }

    private static void Text(CanonicalJsonWriter json, string member, string value)
    {
        json.Name(member);
        json.String(value);
    }

    private static void OptionalText(CanonicalJsonWriter json, string member, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Text(json, member, value);
    }

    private static void Flag(CanonicalJsonWriter json, string member, bool value)
    {
        if (!value)
            return;

        json.Name(member);
        json.Bool(true);
    }

    private static void Map(CanonicalJsonWriter json, string member, PropertyMap map, SecretForm secrets)
    {
        if (map.Count == 0)
            return;

        json.Name(member);
        PropertyValueJson.Write(json, map, secrets);
    }

    private static void Texts(CanonicalJsonWriter json, string member, ImmutableArray<string> texts)
    {
        if (texts.IsEmpty)
            return;

        json.Name(member);
        json.StartArray();
        foreach (var text in texts)
            json.String(text);
        json.EndArray();
    }

    private static void Urns(CanonicalJsonWriter json, string member, ImmutableArray<Urn> urns)
    {
        if (!urns.IsEmpty)
            Texts(json, member, [.. urns.Select(urn => urn.ToString())]);
    }

    private static void PropertyDependencies(CanonicalJsonWriter json, string member, ImmutableArray<PropertyDependency> dependencies)
    {
        if (dependencies.IsEmpty)
            return;

        json.Name(member);
        json.StartObject();
        foreach (var (property, urns) in dependencies)
        {
            json.Name(property);
            json.StartArray();
            foreach (var urn in urns)
                json.String(urn.ToString());
            json.EndArray();
        }

        json.EndObject();
    }

    private static void Timeouts(CanonicalJsonWriter json, string member, CustomTimeouts? timeouts)
    {
        if (timeouts is null)
            return;

        json.Name(member);
        json.StartObject();
        Seconds(json, "create", timeouts.Create);
        Seconds(json, "update", timeouts.Update);
        Seconds(json, "delete", timeouts.Delete);
        Seconds(json, "read", timeouts.Read);
        json.EndObject();
    }

    private static void Seconds(CanonicalJsonWriter json, string member, TimeSpan? time)
    {
        if (time is null)
            return;

        json.Name(member);
        json.Number(time.Value.TotalSeconds);
    }

    private static void Time(CanonicalJsonWriter json, string member, DateTimeOffset? time, ResourceState state)
    {
        if (time is not { } value)
            return;

        // Go keeps nanoseconds, we do not: the text that was read stands as long as the time does.
        var exact = state.UnknownMembers.TryGetValue(member, out var read) && Rfc3339.TryParse(read.GetString(), out var same) && same == value
            ? read.GetString()
            : null;
        Text(json, member, exact ?? Rfc3339.Format(value));
    }
}
