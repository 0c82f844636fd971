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
        ResourceTypes.Machine, ResourceTypes.Disk, ResourceTypes.MachineNetwork, "libvirt:index/pool:Pool",
        ResourceTypes.Container, ResourceTypes.ContainerNetwork, ResourceTypes.ContainerVolume,
    ];

    public ImmutableDictionary<StackChange, int> Stacks { get; init; } = ImmutableDictionary<StackChange, int>.Empty;

    /// <summary>Resources by what happens to them, without components and providers.</summary>
    public ImmutableDictionary<Effect, int> Resources { get; init; } = ImmutableDictionary<Effect, int>.Empty;

    /// <summary>The same of what runs, connects or holds data: of an image or a seed nobody misses the old one.</summary>
    public ImmutableDictionary<Effect, int> Hits { get; init; } = ImmutableDictionary<Effect, int>.Empty;

    public int Same { get; init; }

    /// <summary>People by what happens to machines and containers of theirs; one who is hit twice counts once, under the heavier.</summary>
    public ImmutableDictionary<Effect, int> People { get; init; } = ImmutableDictionary<Effect, int>.Empty;

    public int LostDisks { get; init; }

    public int LostVolumes { get; init; }

    public int CutOff { get; init; }

    public int Violations { get; init; }

    public static ReviewCounts Of(ReviewReport report) => Of(report.Stacks);

    public static ReviewCounts Of(IReadOnlyCollection<StackReview> stacks)
    {
        var counted = stacks.SelectMany(stack => stack.Plan.Steps).Where(IsCounted).ToArray();
        var steps = counted.Select(Effects.Of).ToArray();
        var lost = stacks.SelectMany(stack => stack.Impact.Lost).ToArray();
        return new ReviewCounts
        {
            Stacks = stacks.GroupBy(stack => stack.Change).ToImmutableDictionary(group => group.Key, group => group.Count()),
            Resources = steps.OfType<Effect>().GroupBy(effect => effect).ToImmutableDictionary(group => group.Key, group => group.Count()),
            Hits = counted.Where(step => Missed.Contains(step.Urn.Type.Token)).Select(Effects.Of).OfType<Effect>().GroupBy(effect => effect).ToImmutableDictionary(group => group.Key, group => group.Count()),
            Same = steps.Count(effect => effect is null),
            People = stacks.SelectMany(stack => stack.Impact.Workloads)
                .Where(workload => workload.Owner is not null)
                .GroupBy(workload => workload.Owner)
                .Select(person => person.Max(workload => workload.Effect))
                .GroupBy(effect => effect)
                .ToImmutableDictionary(group => group.Key, group => group.Count()),
            LostDisks = lost.Count(one => one.IsDisk),
            LostVolumes = lost.Count(one => !one.IsDisk),
            CutOff = stacks.Sum(stack => stack.Impact.CutOff.Length),
            Violations = stacks.Sum(stack => stack.Violations.Length),
        };
    }

    private static bool IsCounted(PlannedStep step) => step.Custom && !step.Urn.Type.IsProvider && step.Urn.Type != ResourceType.Stack;
}
