using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>
/// Hides in a diff what is secret on either side. The sides do not always agree: what a daemon reports is plain text even where what was
/// declared is secret, and a list may have moved by one. What cannot be told apart is hidden.
/// </summary>
internal static class SecretMask
{
    private static readonly PropertyValue Hidden = new PropertyValue.Secret(PropertyValue.Null.Value);

    public static (PropertyValue? Old, PropertyValue? New) Of(PlannedStep step, PropertyDiff change)
    {
        PropertyMap?[] sources = [step.Old?.Inputs, step.Old?.Outputs, step.Inputs];
        var known = sources.OfType<PropertyMap>().Select(map => (PropertyValue)map).ToArray();
        if (known.Any(source => change.Path.Find(source) is PropertyValue.Secret))
        {
            return (change.Old is null ? null : Hidden, change.New is null ? null : Hidden);
        }

        var (old, fresh) = Pair(change.Old, change.New);
        var list = ListAround(change.Path);
        if (list is not null && known.Select(list.Find).Any(HasSecret))
        {
            return (
                old is null || IsPlainIn(list, step.Old?.Inputs, old) ? old : Hidden,
                fresh is null || IsPlainIn(list, step.Inputs, fresh) ? fresh : Hidden);
        }

        foreach (var source in known)
        {
            var recorded = change.Path.Find(source);
            (old, _) = Pair(old, recorded);
            (fresh, _) = Pair(fresh, recorded);
        }

        return (old, fresh);
    }

    /// <summary>Both values, each with everything hidden that is secret in the other.</summary>
    public static (PropertyValue? Left, PropertyValue? Right) Pair(PropertyValue? left, PropertyValue? right) => (left, right) switch
    {
        (null, null) => (null, null),
        (PropertyValue.Secret, _) or (_, PropertyValue.Secret) => (left is null ? null : Hidden, right is null ? null : Hidden),
        (PropertyValue.Map one, PropertyValue.Map two) => PairMaps(one.Properties, two.Properties),
        (PropertyValue.List one, PropertyValue.List two) => (MaskItems(one, two), MaskItems(two, one)),
        // Of two shapes nothing can be matched: a secret anywhere in one hides the other whole.
        _ => (HasSecret(right) && left is not null ? Hidden : left, HasSecret(left) && right is not null ? Hidden : right),
    };

    /// <summary>The value with everything hidden that is secret in the other; what the other lacks stays.</summary>
    public static PropertyValue HideLike(PropertyValue value, PropertyValue other) => Pair(value, other).Left ?? value;

    private static (PropertyValue Left, PropertyValue Right) PairMaps(PropertyMap left, PropertyMap right)
    {
        var (lefts, rights) = (new List<Property>(), new List<Property>());
        foreach (var key in left.Keys.Union(right.Keys, StringComparer.Ordinal))
        {
            var (one, two) = Pair(left.Find(key), right.Find(key));
            lefts.Add(new Property(key, one));
            rights.Add(new Property(key, two));
        }

        return (PropertyMap.Of(lefts), PropertyMap.Of(rights));
    }

    private static PropertyValue.List MaskItems(PropertyValue.List list, PropertyValue.List other)
    {
        if (!HasSecret(list) && !HasSecret(other))
        {
            return list;
        }

        return new PropertyValue.List([.. list.Items.Select(item => IsPlainIn(other, item) ? item : Hidden)]);
    }

    private static bool IsPlainIn(PropertyPath list, PropertyMap? map, PropertyValue item) =>
        map is not null && list.Find(map) is PropertyValue.List items && items.Items.Any(other => IsPlainEqual(other, item));

    private static bool IsPlainIn(PropertyValue.List list, PropertyValue item) => list.Items.Any(other => IsPlainEqual(other, item) || IsSameEntry(other, item));

    // Equality must not decrypt anything, so whatever holds a secret counts as different.
    private static bool IsPlainEqual(PropertyValue left, PropertyValue right) => !HasSecret(left) && !HasSecret(right) && left.Equals(right);

    // "NAME=value" of an environment, plain on both sides: the value changed, and neither is secret.
    private static bool IsSameEntry(PropertyValue left, PropertyValue right) =>
        left is PropertyValue.String one && right is PropertyValue.String two
        && one.Value.IndexOf('=', StringComparison.Ordinal) is > 0 and var at
        && two.Value.StartsWith(one.Value.AsSpan(0, at + 1), StringComparison.Ordinal);

    /// <summary>The innermost list that a path goes into; null where it goes into none.</summary>
    private static PropertyPath? ListAround(PropertyPath path)
    {
        PropertyPath? list = null;
        var at = PropertyPath.Root;
        foreach (var segment in path.Segments)
        {
            list = segment.Key is null && !at.Segments.IsEmpty ? at : list;
            at = segment.Key is { } key ? at.Child(key) : at.Child(segment.Index);
        }

        return list;
    }

    public static bool HasSecret(PropertyValue? value) => value switch
    {
        PropertyValue.Secret => true,
        PropertyValue.List list => list.Items.Any(HasSecret),
        PropertyValue.Map map => map.Properties.Values.Any(HasSecret),
        PropertyValue.Join join => join.Parts.Any(HasSecret),
        PropertyValue.Archive { Assets: { } assets } => assets.Values.Any(HasSecret),
        _ => false,
    };
}
