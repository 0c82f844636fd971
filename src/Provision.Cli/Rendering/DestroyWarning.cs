using Provision.Cli.Workloads;
using Provision.Engine.Planning;
using Provision.Model.Policies;

namespace Provision.Cli.Rendering;

/// <summary>What a destroy takes away for good, before anybody types the stack's name.</summary>
internal static class DestroyWarning
{
    /// <summary>What holds data, and what people call it.</summary>
    private static readonly (string Type, string Plural)[] Kinds =
    [
        (Workload.Domain.Token, "machines"),
        (ResourceTypes.Disk, "disks"),
        (ResourceTypes.Pool, "pools"),
        (ResourceTypes.ContainerVolume, "volumes"),
    ];

    public static IEnumerable<StyledLine> Lines(Plan plan)
    {
        var deletes = plan.Steps.Where(step => step.Op is (StepOp.Delete or StepOp.Discard) && step.Custom && !step.Urn.Type.IsProvider).ToArray();
        var gone = deletes.Where(step => !step.Retained || step.Old is { RetainOnDelete: false }).ToArray();
        yield return StyledLine.Of($"{gone.Length} resources are destroyed", Tone.Warning)
            .Add(deletes.Length > gone.Length ? $", {deletes.Length - gone.Length} are kept." : ".");
        foreach (var (kind, plural) in Kinds)
        {
            var lost = gone.Where(step => step.Urn.Type.Token == kind).Select(NameOf).ToArray();
            if (lost.Length > 0)
            {
                yield return StyledLine.Of($"Lost with all that is in {(lost.Length == 1 ? "it" : "them")}, {lost.Length} {(lost.Length == 1 ? plural[..^1] : plural)}: ", Tone.Error)
                    .Add(string.Join(", ", lost.Take(20)) + (lost.Length > 20 ? $" and {lost.Length - 20} more" : ""), Tone.Strong);
            }
        }
    }

    private static string NameOf(PlannedStep step) => step.Old is { } old && Workload.Of(old) is { } workload ? workload.Name : step.Urn.Name;
}
