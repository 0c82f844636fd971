using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using Provision.Cli;
using Provision.Cli.Topology;
using Provision.Model;
using Provision.Providers.Lowering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Cli.Topology;

public sealed class TopologyTests
{
    [Theory]
    [InlineData("svg")]
    [InlineData("mermaid")]
    [InlineData("dot")]
    public void A_small_stack_in_each_format(string format) => Golden.Match(Text(Nodes(Small()), format) + "\n", $"topology/small.{format}");

    [Fact]
    public void Three_hundred_machines_are_drawn_as_one_deck_of_cards()
    {
        var nodes = Nodes(Many(300));

        var hypervisor = Assert.Single(Assert.Single(nodes).Children);
        Assert.Equal(["class", "student-001..300 (300)"], hypervisor.Children.Select(child => child.Title));
        Golden.Match(Text(nodes, "svg") + "\n", "topology/many.svg");
    }

    [Fact]
    public void What_changes_differently_is_not_drawn_as_one()
    {
        var items = TopologyItem.Of(Goals(Many(10))).Select(item => item with { Effect = item.Urn.Name is "student-003" && item.Urn.Type.Name == "Domain" ? Effect.Restart : null });

        var hypervisor = Assert.Single(Assert.Single(TopologyBuilder.Build(items)).Children);

        Assert.Equal([("class", null), ("student-001..010", null), ("student-003", (Effect?)Effect.Restart)], hypervisor.Children.Select(child => (child.Name, child.Effect)));
    }

    [Theory]
    [InlineData("svg")]
    [InlineData("mermaid")]
    [InlineData("dot")]
    public void A_name_is_text_whatever_it_holds(string format)
    {
        const string Hostile = "a\"]<script>alert(1)</script>\\\n\u001b[31m--> & 'x' #quot; `";
        var nodes = ImmutableArray.Create(new TopologyNode
        {
            Kind = TopologyKind.Host,
            Name = Hostile,
            Effect = Effect.Delete,
            Children = [new TopologyNode { Kind = TopologyKind.Container, Name = Hostile, Notes = [Hostile], Networks = [Hostile] }],
        });

        var text = Text(nodes, format);

        Assert.DoesNotContain('\u001b', text);
        Golden.Match(text + "\n", $"topology/hostile.{format}");
        if (format == "svg")
        {
            Assert.Equal("svg", XDocument.Parse(text).Root?.Name.LocalName);
        }

        // Graphviz reads what stands in quotes as text.
        Assert.Equal(format == "dot", text.Contains("<script>", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 7, 3)]
    [InlineData(3, 40, 12)]
    public void Boxes_lie_in_their_parents_and_beside_each_other(int hosts, int machines, int networks)
    {
        // Names without a common pattern, so that nothing is folded.
        var random = new Random(hosts * machines);
        var boxes = TopologyLayout.Place(
        [
            .. Enumerable.Range(0, hosts).Select(_ => new TopologyNode
            {
                Kind = TopologyKind.Host,
                Name = Name(),
                Children =
                [
                    .. Enumerable.Range(0, networks).Select(_ => new TopologyNode { Kind = TopologyKind.Network, Name = Name() }),
                    .. Enumerable.Range(0, machines).Select(n => new TopologyNode { Kind = TopologyKind.Machine, Name = Name(), Count = 1 + n % 3, Notes = ["2 disks"], Networks = [Name()] }),
                ],
            }),
        ]);

        Separate(boxes);
        foreach (var box in boxes)
        {
            Assert.True(box.X + box.Width <= TopologyLayout.Width + 1e-6, $"{box.Node.Name} is {box.Width} wide");
            Separate(box.Children);
            Assert.All(box.Children, child => Assert.True(
                child.X >= box.X && child.Y >= box.Y && child.X + child.Width + TopologyLayout.Extra(child.Node) <= box.X + box.Width + 1e-6 && child.Y + child.Height + TopologyLayout.Extra(child.Node) <= box.Y + box.Height + 1e-6,
                $"{child.Node.Name} leaves {box.Node.Name}"));
        }

        string Name() => new([.. Enumerable.Range(0, random.Next(3, 60)).Select(_ => (char)random.Next('a', 'z' + 1))]);
    }

    [Fact]
    public async Task The_pictures_in_the_readme_are_what_the_command_draws()
    {
        using var cli = new TestCli(withProject: false);
        var goals = Goals(new Quickstart().Define(), "quickstart");

        Golden.Match(TopologySvg.Text(TopologyBuilder.Build(TopologyItem.Of(goals)), "quickstart") + "\n", Path.Combine(Golden.Repository, "examples", "quickstart.svg"));
        Assert.Equal(2, await cli.RunAsync("stack", "graph", "--format", "png"));
    }

    [Fact]
    public async Task The_command_draws_a_plan_in_its_colours()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");

        Assert.Equal(0, await cli.RunAsync("stack", "graph", "lab"));
        Assert.StartsWith("flowchart TB", cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("stack", "graph", "lab", "--changes", "--format", "svg"));
        Assert.Equal("svg", XDocument.Parse(cli.Out).Root?.Name.LocalName);
    }

