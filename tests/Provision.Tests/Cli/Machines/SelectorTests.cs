using Provision.Cli;
using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Cli.Machines;

public sealed class SelectorTests
{
    private static readonly Urn Root = Urn.OfStack("lab", "demo");

    private static readonly Snapshot Both = new() { Resources = [Machine("web"), Machine("box-1"), Machine("box-2"), Container("web"), Container("db")] };

    [Theory]
    [InlineData("box-1", null, null, "box-1")]
    [InlineData("lab/box-1", "lab", null, "box-1")]
    [InlineData("machine:web", null, WorkloadKind.Machine, "web")]
    [InlineData("lab/container:web", "lab", WorkloadKind.Container, "web")]
    [InlineData("box-*", null, null, "box-*")]
    internal void A_selector_is_read(string text, string? stack, WorkloadKind? kind, string pattern) =>
        Assert.Equal(new WorkloadSelector(text, stack, kind, pattern), WorkloadSelector.Parse(text));

    [Fact]
    public void A_urn_names_its_stack_and_exactly_one_resource()
    {
        var urn = Container("web").Urn.ToString();

        var selector = WorkloadSelector.Parse(urn);

        Assert.Equal("lab", selector.Stack);
        Assert.Equal(WorkloadKind.Container, WorkloadLookup.One(Both, selector, null).Kind);
    }

    [Fact]
    public void A_machine_goes_by_the_name_of_the_declared_machine_and_by_that_of_its_domain()
    {
        var component = Urn.Create("lab", "demo", Root, new ResourceType("provision:index:VirtualMachine"), "box");
        var snapshot = new Snapshot { Resources = [Machine("box-domain") with { Parent = component }] };

        Assert.Equal("box", WorkloadLookup.One(snapshot, WorkloadSelector.Parse("box"), null).Name);
        Assert.Equal("box", WorkloadLookup.One(snapshot, WorkloadSelector.Parse("box-domain"), null).Name);
    }

    [Fact]
    public void A_name_of_both_kinds_has_to_be_said_exactly_unless_one_kind_is_wanted()
    {
        var refused = Assert.Throws<CliException>(() => WorkloadLookup.One(Both, WorkloadSelector.Parse("web"), null));

        Assert.Contains("machine:web", refused.Message, StringComparison.Ordinal);
        Assert.Contains("container:web", refused.Message, StringComparison.Ordinal);
        Assert.Equal(WorkloadKind.Machine, WorkloadLookup.One(Both, WorkloadSelector.Parse("machine:web"), null).Kind);
        Assert.Equal(WorkloadKind.Container, WorkloadLookup.One(Both, WorkloadSelector.Parse("web"), WorkloadKind.Container).Kind);
    }

    [Fact]
    public void A_name_of_the_other_kind_is_said_to_be_that()
    {
        var refused = Assert.Throws<CliException>(() => WorkloadLookup.One(Both, WorkloadSelector.Parse("db"), WorkloadKind.Machine));

        Assert.Contains("'db' is a container", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_name_gets_a_suggestion()
    {
        var refused = Assert.Throws<CliException>(() => WorkloadLookup.One(Both, WorkloadSelector.Parse("bxo-1"), WorkloadKind.Machine));

        Assert.Equal("Did you mean 'box-1'?", refused.Diagnostics[0].Remedy);
    }

    [Fact]
    public void Patterns_and_names_together_name_each_once()
    {
        var found = WorkloadLookup.Many(Both, [WorkloadSelector.Parse("box-*"), WorkloadSelector.Parse("box-1"), WorkloadSelector.Parse("d?")], null);

        Assert.Equal(["box-1", "box-2", "db"], found.Select(workload => workload.Name));
    }

    [Fact]
    public void A_pattern_that_fits_nothing_is_an_error() =>
        Assert.Throws<CliException>(() => WorkloadLookup.Many(Both, [WorkloadSelector.Parse("box-*"), WorkloadSelector.Parse("nothing-*")], null));

    [Fact]
    public void What_is_only_left_to_be_deleted_is_not_found()
    {
        var snapshot = new Snapshot { Resources = [Machine("old") with { Delete = true }] };

        Assert.Throws<CliException>(() => WorkloadLookup.One(snapshot, WorkloadSelector.Parse("old"), null));
    }

    private static ResourceState Machine(string name) => State(Workload.Domain, name);

    private static ResourceState Container(string name) => State(Workload.Container, name);

    private static ResourceState State(ResourceType type, string name) => new() { Urn = Urn.Create("lab", "demo", Root, type, name), Custom = true, Id = $"id of {name}", Parent = Root };
}
