using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>A checkpoint file: a snapshot with everything around it. What we have no use for is kept as it was.</summary>
public sealed record Checkpoint
{
    /// <summary>The version it was read in; it is written in the lowest version that can hold it.</summary>
    public long Version { get; init; }

    /// <summary>The stack's full name, <c>organization/project/stack</c>; empty in an exported deployment.</summary>
    public string Stack { get; init; } = "";

    /// <summary>False until the first deployment: the file then holds nothing but the stack's name.</summary>
    public bool IsDeployed { get; init; }

    public Snapshot Snapshot { get; init; } = Snapshot.Empty;

    public CheckpointManifest Manifest { get; init; } = new();

    /// <summary>How the secrets in it are encrypted; null where none ever was.</summary>
    public SecretsProviderState? Secrets { get; init; }

    /// <summary>Features of format version 4 that the file named.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Deployments of old tools have no <c>metadata</c>; ours and Pulumi's have it always, often empty.</summary>
    public bool HasMetadata { get; init; } = true;

    /// <summary>Further members of the file beside <c>version</c>, <c>features</c> and <c>checkpoint</c>.</summary>
    public ImmutableSortedDictionary<string, JsonElement> UnknownFileMembers { get; init; } = None;

    /// <summary>Further members of <c>checkpoint</c> beside <c>stack</c> and <c>latest</c>.</summary>
    public ImmutableSortedDictionary<string, JsonElement> UnknownMembers { get; init; } = None;

    internal static ImmutableSortedDictionary<string, JsonElement> None { get; } =
        ImmutableSortedDictionary.Create<string, JsonElement>(StringComparer.Ordinal);
}

/// <summary>Who wrote a deployment, and when.</summary>
public sealed record CheckpointManifest
{
    /// <summary>When it was written, in RFC 3339; a text, so that what another tool wrote stays as it is.</summary>
    public string Time { get; init; } = "";

    /// <summary>The version of the tool that wrote it. The magic is its hash.</summary>
    public string Version { get; init; } = "";

    public ImmutableSortedDictionary<string, JsonElement> UnknownMembers { get; init; } = Checkpoint.None;
}
