using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class ImportTests
{
    [Fact]
    public async Task The_import_operation_takes_an_object_as_it_is_and_leaves_the_rest()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web"));
        Exists(lab, ("size", 7));

        var run = await lab.Import(stack => stack.Thing("found", new ResourceOptions { ImportId = "thing-x" }));

        Assert.Empty(run.Acts);
        Assert.Equal(["import found"], run.Changes);
        var state = lab.Snapshot.Resources.Single(state => state.Urn.Name == "found");
        Assert.Equal(("thing-x", (PropertyValue)7.0), (state.Id, state.Inputs["size"]));
        Assert.Contains(lab.Snapshot.Resources, state => state.Urn.Name == "web");
    }

    [Fact]
    public async Task An_import_option_takes_the_object_over_and_changes_it_to_what_is_declared()
    {
        var lab = new StackLab();
        Exists(lab, ("size", 7));

        var run = await lab.Up(stack => stack.Thing("found", new ResourceOptions { ImportId = "thing-x" }, ("size", 2)));

        Assert.Empty(run.Result.Diagnostics);
        Assert.Equal(["update found"], run.Acts);
        Assert.Equal("thing-x", lab.Snapshot.Resources.Single(state => state.Urn.Name == "found").Id);
    }

    [Fact]
    public async Task An_import_that_would_replace_is_an_error()
    {
        var lab = new StackLab();
        Exists(lab, ("kind", "a"), ("size", 1));

        var run = await lab.Up(stack => stack.Thing("found", new ResourceOptions { ImportId = "thing-x" }, ("kind", "b")));

        Assert.Equal(["PROV1516"], run.ErrorCodes);
        Assert.Empty(run.Acts);
    }

    [Fact]
    public async Task An_import_of_what_does_not_exist_is_an_error()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("found", new ResourceOptions { ImportId = "thing-x" }));

        Assert.Equal(["PROV1517"], run.ErrorCodes);
    }

    private static void Exists(StackLab lab, params (string Key, PropertyValue Value)[] outputs) =>
        lab.World.Things["thing-x"] = new FakeThing(StackProgram.UrnOf("found"), PropertyMap.Of([.. outputs.Select(output => new Property(output.Key, output.Value)), ("address", "a"), ("serial", "s")]));
}
