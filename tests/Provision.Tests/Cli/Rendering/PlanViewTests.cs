using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class PlanViewTests
{
    private static readonly PropertyValue Hidden = new PropertyValue.Secret("hunter2");

    [Fact]
    public void A_plan_of_every_kind_of_step_is_drawn_as_a_tree()
    {
        var host = UrnOf(Host, "lab-01");
        var plan = PlanOf(
            Step(StepOp.Same, "pulumi:pulumi:Stack", "demo-lab"),
            Step(StepOp.Create, "pulumi:providers:docker", "lab-01-docker"),
            Step(StepOp.Same, Host, "lab-01"),
            Step(StepOp.Create, Package, "docker.io", host) with { LookedAtLater = false },
            Step(StepOp.Create, Container, "web", host, reason: "gone"),
            Step(StepOp.Update, Container, "db", host, null, Change("memory", 268435456, 536870912), Change("envs[0]", "A=1", "A=2", ApplyClass.Restart)),
            Step(StepOp.Replace, Container, "api", host, null, Change("image", "nginx:1.26", "nginx:1.27", ApplyClass.Replace), Change("memory", null, 1)) with { DeleteBeforeReplace = true, Remark = "its data is lost" },
            Step(StepOp.Same, Container, "cache", host) with { LookedAtLater = true },
            Step(StepOp.Same, Container, "proxy", host),
            Step(StepOp.Import, Network, "front", host),
            Step(StepOp.Delete, Container, "old", host, reason: "not declared any more"),
            Step(StepOp.Delete, Package, "curl", host) is var kept ? kept with { Retained = true, Old = kept.Old! with { RetainOnDelete = true } } : kept);

        Golden.Match(Text(PlanView.Lines(plan, "lab", new PlanViewOptions())), "cli/plan-tree.txt");
    }

    [Fact]
    public void Sizes_are_shown_as_people_read_them_wherever_they_are()
    {
        var mounts = PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("target", "/tmp"), ("tmpfsOptions", PropertyMap.Of(("sizeBytes", 1 << 20))))]);
        ImmutableArray<SizedInput> sizes =
        [
            new(PropertyPath.Of("size"), SizedInput.Bytes), new(PropertyPath.Parse("mounts[*].tmpfsOptions.sizeBytes"), SizedInput.Bytes),
            new(PropertyPath.Of("memory"), SizedInput.Mebibytes), new(PropertyPath.Of("swap"), SizedInput.Mebibytes),
        ];
        var plan = PlanOf(
            Step(StepOp.Update, Container, "grown", null, null, Change("size", 1L << 30, 2L << 30), Change("memory", 96, 2048), Change("swap", 512, -1), Change("shares", 1024, 2048)) with { Sizes = sizes },
            Step(StepOp.Create, Container, "made") with { Sizes = sizes, Inputs = PropertyMap.Of(("mounts", mounts), ("size", 1000)) });

        var text = Text(PlanView.Lines(plan, "lab", new PlanViewOptions(Diff: true)));

        Assert.Contains("~ size: 1 GiB → 2 GiB\n", text, StringComparison.Ordinal);
        Assert.Contains("~ memory: 96 MiB → 2 GiB\n", text, StringComparison.Ordinal);
        Assert.Contains("~ swap: 512 MiB → -1\n", text, StringComparison.Ordinal);
        Assert.Contains("~ shares: 1024 → 2048\n", text, StringComparison.Ordinal);
        Assert.Contains("sizeBytes: 1 MiB}", text, StringComparison.Ordinal);
        Assert.Contains("+ size: 1000 B\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2L << 40, "2 TiB")]
    [InlineData(1L << 30, "1 GiB")]
    [InlineData(3L << 29, "1536 MiB")]
    [InlineData(1L << 10, "1 KiB")]
    [InlineData(1023, "1023 B")]
    [InlineData((1L << 30) + 1, "1073741825 B")]
    [InlineData(0, "0")]
    [InlineData(-1, "-1")]
    public void An_amount_of_bytes_is_in_the_largest_unit_that_is_exact(long bytes, string text) => Assert.Equal(text, ByteText.Of(bytes));

    [Fact]
    public void Siblings_that_differ_in_their_numbers_only_are_one_line()
    {
        var host = UrnOf(Host, "lab-01");
        PlannedStep[] steps =
        [
            Step(StepOp.Create, Host, "lab-01"),
            .. Enumerable.Range(1, 30).SelectMany(n => new[]
            {
                Step(StepOp.Create, "provision:index:Room", $"student-{n:000}", host),
                Step(StepOp.Create, Container, $"student-{n:000}-web", UrnOf("provision:index:Room", $"student-{n:000}", host)),
            }),
            .. Enumerable.Range(1, 4).Select(n => Step(StepOp.Update, Container, $"db-{n}", host, null, Change("name", $"db-{n}", $"new-db-{n}"))),
            Step(StepOp.Update, Container, "db-5", host, null, Change("memory", 1, 2)),
            Step(StepOp.Create, Container, "pair-1", host),
            Step(StepOp.Create, Container, "pair-2", host),
        ];

        Golden.Match(Text(PlanView.Lines(PlanOf(steps), "lab", new PlanViewOptions())), "cli/plan-folded.txt");
    }

    [Fact]
    public void Texts_of_several_lines_and_nested_values_are_compared_line_by_line()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20).Select(n => $"line {n}"));
        var after = before.Replace("line 7", "line seven", StringComparison.Ordinal) + "\nline 21";
        var labels = PropertyMap.Of(("a", "x"), ("long", new string('y', 80)), ("port", 80));
        var plan = PlanOf(
            Step(StepOp.Update, Container, "web", null, null,
                Change("uploads[0].content", before, after),
                Change("labels", labels, labels.With("port", 81)),
                Change("command", new string('a', 150) + "b", new string('a', 150) + "c"),
                Change("image", "x", PropertyValue.Unknown.Value)));

        Golden.Match(Text(PlanView.Lines(plan, "lab", new PlanViewOptions())), "cli/plan-lines.txt");
    }

    [Fact]
    public void With_diff_created_and_deleted_resources_show_what_they_are_made_of()
    {
        var plan = PlanOf(
            Step(StepOp.Create, Container, "web") with { Inputs = PropertyMap.Of(("image", "nginx"), ("envs", PropertyValue.ListOf([Hidden, "A=1"]))) },
            Step(StepOp.Delete, Container, "old") is var old ? old with { Old = old.Old! with { Inputs = PropertyMap.Of(("password", Hidden), ("image", "busybox")) } } : old);

        Golden.Match(Text(PlanView.Lines(plan, "lab", new PlanViewOptions(Diff: true))), "cli/plan-diff.txt");
    }

    [Fact]
    public void Without_changes_the_plan_is_its_counts()
    {
        var text = Text(PlanView.Lines(PlanOf(Step(StepOp.Same, Container, "web"), Step(StepOp.Same, Container, "db")), "lab", new PlanViewOptions()));

        Assert.Equal("Previewing update (lab):\n\nResources:\n    2 unchanged\n", text);
    }

    [Fact]
    public void Outputs_that_change_are_shown_with_both_values()
    {
        var root = Step(StepOp.Same, "pulumi:pulumi:Stack", "demo-lab");
        var plan = PlanOf(root with { Urn = Root, Old = root.Old! with { Outputs = PropertyMap.Of(("url", "http://a"), ("same", "x"), ("token", Hidden)) } })
            with
        { Outputs = PropertyMap.Of(("url", PropertyValue.Unknown.Value), ("same", "x"), ("token", Hidden), ("extra", "y")) };

        var text = Text(PlanView.Lines(plan, "lab", new PlanViewOptions()));

        Assert.Equal(
            "Previewing update (lab):\n\nOutputs:\n  + extra: \"y\"\n  ~ url: \"http://a\" → [unknown]\n\nResources:\n    0 unchanged\n", text);
    }

    [Fact]
    public void Ten_thousand_resources_are_drawn_in_time_that_grows_with_their_number()
    {
        var host = UrnOf(Host, "lab-01");
        PlannedStep[] steps = [Step(StepOp.Create, Host, "lab-01"), .. Enumerable.Range(1, 10_000).Select(n => Step(StepOp.Create, Container, $"c{n}", host))];

        var lines = PlanView.Lines(PlanOf(steps), "lab", new PlanViewOptions()).Select(line => line.ToString()).ToArray();

        Assert.Contains(" +    c1..10000  Container  (10000 equal)", lines);
    }
}
