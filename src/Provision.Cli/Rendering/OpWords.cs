using System.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Rendering;

/// <summary>Marks, colours and words of operations and steps, as Pulumi prints them.</summary>
internal static class OpWords
{
    /// <summary>Two characters that carry the meaning without colour.</summary>
    public static string Mark(StepOp op) => op switch
    {
        StepOp.Same => "  ",
        StepOp.Create => "+ ",
        StepOp.Update => "~ ",
        StepOp.Delete => "- ",
        StepOp.Replace => "+-",
        StepOp.CreateReplacement => "++",
        StepOp.DeleteReplaced => "--",
        StepOp.Read => "> ",
        StepOp.Refresh => "~ ",
        StepOp.Discard => "< ",
        StepOp.RemovePendingReplace => "~ ",
        StepOp.Import => "= ",
        _ => throw new UnreachableException(),
    };

    public static Tone ToneOf(StepOp op) => op switch
    {
        StepOp.Create or StepOp.CreateReplacement or StepOp.Import => Tone.Create,
        StepOp.Update or StepOp.Refresh or StepOp.RemovePendingReplace => Tone.Update,
        StepOp.Replace => Tone.Replace,
        StepOp.Delete or StepOp.DeleteReplaced or StepOp.Discard => Tone.Delete,
        StepOp.Same or StepOp.Read => Tone.Plain,
        _ => throw new UnreachableException(),
    };

    /// <summary>What it is called while it runs.</summary>
    public static string Doing(StepOp op) => op switch
    {
        StepOp.Same => "checking",
        StepOp.Create => "creating",
        StepOp.Update => "updating",
        StepOp.Delete => "deleting",
        StepOp.Replace => "replacing",
        StepOp.CreateReplacement => "creating replacement",
        StepOp.DeleteReplaced => "deleting replaced",
        StepOp.Read => "reading",
        StepOp.Refresh => "refreshing",
        StepOp.Discard => "discarding",
        StepOp.RemovePendingReplace => "completing replacement",
        StepOp.Import => "importing",
        _ => throw new UnreachableException(),
    };

    /// <summary>What it is called afterwards.</summary>
    public static string Done(StepOp op) => op switch
    {
        StepOp.Same => "unchanged",
        StepOp.Create => "created",
        StepOp.Update => "updated",
        StepOp.Delete => "deleted",
        StepOp.Replace => "replaced",
        StepOp.CreateReplacement => "created replacement",
        StepOp.DeleteReplaced => "deleted replaced",
        StepOp.Read => "read",
        StepOp.Refresh => "refreshed",
        StepOp.Discard => "kept, only forgotten",
        StepOp.RemovePendingReplace => "completed replacement",
        StepOp.Import => "imported",
        _ => throw new UnreachableException(),
    };

    /// <summary>"Previewing update (lab):" and its like.</summary>
    public static string Headline(Operation operation, bool isPreview, string stack) => (operation, isPreview) switch
    {
        (Operation.Preview, _) or (Operation.Up, true) => $"Previewing update ({stack}):",
        (Operation.Up, false) => $"Updating ({stack}):",
        (Operation.Refresh, true) => $"Previewing refresh ({stack}):",
        (Operation.Refresh, false) => $"Refreshing ({stack}):",
        (Operation.Destroy, true) => $"Previewing destroy ({stack}):",
        (Operation.Destroy, false) => $"Destroying ({stack}):",
        (Operation.Import, true) => $"Previewing import ({stack}):",
        (Operation.Import, false) => $"Importing ({stack}):",
        _ => throw new UnreachableException(),
    };

    /// <summary>The noun of a question: "perform this update".</summary>
    public static string Noun(Operation operation) => operation switch
    {
        Operation.Preview => "preview",
        Operation.Up => "update",
        Operation.Refresh => "refresh",
        Operation.Destroy => "destroy",
        Operation.Import => "import",
        _ => throw new UnreachableException(),
    };
}
