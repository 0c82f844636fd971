namespace Provision.Providers.Lowering;

/// <summary>What a stack itself does not say, and its goals carry.</summary>
public sealed record LoweringContext
{
    /// <summary>The project's name, of Pulumi.yaml.</summary>
    public required string Project { get; init; }

    /// <summary>The stack's name, with which every physical name starts.</summary>
    public required string StackName { get; init; }

    /// <summary>The folder of Pulumi.yaml, absolute; source positions are told relative to it, so that a state names no machine's paths.</summary>
    public required string WorkspaceFolder { get; init; }
}
