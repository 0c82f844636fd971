using System.Xml.Linq;
using Provision.Cli.Topology;
using Provision.Engine.Planning;
using Provision.Tests.Cli.Rendering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Cli.Topology;

public sealed class TopologyTests
{
    private static readonly Dictionary<string, Func<TopologyItem[]>> Samples = new()
    {
        ["small"] = SampleStacks.Small,
        ["class"] = () => SampleStacks.Class(300),
        ["hostile"] = SampleStacks.Hostile,
        ["changes"] = SampleStacks.Changes,
        ["large"] = SampleStacks.Large,
        ["five"] = () => SampleStacks.Class(5, n => (TopologyChange)(n % 6)),
        ["empty"] = () => [],
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [InlineData("small")]
    [InlineData("class")]
    [InlineData("hostile")]
    [InlineData("changes")]
    public void A_stack_is_drawn_in_three_languages(string sample)
    {
        var roots = TopologyTree.Build(Samples[sample]());

        Golden.Match(TopologyMermaid.Of(roots) + "\n", $"topology/{sample}.mmd");
        Golden.Match(TopologyDot.Of(roots, sample) + "\n", $"topology/{sample}.dot");
        Golden.Match(TopologySvg.Of(TopologyLayout.Of(roots), sample) + "\n", $"topology/{sample}.svg");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Boxes_lie_in_what_holds_them_and_share_no_place_and_no_line_crosses_one(string sample)
    {
        var picture = TopologyLayout.Of(TopologyTree.Build(Samples[sample]()));

        Assert.True(picture.Width <= 900, $"{picture.Width} wide");
        var byId = picture.Boxes.ToDictionary(box => box.Node.Id);
        foreach (var box in picture.Boxes)
        {
            var (left, top, right, bottom) = byId.TryGetValue(box.Parent, out var parent)
                ? (parent.Left, parent.Top, parent.Right, parent.Bottom)
                : (0, 0, picture.Width, picture.Height);
            Assert.True(box.Left > left && box.Top > top && box.Right < right && box.Bottom < bottom, $"{box} is not in {parent}");
        }

        foreach (var siblings in picture.Boxes.GroupBy(box => box.Parent))
        {
            foreach (var (one, other) in siblings.SelectMany((one, at) => siblings.Skip(at + 1).Select(other => (one, other))))
            {
                Assert.True(one.Right <= other.Left || other.Right <= one.Left || one.Bottom <= other.Top || other.Bottom <= one.Top, $"{one} and {other}");
            }
        }

        foreach (var link in picture.Links)
        {
            Assert.DoesNotContain(picture.Boxes, box => box.Parent == byId[link.Member].Parent && box.Node.Kind != TopologyKind.Network
                && box.Left <= link.LaneX && link.LaneX <= box.Right && box.Bottom > link.FromY && box.Top < link.ToY);
            Assert.InRange(link.LaneX, byId[link.Network].Left, byId[link.Network].Right);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_svg_is_xml_without_scripts_handlers_or_addresses(string sample)
    {
        var svg = XDocument.Parse(TopologySvg.Of(TopologyLayout.Of(TopologyTree.Build(Samples[sample]())), "<title> & 'quotes'"));

        Assert.Equal("<title> & 'quotes'", svg.Root?.Element(svg.Root.Name.Namespace + "title")?.Value);
        string[] known = ["svg", "title", "desc", "style", "rect", "g", "path", "circle", "text"];
        Assert.Empty(svg.Descendants().Select(element => element.Name.LocalName).Except(known));
        Assert.DoesNotContain(svg.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal) || attribute.Name.LocalName == "href");
    }

    [Fact]
    public void No_format_holds_a_hostile_name_as_it_is()
    {
        var roots = TopologyTree.Build(SampleStacks.Hostile());

        Assert.Equal("n]]>&\\[31m#quot;", roots[0].Children.Single(node => node.Kind == TopologyKind.Network).Label);
        foreach (var text in (string[])[TopologyMermaid.Of(roots), TopologyDot.Of(roots, "\"x\" \\"), TopologySvg.Of(TopologyLayout.Of(roots), "x")])
        {
            Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
            Assert.DoesNotContain("\u202e", text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("<script", TopologyMermaid.Of(roots), StringComparison.Ordinal);
        Assert.DoesNotContain("-->", TopologyMermaid.Of(roots), StringComparison.Ordinal);
        Assert.Contains("a\\\"b<script>", TopologyDot.Of(roots, "x"), StringComparison.Ordinal);
        Assert.StartsWith("graph \"\\\"x\\\" \\\\\" {", TopologyDot.Of(roots, "\"x\" \\"), StringComparison.Ordinal);
    }

    [Fact]
    public void Machines_with_different_changes_are_not_put_together()
    {
        var roots = TopologyTree.Build(SampleStacks.Class(300, n => n % 100 == 0 ? TopologyChange.Replace : TopologyChange.Unchanged));

        var machines = roots[0].Children[0].Children.Where(node => node.Kind == TopologyKind.Machine).ToArray();
        Assert.Equal([("student-001..299", 297), ("student-100..300", 3)], machines.Select(node => (node.Label, node.Names.Length)));
        Assert.Equal([TopologyChange.Unchanged, TopologyChange.Replace], machines.Select(node => node.Change.GetValueOrDefault()));
    }

    [Fact]
    public void Networks_are_put_together_only_where_the_same_kind_of_things_is_on_them()
    {
        var host = SampleStacks.Host();
        var networks = Enumerable.Range(1, 4).Select(n => SampleStacks.Network(host, $"desk-{n}")).ToArray();
        var same = networks.Select((network, at) => SampleStacks.Container(host, $"web-{at}", null, network.Urn));

        var folded = TopologyTree.Build([.. networks, SampleStacks.Item(host, null), .. same]);
        var apart = TopologyTree.Build([.. networks, SampleStacks.Item(host, null), .. same.Skip(2), SampleStacks.Container(host, "db", null, networks[0].Urn)]);

        Assert.Equal(["web-0..3", "desk-1..4"], folded[0].Children.Select(node => node.Label));
        Assert.Equal([folded[0].Children[1].Id], folded[0].Children[0].Networks);
        Assert.Equal(["web-2", "web-3", "db", "desk-1", "desk-2", "desk-3", "desk-4"], apart[0].Children.Select(node => node.Label));
    }

    [Fact]
    public void A_plan_colours_by_how_a_change_is_made()
    {
        var change = SamplePlans.Change("memory", 1, 2, Provision.Engine.Contract.ApplyClass.Restart);

        Assert.Equal(TopologyChange.Restart, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Update, SamplePlans.Container, "web", null, null, change)));
        Assert.Equal(TopologyChange.Live, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Update, SamplePlans.Container, "web")));
        Assert.Equal(TopologyChange.Create, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Create, SamplePlans.Container, "web")));
        Assert.Equal(TopologyChange.Replace, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Replace, SamplePlans.Container, "web")));
        Assert.Equal(TopologyChange.Delete, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Delete, SamplePlans.Container, "web")));
        Assert.Equal(TopologyChange.Unchanged, TopologyItems.ChangeOf(SamplePlans.Step(StepOp.Same, SamplePlans.Container, "web")));
    }

    [Fact]
    public void Things_that_stand_in_themselves_end()
    {
        var (one, other) = (SampleStacks.UrnOf("docker:index/image:Image", "one"), SampleStacks.UrnOf("docker:index/image:Image", "other"));
        var web = SampleStacks.UrnOf("docker:index/container:Container", "web");

        var roots = TopologyTree.Build([SampleStacks.Item(one, other), SampleStacks.Item(other, one), SampleStacks.Item(web, one)]);

        Assert.Equal("web", Assert.Single(roots).Label);
    }

    [Fact]
    public void Text_is_cut_between_characters_and_stays_in_its_box()
    {
        var cut = TextWidth.Fit(string.Concat(Enumerable.Repeat("\ud83d\ude00", 50)), 13, 100);

        Assert.EndsWith("…", cut, StringComparison.Ordinal);
        Assert.Equal(cut, PictureText.Visible(cut));
        Assert.True(TextWidth.Of(cut, 13) <= 100);
        Assert.Equal("short", TextWidth.Fit("short", 13, 100));
    }
}
