using System.Collections.Immutable;
using Provision.Cli.Projects;

namespace Provision.Cli.Loading;

/// <summary>How a stack is loaded.</summary>
internal sealed record StackLoadOptions
{
    /// <summary>Turns a secret's ciphertext into text; called only for secrets that the definition has a property for.</summary>
    public required Func<string, string> Decrypt { get; init; }

    /// <summary>Settings in place of those in the file (<c>-c key=value</c>).</summary>
    public ImmutableSortedDictionary<ConfigKey, ConfigValue> Overrides { get; init; } = ImmutableSortedDictionary<ConfigKey, ConfigValue>.Empty;

    /// <summary>How long a definition may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(10);

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Where compiled definitions are kept; null for nowhere.</summary>
    public string? CacheFolder { get; init; } = CompilationCache.DefaultFolder();
}
