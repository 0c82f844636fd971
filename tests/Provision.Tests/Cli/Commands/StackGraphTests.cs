using Provision.Engine.Resources;
using Provision.Tests.Cli.Machines;
using Xunit;

namespace Provision.Tests.Cli.Commands;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class StackGraphTests
{
    [Fact]
    public async Task A_definition_is_drawn_without_a_state()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        cli.MoreGoals = Goals;

        Assert.Equal(0, await cli.RunAsync("stack", "graph"));

        Assert.Equal("flowchart TB\n  n2[\"web<br/>container\"]\n  n1([\"net<br/>network\"])\n  n2 --- n1\n", cli.Out);
        Assert.Empty(cli.Error);
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, ".pulumi")));
    }

    [Fact]
    public async Task Changes_are_those_of_a_preview_and_nothing_is_made()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        cli.MoreGoals = Goals;

        Assert.Equal(0, await cli.RunAsync("stack", "graph", "lab", "--changes"));
        Assert.Contains("n2[\"web<br/>container (+ create)\"]", cli.Out, StringComparison.Ordinal);
        Assert.Contains("class n2,n1 create", cli.Out, StringComparison.Ordinal);
        Assert.Empty(cli.World);

        Assert.Equal(0, await cli.RunAsync("up", "--yes"));
        cli.MoreGoals = (project, stack) => Goals(project, stack).SkipLast(1);
        Assert.Equal(0, await cli.RunAsync("stack", "graph", "-s", "lab", "--changes", "--format", "dot"));
        Assert.Contains("[label=\"- web\\ncontainer\" color=\"#cf222e\"", cli.Out, StringComparison.Ordinal);
        Assert.Contains("[label=\"net\\nnetwork\" shape=oval]", cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_is_drawn_with_its_disks_and_the_networks_of_its_domain()
    {
        using var stack = await new MachineStack().UpAsync();

        Assert.Equal(0, await stack.Cli.RunAsync("stack", "graph"));

        Assert.Contains("\"box-1<br/>machine · 2 disks\"", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_svg_goes_to_a_file_where_one_is_named()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        cli.MoreGoals = Goals;

        Assert.Equal(0, await cli.RunAsync("stack", "graph", "--format", "svg"));
        var svg = cli.Out;
        Assert.Equal(0, await cli.RunAsync("stack", "graph", "--format", "svg", "--output", "lab.svg"));

        Assert.Empty(cli.Out);
        Assert.StartsWith("<svg ", svg, StringComparison.Ordinal);
        Assert.Equal(svg, File.ReadAllText(Path.Combine(cli.Folder, "lab.svg")));
        Assert.Equal(1, await cli.RunAsync("stack", "graph", "--output", "no/such/folder.svg"));
        Assert.Equal(2, await cli.RunAsync("stack", "graph", "--format", "png"));
    }

    private static IEnumerable<ResourceGoal> Goals(string project, string stack)
    {
        var root = Urn.OfStack(stack, project);
        var docker = Urn.Create(stack, project, root, ResourceType.ProviderOf("docker"), "here");
        var net = Urn.Create(stack, project, root, new ResourceType("docker:index/network:Network"), "net");
        return
        [
            new ResourceGoal { Urn = docker, Custom = true, Parent = root },
            new ResourceGoal { Urn = net, Custom = true, Parent = root, Provider = docker, Inputs = PropertyMap.Of(("name", "net")) },
            new ResourceGoal
            {
                Urn = Urn.Create(stack, project, root, new ResourceType("docker:index/container:Container"), "web"),
                Custom = true,
                Parent = root,
                Provider = docker,
                Inputs = PropertyMap.Of(("name", "web"), ("networksAdvanced", PropertyValue.ListOf(
                    [(PropertyValue)PropertyMap.Of(("name", new PropertyValue.Reference(net, PropertyPath.Of("name"))))]))),
            },
        ];
    }
}
