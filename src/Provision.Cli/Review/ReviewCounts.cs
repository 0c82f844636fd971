using System.Collections.Immutable;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model.Policies;

namespace Provision.Cli.Review;

/// <summary>A report in numbers.</summary>
internal sealed record ReviewCounts
{
    private static readonly ImmutableHashSet<string> Missed =
    [
        ResourceTypes.Machine, ResourceTypes.Disk, ResourceTypes.MachineNetwork, ResourceTypes.Pool,
        ResourceTypes.Container, ResourceTypes.ContainerNetwork, ResourceTypes.ContainerVolume,
    ];

    public required Tally<StackChange> Stacks { get; init; }

    /// <summary>Resources by what happens to them, without components and providers.</summary>
    public required Tally<Effect> Resources { get; init; }

    /// <summary>The same of what runs, connects or holds data: of an image or a seed nobody misses the old one.</summary>
    public required Tally<Effect> Hits { get; init; }

    public int Same { get; init; }

    /// <summary>People by what happens to machines and containers of theirs; one who is hit twice counts once, under the heavier.</summary>
    public required Tally<Effect> People { get; init; }

    /// <summary>Those of them who cannot go on working.</summary>
    public int PeopleInterrupted => People[Effect.Restart] + People[Effect.Replace] + People[Effect.Delete];

    public int LostDisks { get; init; }

    public int LostVolumes { get; init; }

    public int CutOff { get; init; }

    public int Violations { get; init; }

    public static ReviewCounts Of(ReviewReport report) => Of(report.Stacks);

    public static ReviewCounts Of(IReadOnlyCollection<StackReview> stacks)
    {
        var counted = stacks.SelectMany(stack => stack.Plan.Steps).Where(IsCounted).ToArray();
        var lost = stacks.SelectMany(stack => stack.Impact.Lost).ToArray();
        return new ReviewCounts
        {
            Stacks = Tally<StackChange>.Of(stacks, stack => stack.Change),
            Resources = Tally<Effect>.Of(counted, Effects.Of),
            Hits = Tally<Effect>.Of(counted.Where(step => Missed.Contains(step.Urn.Type.Token)), Effects.Of),
            Same = counted.Count(step => Effects.Of(step) is null),
            People = Tally<Effect>.Of(
                stacks.SelectMany(stack => stack.Impact.Workloads).Where(workload => workload.Owner is not null).GroupBy(workload => workload.Owner), Heaviest),
            LostDisks = lost.Count(one => one.IsDisk),
            LostVolumes = lost.Count(one => !one.IsDisk),
            CutOff = stacks.Sum(stack => stack.Impact.CutOff.Length),
            Violations = stacks.Sum(stack => stack.Violations.Length),
        };
    }

    private static Effect? Heaviest(IEnumerable<HitWorkload> workloads)
    {
        Effect? heaviest = null;
        foreach (var workload in workloads)
        {
            heaviest = heaviest is { } other && other > workload.Effect ? other : workload.Effect;
        }

        return heaviest;
    }

    private static bool IsCounted(PlannedStep step) => step.Custom && !step.Urn.Type.IsProvider && step.Urn.Type != ResourceType.Stack;
}
