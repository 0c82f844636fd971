using Provision.Model;
using Provision.Providers.Lowering;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// Goes once through all that a comparison goes through, with a stack of one of each kind, so that the runtime has loaded and compiled it by the time it is
/// needed. Nearly all of a small comparison's time is that; while one of the two processes waits for the other it costs nothing.
/// </summary>
internal static class WarmUp
{
    /// <summary>What a worker needs from a checked stack to what it says of it.</summary>
    public static async Task CompareAsync(Composition composition, CancellationToken cancellationToken)
    {
        var review = await new StackReviewer(composition).ReviewAsync("warm", Sample(96.MiB, "a"), Sample(112.MiB, "b"), cancellationToken);
        _ = new WorkerMessage.Done(review).ToLine();
    }

    /// <summary>What whoever waits for a worker does meanwhile.</summary>
    public static void Show(Action<ReviewReport> show)
    {
        var line = new WorkerMessage.Done(new StackReview { Stack = "warm", Change = StackChange.Changed }).ToLine();
        if (WorkerMessage.Parse(line) is WorkerMessage.Done { Review: var review })
        {
            show(new ReviewReport { Project = "warm", Base = new("a", null), Head = new("b", null), Stacks = [review] });
        }
    }

    private static EvaluatedStack Sample(DataSize memory, string value)
    {
        var stack = new WarmDefinition { Memory = memory, Value = value }.Define();
        return new EvaluatedStack
        {
            Project = "warm",
            Folder = "/",
            Stack = stack,
            Goals = StackLowering.Lower(stack, new LoweringContext { Project = "warm", StackName = "warm", WorkspaceFolder = "/" }),
        };
    }

    private sealed class WarmDefinition : StackDefinition
    {
        public DataSize Memory { get; init; } = 96.MiB;

        public string Value { get; init; } = "";

        public override Stack Define() => new()
        {
            Hosts =
            [
                new Host("here")
                {
                    Networks = [new ContainerNetwork("net")],
                    Volumes = [new ContainerVolume("data")],
                    Containers = [new Container("web", ContainerImage.Tiny()) { Networks = ["net"], Environment = new() { ["value"] = Value } }],
                    Hypervisors =
                    [
                        new Hypervisor("kvm") { Networks = [new VirtualNetwork("lan")], Machines = [new VirtualMachine("box", DiskImage.Tiny()) { Memory = Memory, Networks = ["lan"] }] },
                    ],
                },
            ],
        };
    }
}
