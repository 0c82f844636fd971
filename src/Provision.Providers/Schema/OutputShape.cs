using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>
/// Makes outputs in Pulumi's shape: every input present, with its default where it is unset (falsy ones too) and null where it has none. Pure.
/// </summary>
internal static class OutputShape
{
    /// <param name="table">The kind's inputs.</param>
    /// <param name="inputs">What the program set; its spelling stays where it means the same as what was seen.</param>
    /// <param name="seen">What the daemon reports, by input name; what it does not report is left out.</param>
    public static PropertyMap Compose(InputTable table, PropertyMap inputs, PropertyMap seen) =>
        PropertyMap.From(table.Top.Select(row => KeyValuePair.Create(row.Name, ValueOf(table, row, inputs.Find(row.Name), seen.Find(row.Name)))));

    /// <summary>Inputs that would make what was seen, for an import: what is not empty, no default and not the daemon's own choice.</summary>
    public static PropertyMap Inputs(InputTable table, PropertyMap seen) =>
        PropertyMap.Of(
            from row in table.Top
            let value = seen.Find(row.Name)
            where !Values.IsEmpty(value) && (!row.Computed || row.Name == "name")
                && (row.Default is null || !InputEquality.Same(table, row, value, row.Default))
            select new Property(row.Name, WithoutNulls(value)));

    private static PropertyValue ValueOf(InputTable table, InputRow row, PropertyValue? input, PropertyValue? seen)
    {
        if (Values.Plain(input) is null)
        {
            // Unset is unmanaged: only what the daemon is known to fill in is recorded, so that its other defaults never look like a setting.
            return row.Computed && seen is not null ? Filled(table, row, seen) : row.Default ?? PropertyValue.Null.Value;
        }

        if (seen is null || InputEquality.Same(table, row, seen, input))
        {
            return Filled(table, row, input ?? PropertyValue.Null.Value);
        }

        return Values.HasSecret(input) ? new PropertyValue.Secret(Filled(table, row, seen)) : Filled(table, row, seen);
    }

    private static PropertyValue Filled(InputTable table, InputRow row, PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => new PropertyValue.Secret(Filled(table, row, secret.Reveal())),
        PropertyValue.Map map when row.Kind == InputKind.Nested => FilledMembers(table, row, map.Properties),
        PropertyValue.List list when row.Kind is InputKind.ObjectList or InputKind.ObjectSet =>
            PropertyValue.ListOf(list.Items.Select(item => item is PropertyValue.Map one ? FilledMembers(table, row, one.Properties) : item)),
        _ => value,
    };

    private static PropertyMap FilledMembers(InputTable table, InputRow row, PropertyMap members) =>
        PropertyMap.From(table.MembersOf(row).Select(member => KeyValuePair.Create(
            member.Name,
            members.Find(member.Name) is { } value and not PropertyValue.Null ? Filled(table, member, value) : member.Default ?? PropertyValue.Null.Value)));

    private static PropertyValue? WithoutNulls(PropertyValue? value) => value switch
    {
        PropertyValue.Map map => PropertyMap.From(
            from entry in map.Properties
            where !Values.IsEmpty(entry.Value)
            select KeyValuePair.Create(entry.Key, WithoutNulls(entry.Value) ?? PropertyValue.Null.Value)),
        PropertyValue.List list => PropertyValue.ListOf(list.Items.Select(item => WithoutNulls(item) ?? PropertyValue.Null.Value)),
        _ => value,
    };
}
