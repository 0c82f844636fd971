using System.Collections.Immutable;
using Provision.Cli;
using Provision.Engine.Comparison;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Lowering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>Goals against goals, by the product's own providers.</summary>
public sealed class GoalComparisonTests
{
    private const string Project = "demo";

    [Fact]
    public async Task What_is_declared_alike_shows_nothing()
    {
        using (StackFiles.Use(new Files()))
        {
            await AssertSameAsync(new Os101().Define());
        }

        await AssertSameAsync(new Pair().Define());
        await AssertSameAsync(new Networks101().Define());
        await AssertSameAsync(new Quickstart().Define());
    }

    [Fact]
    public async Task More_memory_restarts_a_machine_and_nothing_else()
    {
        var result = await CompareAsync(Networks(memory: 96.MiB), Networks(memory: 112.MiB));

        Assert.Equal(
            ["update box-1: memory (Restart)", "update box-2: memory (Restart)"],
            Changes(result));
    }

    [Fact]
    public async Task Plain_emulation_shows_on_a_machine_too_that_has_nothing_else()
    {
        var result = await CompareAsync(Networks(kind: HypervisorKind.Kvm), Networks(kind: HypervisorKind.Qemu));

        Assert.Equal(["update box-1: type (Restart)", "update box-2: type (Restart)"], Changes(result));
    }

    [Fact]
    public async Task A_new_student_is_created_and_the_others_stay()
    {
        var result = await CompareAsync(Networks(students: 2), Networks(students: 3));

        Assert.Equal(["create box-3", "create box-3", "create box-3/root", "create box-3/seed"], Changes(result).Order());
    }

    [Fact]
    public async Task Another_subnet_replaces_the_network_and_what_hangs_on_it()
    {
        var result = await CompareAsync(Networks(subnet: "10.40.0.0/24"), Networks(subnet: "10.41.0.0/24"));

        Assert.Equal(["replace lan: addresses (Replace)", "replace box-1", "replace box-2"], Changes(result));
    }

    [Fact]
    public async Task A_stack_against_nothing_is_created_and_nothing_against_a_stack_is_deleted()
    {
        var stack = Networks();
        var added = await CompareAsync(null, stack);
        var removed = await CompareAsync(stack, null);

        Assert.All(added.Plan.Steps, step => Assert.Equal(StepOp.Create, step.Op));
        Assert.All(removed.Plan.Steps, step => Assert.True(step.Op is StepOp.Delete or StepOp.Discard, step.Op.ToString()));
        Assert.Equal(added.Plan.Steps.Length, removed.Plan.Steps.Length);
    }

    [Theory]
    [InlineData("${libvirt:Domain desk-1.networkInterfaces[0].addresses[0]}", true)]
    [InlineData("/${host:DiskImage lab/tiny.path}", true)]
    [InlineData("ssh-ed25519 AAAA ${tls:PrivateKey ssh.publicKeyOpenssh}", true)]
    [InlineData("${0123456789abcdef}", true)]
    [InlineData("http://${docker:Container web.networkDatas[0].ipAddress}:80", false)]
    [InlineData("${HOME}", false)]
    [InlineData("", false)]
    public void A_text_that_is_nothing_but_a_stand_in_is_known_as_one(string text, bool expected) => Assert.Equal(expected, GoalComparison.IsStandIn(text));

    [Theory]
    [InlineData("http://${docker:Container web.networkDatas[0].ipAddress}:80/${tls:PrivateKey ssh.id}", "http://?:80/?")]
    [InlineData("${HOME}/${path:offset 3}", "${HOME}/${path:offset 3}")]
    [InlineData("", "")]
    public void Stand_ins_in_a_text_give_way_to_other_words(string text, string expected) => Assert.Equal(expected, GoalComparison.ReplaceStandIns(text, "?"));

    private static Stack Networks(int students = 2, DataSize? memory = null, string subnet = "10.40.0.0/24", HypervisorKind kind = HypervisorKind.Kvm) => new()
    {
        Hosts =
        [
            new Host("lab")
            {
                Hypervisors =
                [
                    new Hypervisor("kvm")
                    {
                        Kind = kind,
                        Networks = [new VirtualNetwork("lan") { Subnet = subnet }],
                        Machines =
                        [
                            .. Enumerable.Range(1, students).Select(n => new VirtualMachine($"box-{n}")
                            {
                                Image = DiskImage.Tiny(new TinyImage("tiny")), Memory = memory ?? 96.MiB, Networks = ["lan"], Owner = $"student{n}@example.edu",
                            }),
                        ],
                    },
                ],
            },
        ],
    };

    private static async Task AssertSameAsync(Stack stack)
    {
        var result = await CompareAsync(stack, stack);

        Assert.Equal([], Changes(result));
    }

    private static async Task<ComparisonResult> CompareAsync(Stack? before, Stack? after)
    {
        var result = await new GoalComparison(TimeProvider.System, Guid.NewGuid).RunAsync(Project, "lab", Side(before), Side(after), TestContext.Current.CancellationToken);
        Assert.Empty(result.BeforeDiagnostics.Select(diagnostic => diagnostic.ToString()));
        Assert.Empty(result.Diagnostics.Select(diagnostic => diagnostic.ToString()));
        return result;
    }

    private static ComparisonSide Side(Stack? stack) => new(Lower(stack), Composition.OfProduct().ReviewProviders(Golden.Repository));

    private static ImmutableArray<ResourceGoal> Lower(Stack? stack)
    {
        if (stack is null)
        {
            return [];
        }

        Assert.Empty(StackCheck.Run(stack, "lab").Where(problem => problem.Severity == ProblemSeverity.Error).Select(problem => problem.ToString()));
        return StackLowering.Lower(stack, new LoweringContext { Project = Project, StackName = "lab", WorkspaceFolder = Golden.Repository });
    }

    private static string[] Changes(ComparisonResult result) =>
    [
        .. result.Plan.Steps.Where(step => step.Op.IsChange()).Select(step =>
            $"{step.Op.Name()} {step.Urn.Name}{(step.Changes.IsEmpty ? "" : ": " + string.Join(", ", step.Changes.Select(change => $"{change.Path} ({change.Apply})")))}"),
    ];

    private sealed class Files : IStackFiles
    {
        public string ReadText(string path) => File.ReadAllText(Path.Combine(Golden.Repository, "examples/classroom/stacks", path));
    }
}
