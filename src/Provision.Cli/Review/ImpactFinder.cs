using System.Collections.Immutable;
using Provision.Cli.Listing;
using Provision.Cli.Workloads;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Model.Policies;

namespace Provision.Cli.Review;

/// <summary>Reads out of a plan what it means for those who use the stack. Pure.</summary>
internal static class ImpactFinder
{
    private static readonly ImmutableHashSet<string> Networks = [ResourceTypes.MachineNetwork, ResourceTypes.ContainerNetwork];

    /// <param name="plan">What would be done.</param>
    /// <param name="before">What is assumed to be there.</param>
    public static ReviewImpact Find(Plan plan, Snapshot before)
    {
        var steps = plan.Steps.DistinctBy(step => step.Urn).ToDictionary(step => step.Urn);
        return new ReviewImpact
        {
            Workloads = [.. plan.Steps.Where(IsWorkload).Select(Hit).OfType<HitWorkload>().OrderBy(workload => workload.Name, NaturalOrder.Instance)],
            Lost = [.. plan.Steps.Where(step => step.Urn.Type.Token is ResourceTypes.Disk or ResourceTypes.ContainerVolume && LosesData(step))
                .Select(step => new LostData(step.Urn.Name, step.Urn.Type.Token == ResourceTypes.Disk, step.Op == StepOp.Replace, StampReading.OwnerOf(step)))
                .OrderBy(lost => lost.Name, NaturalOrder.Instance)],
            CutOff = [.. CutOff(before, steps).OrderBy(cut => cut.Name, NaturalOrder.Instance)],
            Renames = RenameFinder.Find(plan),
        };
    }

    public static string NameOf(PlannedStep step) =>
        step.Urn.Type == Workload.Domain && PlanParent(step) is { Type.Name: "VirtualMachine" } machine ? machine.Name : step.Urn.Name;

    private static Urn? PlanParent(PlannedStep step) => step.Parent ?? step.Old?.Parent;

    private static bool IsWorkload(PlannedStep step) => step.Urn.Type == Workload.Domain || step.Urn.Type == Workload.Container;

    private static HitWorkload? Hit(PlannedStep step) => Effects.Of(step) is { } effect
        ? new HitWorkload(NameOf(step), step.Urn.Type == Workload.Domain, effect, StampReading.OwnerOf(step))
        : null;

    // What is only forgotten keeps its data.
    private static bool LosesData(PlannedStep step) => step.Op == StepOp.Replace || step.Op == StepOp.Delete && (!step.Retained || step.Old is { RetainOnDelete: false });

    private static IEnumerable<LostConnection> CutOff(Snapshot before, Dictionary<Urn, PlannedStep> steps)
    {
        foreach (var state in before.Resources.OrderBy(state => state.Urn))
        {
            if (!steps.TryGetValue(state.Urn, out var user) || !IsWorkload(user) || Effects.Of(user) is not (null or Effect.Live))
            {
                continue;
            }

            foreach (var urn in state.PropertyDependencies.SelectMany(dependency => dependency.Urns).Concat(state.Dependencies).Distinct())
            {
                if (steps.TryGetValue(urn, out var used) && (Networks.Contains(urn.Type.Token) || IsWorkload(used))
                    && Effects.Of(used) is { } effect and (Effect.Restart or Effect.Replace or Effect.Delete))
                {
                    yield return new LostConnection(NameOf(user), NameOf(used), effect, StampReading.OwnerOf(user));
                }
            }
        }
    }
}
