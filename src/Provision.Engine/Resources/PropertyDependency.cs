using System.Collections.Immutable;

namespace Provision.Engine.Resources;

/// <summary>What one input of a resource depends on. Compared by content.</summary>
/// <param name="Property">The input's name.</param>
/// <param name="Urns">The resources whose outputs it is made of.</param>
public sealed record PropertyDependency(string Property, ImmutableArray<Urn> Urns)
{
    public bool Equals(PropertyDependency? other) => other is not null && Property == other.Property && Urns.AsSpan().SequenceEqual(other.Urns.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Property, Urns.Length);
}
