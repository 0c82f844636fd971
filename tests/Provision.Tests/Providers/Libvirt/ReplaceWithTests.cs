using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

public sealed class ReplaceWithTests
{
    [Fact]
    public void Another_value_makes_another_volume_and_so_does_one_that_is_not_known_yet()
    {
        Assert.Equal(ApplyClass.Replace, Assert.Single(Compare("a", "b")).Apply);
        Assert.Equal(ApplyClass.Replace, Assert.Single(Compare("a", PropertyValue.Unknown.Value)).Apply);
    }

    [Fact]
    public void The_same_value_changes_nothing_and_neither_does_one_that_comes_or_goes()
    {
        Assert.Empty(Compare("a", "a"));
        Assert.Empty(Compare(null, "a"));
        Assert.Empty(Compare(null, PropertyValue.Unknown.Value));
        Assert.Empty(Compare("a", null));
    }

    private static IEnumerable<PropertyDiff> Compare(PropertyValue? before, PropertyValue? now) => ReplaceWith.Compare(new DiffRequest(
        Urn.Parse("urn:pulumi:dev::lab::libvirt:index/volume:Volume::vm/root"), "id",
        PropertyMap.Of((ReplaceWith.Name, before)), PropertyMap.Empty, PropertyMap.Of((ReplaceWith.Name, now))));
}
