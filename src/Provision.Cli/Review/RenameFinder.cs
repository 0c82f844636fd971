using System.Collections.Immutable;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model.Policies;

namespace Provision.Cli.Review;

/// <summary>Finds what is deleted under one name and created under another, alike but for the name: an alias would keep it. Pure.</summary>
internal static class RenameFinder
{
    // What a name goes into: its own, the host name of a machine, addresses derived from it, and the disks and networks called after it.
    private static readonly ImmutableHashSet<string> FollowsName = ["name", "hostname", "__firstBoot", "networkInterfaces", "disks", "cloudinit", "coreosIgnition"];

    public static ImmutableArray<PossibleRename> Find(Plan plan)
    {
        var created = plan.Steps.Where(step => step is { Op: StepOp.Create, Custom: true, Inputs: not null } && IsTold(step))
            .GroupBy(step => Shape(step, step.Inputs ?? PropertyMap.Empty))
            .ToDictionary(group => group.Key, group => new Queue<PlannedStep>(group));
        var found = ImmutableArray.CreateBuilder<PossibleRename>();
        foreach (var step in plan.Steps.Where(step => step is { Op: StepOp.Delete, Custom: true, Old: not null } && IsTold(step)))
        {
            if (created.TryGetValue(Shape(step, step.Old?.Inputs ?? PropertyMap.Empty), out var queue) && queue.TryDequeue(out var twin))
            {
                found.Add(new PossibleRename(ImpactFinder.NameOf(step), ImpactFinder.NameOf(twin)));
            }
        }

        return found.ToImmutable();
    }

    // What people declare by name. The rest follows from it, or is called after what it holds.
    private static bool IsTold(PlannedStep step) => step.Urn.Type.Token is
        ResourceTypes.Machine or ResourceTypes.MachineNetwork or ResourceTypes.Pool
        or ResourceTypes.Container or ResourceTypes.ContainerNetwork or ResourceTypes.ContainerVolume;

    private static string Shape(PlannedStep step, PropertyMap inputs) =>
        $"{step.Urn.QualifiedType}\n{string.Join('\n', inputs.Where(input => !FollowsName.Contains(input.Key) && !StampReading.IsStamp(input.Key)).Select(input => $"{input.Key}={input.Value}"))}"
            .Replace(step.Urn.Name, "#", StringComparison.Ordinal);
}