    private static void Separate(ImmutableArray<TopologyBox> boxes)
    {
        foreach (var (at, one) in boxes.Index())
        {
            Assert.All(boxes[(at + 1)..], other => Assert.False(
                one.X < other.X + other.Width && other.X < one.X + one.Width && one.Y < other.Y + other.Height && other.Y < one.Y + one.Height,
                string.Create(CultureInfo.InvariantCulture, $"{one.Node.Name} covers {other.Node.Name}")));
        }
    }

    private static string Text(ImmutableArray<TopologyNode> nodes, string format) => format switch
    {
        "svg" => TopologySvg.Text(nodes, "lab"),
        "dot" => TopologyDot.Text(nodes),
        _ => TopologyMermaid.Text(nodes),
    };

    private static ImmutableArray<TopologyNode> Nodes(Stack stack) => TopologyBuilder.Build(TopologyItem.Of(Goals(stack)));

    private static ImmutableArray<Provision.Engine.Resources.ResourceGoal> Goals(Stack stack, string name = "lab") =>
        StackLowering.Lower(stack, new LoweringContext { Project = "demo", StackName = name, WorkspaceFolder = Golden.Repository });

    private static Stack Small() => new()
    {
        Hosts =
        [
            new Host("lab-01")
            {
                Networks = [new ContainerNetwork("backend")],
                Volumes = [new ContainerVolume("data")],
                Containers = [new Container("web", "nginx:1.27") { Networks = ["backend"] }, new Container("db", "postgres:17") { Networks = ["backend"], Mounts = [Mount.Volume("data", "/var/lib/postgresql/data")] }],
                Hypervisors =
                [
                    new Hypervisor("kvm")
                    {
                        Networks = [new VirtualNetwork("class"), new VirtualNetwork("exam")],
                        Machines =
                        [
                            new VirtualMachine("desk", DiskImage.Tiny()) { Networks = ["class", "exam"] },
                            new VirtualMachine("server", DiskImage.Tiny()) { Networks = ["class"], Disks = [new MachineDisk("home", 64.MiB)] },
                        ],
                    },
                ],
            },
        ],
    };

    private static Stack Many(int count) => new()
    {
        Hosts =
        [
            new Host("lab-01")
            {
                Hypervisors =
                [
                    new Hypervisor("kvm")
                    {
                        Networks = [new VirtualNetwork("class") { Subnet = "10.20.0.0/22" }],
                        Machines = [.. Enumerable.Range(1, count).Select(n => new VirtualMachine($"student-{n:000}", DiskImage.Tiny()) { Networks = ["class"] })],
                    },
                ],
            },
        ],
    };
}
