using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class SnapshotOrderTests
{
    private static readonly ResourceState Old = new() { Urn = StackProgram.UrnOf("net"), Custom = true, Id = "old", Delete = true };
    private static readonly ResourceState New = new() { Urn = StackProgram.UrnOf("net"), Custom = true, Id = "new" };
    private static readonly ResourceState User = new() { Urn = StackProgram.UrnOf("web"), Custom = true, Id = "web", Dependencies = [New.Urn] };

    [Fact]
    public void What_refers_to_a_replaced_resource_goes_before_both_of_its_objects() =>
        Assert.Equal("web", SnapshotOrder.DependentsFirst([User, New, Old]).First().Id);

    [Fact]
    public void A_live_state_stands_behind_the_live_ones_it_refers_to() =>
        Assert.Equal(["new", "web", "old"], SnapshotOrder.DependenciesFirst([User, New, Old]).Select(state => state.Id));

    [Fact]
    public void States_that_refer_to_nothing_stay_where_they_are() =>
        Assert.Equal(["old", "new", "web"], SnapshotOrder.DependenciesFirst([Old, New, User]).Select(state => state.Id));
}
