using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>Compares two property maps value by value, as the engine does where no provider knows better.</summary>
public static class PropertyComparison
{
    /// <summary>The differences at the deepest level at which both sides still have the same shape, all of class live.</summary>
    public static ImmutableArray<PropertyDiff> Compare(PropertyMap oldProperties, PropertyMap newProperties)
    {
        ArgumentNullException.ThrowIfNull(oldProperties);
        ArgumentNullException.ThrowIfNull(newProperties);
        var changes = ImmutableArray.CreateBuilder<PropertyDiff>();
        CompareMaps(PropertyPath.Root, oldProperties, newProperties, changes);
        return changes.ToImmutable();
    }

    private static void CompareMaps(PropertyPath path, PropertyMap oldMap, PropertyMap newMap, ImmutableArray<PropertyDiff>.Builder changes)
    {
        foreach (var key in oldMap.Keys.Union(newMap.Keys, StringComparer.Ordinal))
        {
            CompareValues(path.Child(key), oldMap.Find(key), newMap.Find(key), changes);
        }
    }

    private static void CompareValues(PropertyPath path, PropertyValue? oldValue, PropertyValue? newValue, ImmutableArray<PropertyDiff>.Builder changes)
    {
        switch (oldValue, newValue)
        {
            case (null or PropertyValue.Null, null or PropertyValue.Null):
                break;
            case (null or PropertyValue.Null, _):
                changes.Add(new PropertyDiff(path, DiffKind.Add, ApplyClass.Live, null, newValue));
                break;
            case (_, null or PropertyValue.Null):
                changes.Add(new PropertyDiff(path, DiffKind.Delete, ApplyClass.Live, oldValue, null));
                break;
            case (PropertyValue.Map oldMap, PropertyValue.Map newMap):
                CompareMaps(path, oldMap.Properties, newMap.Properties, changes);
                break;
            case (PropertyValue.List oldList, PropertyValue.List newList):
                for (var i = 0; i < Math.Max(oldList.Items.Length, newList.Items.Length); i++)
                {
                    CompareValues(path.Child(i), At(oldList, i), At(newList, i), changes);
                }

                break;
            default:
                if (!oldValue.Equals(newValue))
                {
                    changes.Add(new PropertyDiff(path, DiffKind.Update, ApplyClass.Live, oldValue, newValue));
                }

                break;
        }
    }

    private static PropertyValue? At(PropertyValue.List list, int index) => index < list.Items.Length ? list.Items[index] : null;
}
