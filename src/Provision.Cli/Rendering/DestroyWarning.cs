using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>What a destroy takes away for good, before anybody types the stack's name.</summary>
internal static class DestroyWarning
{
    public static IEnumerable<StyledLine> Lines(Plan plan)
    {
        var deletes = plan.Steps.Where(step => step.Op is (StepOp.Delete or StepOp.Discard) && step.Custom && !step.Urn.Type.IsProvider).ToArray();
        var gone = deletes.Where(step => !step.Retained || step.Old is { RetainOnDelete: false }).ToArray();
        yield return StyledLine.Of($"{gone.Length} resources are destroyed", Tone.Warning)
            .Add(deletes.Length > gone.Length ? $", {deletes.Length - gone.Length} are kept." : ".");
        var volumes = gone.Where(step => HoldsData(step.Urn.Type)).Select(step => step.Urn.Name).ToArray();
        if (volumes.Length > 0)
        {
            yield return StyledLine.Of($"Lost with all that is in them, {volumes.Length} volumes: ", Tone.Error)
                .Add(string.Join(", ", volumes.Take(20)) + (volumes.Length > 20 ? $" and {volumes.Length - 20} more" : ""), Tone.Strong);
        }
    }

    private static bool HoldsData(ResourceType type) => type.Name is "Volume" or "Pool";
}
