using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>Compares inputs by a table that says of each how a change of it is applied.</summary>
internal static class InputDiff
{
    public static ImmutableArray<PropertyDiff> Compare(PropertyMap old, PropertyMap wanted, ApplyTable table)
    {
        var changes = ImmutableArray.CreateBuilder<PropertyDiff>();
        foreach (var (key, apply) in table.Rules)
        {
            var before = Set(old.Find(key));
            var after = Set(wanted.Find(key));
            if (before is null && after is null)
            {
                continue;
            }

            if (before is null || after is null || !Same(before, after))
            {
                var kind = before is null ? DiffKind.Add : after is null ? DiffKind.Delete : DiffKind.Update;
                changes.Add(new PropertyDiff(PropertyPath.Of(key), kind, apply, before, after));
            }
        }

        return changes.ToImmutable();
    }

    /// <summary>Equal by content: whether something is kept secret changes nothing on the host.</summary>
    public static bool Same(PropertyValue left, PropertyValue right)
    {
        // First as they are: two secrets of one ciphertext are equal without the key's derivation.
        if (left.Equals(right))
        {
            return true;
        }

        return (Open(left), Open(right)) switch
        {
            (PropertyValue.List a, PropertyValue.List b) => a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => Same(pair.First, pair.Second)),
            (PropertyValue.Map { Properties: var a }, PropertyValue.Map { Properties: var b }) =>
                a.Count == b.Count && a.All(entry => b.Find(entry.Key) is { } other && Same(entry.Value, other)),
            var (a, b) => a.Equals(b),
        };
    }

    private static PropertyValue Open(PropertyValue value) => value is PropertyValue.Secret secret ? Open(secret.Reveal()) : value;

    private static PropertyValue? Set(PropertyValue? value) => value is PropertyValue.Null ? null : value;
}
