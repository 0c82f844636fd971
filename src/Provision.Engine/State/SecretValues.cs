using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Pure functions over the secrets in values and snapshots.</summary>
internal static class SecretValues
{
    /// <summary>Whether a secret occurs that has no ciphertext yet.</summary>
    public static bool HasFresh(PropertyMap map) => map.Values.Any(HasFresh);

    /// <summary>
    /// A program makes its secrets anew in each run; where one says the same as the secret recorded at its place, the recorded one and its
    /// ciphertext stay, so that files stay stable.
    /// </summary>
    public static Snapshot KeepCiphertexts(Snapshot before, Snapshot after)
    {
        if (ReferenceEquals(before, after) || !after.Resources.Any(state => HasFresh(state.Inputs) || HasFresh(state.Outputs)))
            return after;

        var recorded = before.Resources.Where(state => !state.Delete).DistinctBy(state => state.Urn).ToDictionary(state => state.Urn);
        return after with
        {
            Resources =
            [
                .. after.Resources.Select(state => recorded.TryGetValue(state.Urn, out var old)
                    ? state with { Inputs = Keep(old.Inputs, state.Inputs), Outputs = Keep(old.Outputs, state.Outputs) }
                    : state),
            ],
        };
    }

    /// <summary>All secrets without their ciphertexts, to be encrypted by another provider. Decrypts them.</summary>
    public static Snapshot Detach(Snapshot snapshot) => snapshot with
    {
        Resources = [.. snapshot.Resources.Select(Detach)],
        PendingOperations = [.. snapshot.PendingOperations.Select(pending => pending with { Resource = Detach(pending.Resource) })],
    };

    public static ResourceState Detach(ResourceState state) => state with { Inputs = Detach(state.Inputs), Outputs = Detach(state.Outputs) };

    private static PropertyMap Detach(PropertyMap map) => Map(map, value => value is PropertyValue.Secret { Ciphertext: not null } secret
        ? new PropertyValue.Secret(secret.Reveal())
        : null);

    /// <summary>The map with every value for which <paramref name="change"/> gives another put in its place; secrets are not looked into.</summary>
    public static PropertyMap Map(PropertyMap map, Func<PropertyValue, PropertyValue?> change) => map.WithValues((_, value) => Map(value, change));

    private static PropertyValue Map(PropertyValue value, Func<PropertyValue, PropertyValue?> change)
    {
        JsonLimits.EnsureStack();
        if (change(value) is { } other)
            return other;

        switch (value)
        {
            case PropertyValue.Map map:
                return map.WithValues((_, member) => Map(member, change));
            case PropertyValue.List list:
                return list.WithItems(item => Map(item, change));
            case PropertyValue.Archive { Assets: { } assets } archive:
                var members = Map(assets, change);
                return ReferenceEquals(members, assets) ? value : archive with { Assets = members };
            default:
                return value;
        }
    }

    private static bool HasFresh(PropertyValue value)
    {
        JsonLimits.EnsureStack();
        return value switch
        {
            PropertyValue.Secret secret => secret.Ciphertext is null,
            PropertyValue.Map map => HasFresh(map.Properties),
            PropertyValue.List list => list.Items.Any(HasFresh),
            _ => false,
        };
    }

    private static PropertyMap Keep(PropertyMap old, PropertyMap now) => !HasFresh(now)
        ? now
        : now.WithValues((key, value) => old.Find(key) is { } was ? Keep(was, value) : value);

    private static PropertyValue Keep(PropertyValue old, PropertyValue now) => (old, now) switch
    {
        (PropertyValue.Secret { Ciphertext: not null } was, PropertyValue.Secret { Ciphertext: null } fresh) when was.Equals(fresh) => was,
        (PropertyValue.Map was, PropertyValue.Map map) => new PropertyValue.Map(Keep(was.Properties, map.Properties)),
        (PropertyValue.List was, PropertyValue.List list) =>
            PropertyValue.ListOf(list.Items.Select((item, index) => index < was.Items.Length ? Keep(was.Items[index], item) : item)),
        _ => now,
    };
}
