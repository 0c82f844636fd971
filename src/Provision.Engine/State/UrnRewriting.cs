using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Gives resources other URNs, everywhere a snapshot speaks of them. Pure. Secrets are not looked into.</summary>
internal static class UrnRewriting
{
    /// <summary>Every URN of one stack becomes one of the other; the root's name follows.</summary>
    public static Snapshot MoveStack(Snapshot snapshot, StackName from, StackName to)
    {
        var oldRoot = Urn.OfStack(from.Name, from.Project);
        var newRoot = Urn.OfStack(to.Name, to.Project);
        var known = new Dictionary<Urn, Urn>();
        return Apply(snapshot, urn =>
        {
            if (known.TryGetValue(urn, out var done))
                return done;

            return known[urn] = urn == oldRoot ? newRoot : urn.Stack == from.Name && urn.Project == from.Project ? urn.WithStack(to.Name, to.Project) : urn;
        });
    }

    public static Snapshot Apply(Snapshot snapshot, Func<Urn, Urn> rename) => snapshot with
    {
        Resources = [.. snapshot.Resources.Select(state => Apply(state, rename))],
        PendingOperations = [.. snapshot.PendingOperations.Select(pending => pending with { Resource = Apply(pending.Resource, rename) })],
    };

    public static ResourceState Apply(ResourceState state, Func<Urn, Urn> rename)
    {
        return state with
        {
            Urn = Rename(state.Urn),
            Parent = state.Parent is { } parent ? Rename(parent) : null,
            Provider = state.Provider is { } provider ? provider with { Urn = Rename(provider.Urn) } : null,
            Dependencies = RenameAll(state.Dependencies),
            PropertyDependencies = [.. state.PropertyDependencies.Select(dependency => dependency with { Urns = RenameAll(dependency.Urns) })],
            DeletedWith = state.DeletedWith is { } container ? Rename(container) : null,
            ReplaceWith = RenameAll(state.ReplaceWith),
            Inputs = SecretValues.Map(state.Inputs, RenameReference),
            Outputs = SecretValues.Map(state.Outputs, RenameReference),
            UnknownMembers = state.UnknownMembers.IsEmpty ? state.UnknownMembers : RenameUnknown(state.UnknownMembers),
        };

        Urn Rename(Urn urn) => urn == Urn.None ? urn : rename(urn);

        ImmutableArray<Urn> RenameAll(ImmutableArray<Urn> urns) => urns.IsEmpty ? urns : [.. urns.Select(Rename)];

        PropertyValue? RenameReference(PropertyValue value) =>
            value is PropertyValue.Resource reference && Rename(reference.Urn) is var renamed && renamed != reference.Urn ? reference with { Urn = renamed } : null;

        // Of the members we have no use for, these hold URNs.
        ImmutableSortedDictionary<string, JsonElement> RenameUnknown(ImmutableSortedDictionary<string, JsonElement> members)
        {
            foreach (var member in (ReadOnlySpan<string>)["aliases", "viewOf"])
            {
                if (members.TryGetValue(member, out var value))
                    members = members.SetItem(member, RenameElement(value));
            }

            return members;
        }

        JsonElement RenameElement(JsonElement element)
        {
            var text = CanonicalJsonWriter.ToText(json => WriteRenamed(json, element));
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }

        void WriteRenamed(CanonicalJsonWriter json, JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String when Urn.TryParse(element.GetString(), out var urn):
                    json.String(Rename(urn).ToString());
                    break;
                case JsonValueKind.Array:
                    json.StartArray();
                    foreach (var item in element.EnumerateArray())
                        WriteRenamed(json, item);
                    json.EndArray();
                    break;
                default:
                    json.Element(element);
                    break;
            }
        }
    }
}
