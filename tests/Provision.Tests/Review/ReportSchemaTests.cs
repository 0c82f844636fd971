using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Provision.Cli;
using Provision.Cli.Review;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Tests.Review.Recipes;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>examples/ci/report.schema.json says all that a report may have, and nothing that it never has.</summary>
public sealed class ReportSchemaTests
{
    private static readonly Urn Network = Urn.Parse("urn:pulumi:lab::university::docker:index/network:Network::wiki");
    private static readonly Urn Wiki = Urn.Parse("urn:pulumi:lab::university::docker:index/container:Container::wiki");
    private static readonly Urn Root = Urn.OfStack("lab", "university");

    [Fact]
    public void The_schema_describes_a_report_and_every_member_of_it()
    {
        var walk = new SchemaWalk(JsonNode.Parse(File.ReadAllText(Path.Combine(RecipeFixture.Recipes, "report.schema.json")))?.AsObject() ?? []);

        walk.Walk(JsonNode.Parse(ReviewJsonWriter.Text(Full())));

        Assert.Empty(walk.Breaches);
        Assert.Empty(walk.Unseen());
        Assert.Empty(walk.Undescribed());
    }

    [Fact]
    public void The_walk_finds_what_is_missing_foreign_or_of_another_kind()
    {
        var walk = new SchemaWalk(JsonNode.Parse("""{"type":"object","required":["a","b"],"properties":{"a":{"type":"string"},"c":{"enum":["x"]}}}""")?.AsObject() ?? []);

        walk.Walk(JsonNode.Parse("""{"a":1,"d":true}"""));

        Assert.Equal(["$ has no b", "$.a is 1", "$.d is not described"], walk.Breaches);
        Assert.Equal(["$.properties.c"], walk.Unseen());
        Assert.Equal(["$.properties.a", "$.properties.c"], walk.Undescribed());
    }

    /// <summary>A report with every member that there is.</summary>
    private static ReviewReport Full() => new()
    {
        Project = "university",
        ToolVersion = "v0",
        Base = new ReviewSide("main", "1a2b3c4d5e6f") { Problems = [new(Severity.Warning, "PROV1824", "A submodule is not here", "It is not fetched.", "Fetch it.", Wiki)] },
        Head = new ReviewSide(ReviewSide.WorkingTree, null),
        Stacks =
        [
            new StackReview
            {
                Stack = "lab",
                Change = StackChange.Changed,
                Problems = [new(Severity.Info, "PROV1823", "Said", "Only said.")],
                BaseProblems = [new(Severity.Error, "PROV1010", "Wrong", "It was wrong.")],
                Impact = new ReviewImpact
                {
                    Workloads = [new("box", true, Effect.Restart, "ada"), new("wiki", false, Effect.Live, null)],
                    Lost = [new("home", true, true, "ada"), new("pages", false, false, null)],
                    CutOff = [new("wiki", "wiki", Effect.Replace, "ada")],
                    Renames = [new("gateway", "router")],
                },
                Capacity = [new("room", "memory", 1, 2, 4, true), new("room", "vCPU", 1, 2, null, false)],
                Violations = [new("no-root", true, "wiki", "It runs as root.", "Set User.")],
                Plan = new Plan { Operation = Operation.Up, Steps = Steps(), Outputs = PropertyMap.From([new("url", "http://room")]) },
            },
        ],
    };

    private static ImmutableArray<PlannedStep> Steps()
    {
        var memory = PropertyPath.Parse("memory");
        return
        [
            new() { Op = StepOp.Same, Urn = Root, Custom = false, Old = new ResourceState { Urn = Root, Custom = false, Outputs = PropertyMap.From([new("url", "http://hall")]) } },
            new()
            {
                Op = StepOp.Replace, Urn = Wiki, Custom = true, Parent = Root, Reason = "image", Remark = "Pulled anew.", DeleteBeforeReplace = true, Retained = true,
                Dependencies = [Network], Sizes = [new SizedInput(memory, SizedInput.Mebibytes)],
                Changes = [new PropertyDiff(memory, DiffKind.Update, ApplyClass.Live, 1, 2), new PropertyDiff(PropertyPath.Parse("image"), DiffKind.Add, ApplyClass.Replace, null, "a")],
                Old = new ResourceState { Urn = Wiki, Custom = true, Protect = true, RetainOnDelete = true, DeletedWith = Network },
            },
            new()
            {
                Op = StepOp.Create, Urn = Network, Custom = true, Sizes = [new SizedInput(memory, SizedInput.Bytes), new SizedInput(PropertyPath.Parse("swap"), SizedInput.Mebibytes)],
                Inputs = PropertyMap.From([new("memory", 5), new("password", new PropertyValue.Secret(PropertyValue.Null.Value)), new("id", PropertyValue.Unknown.Value)]),
            },
        ];
    }
}
