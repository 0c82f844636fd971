using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>
/// Compares what the program sets with what was last seen, in canonical form. Pure.
/// </summary>
/// <remarks>
/// What the program does not set and did not set is nobody's business but the daemon's. What it did set and no longer does goes back to its default.
/// An unknown is a change, for it may be one.
/// </remarks>
internal static class InputDiff
{
    public static ImmutableArray<PropertyDiff> Compare(InputTable table, DiffRequest request)
    {
        var changes = ImmutableArray.CreateBuilder<PropertyDiff>();
        CompareMembers(table, table.Top, PropertyPath.Root, Recorded(request), request.OldOutputs, request.NewInputs, changes);
        return changes.ToImmutable();
    }

    /// <summary>A resource read or imported has no inputs recorded: what was seen is then all there was.</summary>
    private static PropertyMap Recorded(DiffRequest request) => request.OldInputs;

    private static void CompareMembers(
        InputTable table, ImmutableArray<InputRow> rows, PropertyPath at, PropertyMap oldInputs, PropertyMap seen, PropertyMap wanted,
        ImmutableArray<PropertyDiff>.Builder changes)
    {
        foreach (var row in rows)
        {
            var now = wanted.Find(row.Name);
            var before = seen.Find(row.Name);
            if (Values.Plain(now) is null)
            {
                // Taken away: back to the default, unless that is what it is already.
                if (!Values.IsEmpty(oldInputs.Find(row.Name)) && !IsDefault(table, row, before))
                {
                    changes.Add(new PropertyDiff(at.Child(row.Name), DiffKind.Delete, Apply(row.Class), before ?? oldInputs.Find(row.Name), null));
                }
            }
            else if (Values.HasUnknown(now))
            {
                changes.Add(new PropertyDiff(at.Child(row.Name), KindOf(before), Apply(HeaviestOf(table, row)), before, now));
            }
            else if (row.Kind == InputKind.Nested && Values.Plain(before) is PropertyValue.Map)
            {
                CompareMembers(
                    table, table.MembersOf(row), at.Child(row.Name), Values.Members(oldInputs.Find(row.Name)), Values.Members(before), Values.Members(now), changes);
            }
            else if (!InputEquality.Same(table, row, before, now))
            {
                changes.Add(new PropertyDiff(at.Child(row.Name), KindOf(before), Apply(HeaviestOf(table, row)), Values.Plain(before) is null ? null : before, now));
            }
        }
    }

    private static bool IsDefault(InputTable table, InputRow row, PropertyValue? seen) =>
        row.Default is { } standard ? Values.Plain(seen) is null || InputEquality.Same(table, row, seen, standard) : Values.IsEmpty(seen);

    private static DiffKind KindOf(PropertyValue? before) => Values.Plain(before) is null ? DiffKind.Add : DiffKind.Update;

    /// <summary>An object that comes as a whole changes as its heaviest member does.</summary>
    private static InputClass HeaviestOf(InputTable table, InputRow row) =>
        row.Kind is InputKind.Nested or InputKind.ObjectList or InputKind.ObjectSet
            ? table.MembersOf(row).Select(member => HeaviestOf(table, member)).Append(row.Class).Max()
            : row.Class;

    /// <summary>The engine knows no lighter way than live; a change that is only recorded is one without a call.</summary>
    private static ApplyClass Apply(InputClass inputClass) => inputClass switch
    {
        InputClass.StateOnly or InputClass.Live => ApplyClass.Live,
        InputClass.Restart => ApplyClass.Restart,
        _ => ApplyClass.Replace,
    };
}
