using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>Everything a stack declares.</summary>
public sealed record Stack
{
    /// <summary>The machines it runs on, with what runs on them.</summary>
    public ImmutableArray<Host> Hosts { get; init; } = [];

    /// <summary>What <c>up</c> prints at its end and <c>stack output</c> shows.</summary>
    public Map<Value<string>> Outputs { get; init; } = new();
}
