using CsCheck;
using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Engine.Resources;

public sealed class PropertyMapTests
{
    private static readonly Gen<KeyValuePair<string, PropertyValue>[]> Entries =
        Gen.Select(Gen.Char["abAB_é"].Array[0, 3], Gen.Int[0, 9], (key, value) => KeyValuePair.Create(new string(key), (PropertyValue)value)).Array[0, 40];

    [Fact]
    public void Keys_are_in_ordinal_order_and_of_equal_ones_the_last_wins() => Entries.Sample(entries =>
    {
        var expected = new SortedDictionary<string, PropertyValue>(StringComparer.Ordinal);
        foreach (var (key, value) in entries)
        {
            expected[key] = value;
        }

        foreach (var map in new[] { PropertyMap.From(entries), PropertyMap.From(entries.Where(_ => true)), PropertyMap.Of(entries.Select(entry => new Property(entry.Key, entry.Value))) })
        {
            Assert.Equal(expected.Keys, map.Keys);
            Assert.Equal(expected.Values, map.Values);
            Assert.Equal(expected, map);
            Assert.All(expected, entry => Assert.Equal(entry.Value, map[entry.Key]));
        }
    });

    [Fact]
    public void With_and_without_give_what_a_map_of_all_entries_is() => Gen.Select(Entries, Gen.Char["abAB_é"].Array[0, 3]).Sample((entries, letters) =>
    {
        var key = new string(letters);
        var map = PropertyMap.From(entries);
        Assert.Equal(PropertyMap.From([.. entries, KeyValuePair.Create(key, (PropertyValue)"new")]), map.With(key, "new"));
        Assert.Equal(PropertyMap.From(entries.Where(entry => entry.Key != key)), map.Without(key));
    });

    [Fact]
    public void Merging_and_keeping_give_what_a_map_of_those_entries_is() => Gen.Select(Entries, Entries).Sample((entries, others) =>
    {
        var map = PropertyMap.From(entries);
        Assert.Equal(PropertyMap.From([.. entries, .. others]), map.Merge(PropertyMap.From(others)));
        Assert.Equal(PropertyMap.From(map.AsEnumerable().Where(entry => entry.Key.Length > 1)), map.Where((key, _) => key.Length > 1));
        Assert.Same(map, map.Where((_, _) => true));
    });

    [Fact]
    public void Other_values_are_another_map_only_where_one_is_another()
    {
        var map = PropertyMap.Of(("a", "x"), ("b", "y"), ("c", PropertyValue.ListOf(["p", "q"])));

        Assert.Same(map, map.WithValues((_, value) => value));
        Assert.Equal(PropertyMap.Of(("a", "x"), ("b", "b=y"), ("c", PropertyValue.ListOf(["p", "q"]))), map.WithValues((key, value) => key == "b" ? $"b={value}" : value));

        var list = (PropertyValue.List)map["c"];
        Assert.Same(list, list.WithItems(item => item));
        Assert.Equal(PropertyValue.ListOf(["p", "q!"]), list.WithItems(item => item == "q" ? "q!" : item));

        var inner = new PropertyValue.Map(map);
        Assert.Same(inner, inner.WithValues((_, value) => value));
        Assert.Equal((PropertyValue)PropertyMap.Of(("a", "z"), ("b", "z"), ("c", "z")), inner.WithValues((_, _) => "z"));
    }
}
