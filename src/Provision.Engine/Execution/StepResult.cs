using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>What became of one step.</summary>
internal abstract record StepResult
{
    private StepResult()
    {
    }

    /// <param name="State">What is recorded now; null after a delete.</param>
    public sealed record Succeeded(ResourceState? State) : StepResult;

    public sealed record Failed(Diagnostic Diagnostic) : StepResult;

    /// <summary>Not tried, or given up on request: whatever depends on it is not tried either.</summary>
    public sealed record Skipped(string Because) : StepResult;
}
