using System.Collections.Immutable;
using Provision.Cli.Projects;
using Provision.Engine.Planning;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>A stack as its definition gives it, and what it was made from.</summary>
internal sealed record LoadedStack
{
    public required Stack Stack { get; init; }

    public required string StackName { get; init; }

    /// <summary>The definition's class.</summary>
    public required string Definition { get; init; }

    /// <summary>Of the sources, by path and content.</summary>
    public required string SourceHash { get; init; }

    /// <summary>Of all sources, settings and files read: equal hashes mean equal stacks. Made when it is asked for, which a review never does.</summary>
    public ModelHashes Hash => StackLoader.HashesOf(this);

    /// <summary>The files that the definition read, from the workspace's folder, with their SHA-256.</summary>
    public required ImmutableSortedDictionary<string, string> FilesRead { get; init; }

    /// <summary>The settings in effect, of all namespaces: the stack's file, what Pulumi.yaml adds, and overrides.</summary>
    public required ImmutableSortedDictionary<ConfigKey, ConfigValue> Config { get; init; }

    /// <summary>False where the definitions had to be compiled first.</summary>
    public required bool FromCache { get; init; }

    /// <summary>The workspace's policies, which are compiled with its definitions.</summary>
    public required PolicyRunner Policies { get; init; }
}
