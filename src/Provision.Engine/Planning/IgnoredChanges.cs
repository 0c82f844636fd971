using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>The options ignoreChanges and replaceOnChanges, applied to inputs and diffs.</summary>
internal static class IgnoredChanges
{
    /// <summary>The new inputs with every ignored path set back to its old value. A path that only one side has stays as it is.</summary>
    public static PropertyMap Reset(PropertyMap newInputs, PropertyMap oldInputs, ImmutableArray<string> paths) =>
        paths.Aggregate(newInputs, (inputs, path) =>
            Reset(inputs, oldInputs, PropertyPath.Parse(path).Segments.AsSpan()) is PropertyValue.Map reset ? reset.Properties : inputs);

    /// <summary>The diff with every change at a replaceOnChanges path made a replacement.</summary>
    public static DiffResponse Escalate(DiffResponse diff, ImmutableArray<string> paths)
    {
        if (paths.IsEmpty || !diff.HasChanges)
        {
            return diff;
        }

        var replacing = paths.Select(PropertyPath.Parse).ToArray();
        return diff with
        {
            Changes = [.. diff.Changes.Select(change =>
                replacing.Any(path => path.Contains(change.Path) || change.Path.Contains(path)) ? change with { Apply = ApplyClass.Replace } : change)],
        };
    }

    private static PropertyValue Reset(PropertyValue newValue, PropertyValue oldValue, ReadOnlySpan<PropertyPath.Segment> path)
    {
        if (path.IsEmpty)
        {
            return oldValue;
        }

        if (newValue is PropertyValue.Map newMap && oldValue is PropertyValue.Map oldMap && path[0].Key is { } key)
        {
            return newMap.Properties.Find(key) is { } newChild && oldMap.Properties.Find(key) is { } oldChild
                ? newMap.Properties.With(key, Reset(newChild, oldChild, path[1..]))
                : newValue;
        }

        if (newValue is PropertyValue.Map newAll && oldValue is PropertyValue.Map oldAll && path[0].IsAll)
        {
            var rest = path[1..].ToArray();
            return newAll.WithValues((name, child) => oldAll.Properties.Find(name) is { } before ? Reset(child, before, rest) : child);
        }

        if (newValue is PropertyValue.List newList && oldValue is PropertyValue.List oldList && path[0].Key is null)
        {
            var items = newList.Items.ToArray();
            for (var i = 0; i < Math.Min(items.Length, oldList.Items.Length); i++)
            {
                if (path[0].IsAll || path[0].Index == i)
                {
                    items[i] = Reset(items[i], oldList.Items[i], path[1..]);
                }
            }

            return PropertyValue.ListOf(items);
        }

        return newValue;
    }
}
