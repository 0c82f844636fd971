using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>What is known of a resource's outputs before its step has run.</summary>
/// <param name="Id">The id; null while unknown.</param>
/// <param name="Outputs">The outputs known so far.</param>
/// <param name="Complete">Whether an output that is not there does not exist, rather than not being known yet.</param>
internal sealed record OutputForecast(string? Id, PropertyMap Outputs, bool Complete)
{
    public static OutputForecast Of(ResourceState state) => new(state.Id, state.Outputs, Complete: true);

    /// <summary>The forecast of a decision: a create knows its inputs, an update its stable outputs besides.</summary>
    public static OutputForecast Of(Decision decision, PropertyMap inputs, ResourceState? old) => decision.Op switch
    {
        StepOp.Same when old is not null => Of(old),
        StepOp.Update or StepOp.Import when old is not null => new OutputForecast(
            old.Id,
            old.Outputs.Where((output, _) => decision.Stables.Contains(output)).Merge(inputs),
            Complete: false),
        _ => new OutputForecast(null, inputs, Complete: false),
    };
}
