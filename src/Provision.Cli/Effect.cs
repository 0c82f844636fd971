using Provision.Engine.Contract;
using Provision.Engine.Planning;

namespace Provision.Cli;

/// <summary>What a change does to a resource, for whoever uses it; heavier ones come later.</summary>
internal enum Effect
{
    Create,
    Live,
    Restart,
    Replace,
    Delete,
}

/// <summary>Reads effects out of plans.</summary>
internal static class Effects
{
    /// <summary>What happens to a resource; null where nothing does.</summary>
    public static Effect? Of(PlannedStep step) => step.Op switch
    {
        StepOp.Create or StepOp.Import => Effect.Create,
        StepOp.Update => step.Apply switch { ApplyClass.Restart => Effect.Restart, ApplyClass.Replace => Effect.Replace, _ => Effect.Live },
        StepOp.Replace => Effect.Replace,
        StepOp.Delete or StepOp.Discard => Effect.Delete,
        _ => null,
    };

    /// <summary>What has been done to it then.</summary>
    public static string Done(Effect effect) => effect switch
    {
        Effect.Create => "created",
        Effect.Live => "changed live",
        Effect.Restart => "restarted",
        Effect.Replace => "replaced",
        Effect.Delete => "deleted",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
