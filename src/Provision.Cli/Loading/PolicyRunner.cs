using System.Collections.Immutable;
using Provision.Cli.Projects;
using Provision.Engine.Resources;
using Provision.Providers.Lowering;

namespace Provision.Cli.Loading;

/// <summary>Holds a lowered stack against the policies of its workspace. They are the workspace's own code, and kept in like its definitions.</summary>
internal sealed class PolicyRunner(DefinitionRunner runner, StackLoadOptions options)
{
    /// <exception cref="WorkspaceException">They cannot be made, or came to no end.</exception>
    public ImmutableArray<PolicyViolation> Run(IReadOnlyList<ResourceGoal> goals, string stack, CancellationToken cancellationToken) =>
        runner.HasPolicies
            ? runner.RunPolicies(policies => PolicyCheck.Run(policies, goals, stack, runner.PlaceIn), options.TimeLimit, options.Clock, cancellationToken)
            : [];
}
