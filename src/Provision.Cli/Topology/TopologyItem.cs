using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Cli.Topology;

/// <summary>A resource as far as a picture of the stack needs it, whether it comes of a definition, a plan or a state.</summary>
/// <param name="Urn">Which; its type says what it is, its name what it is called.</param>
/// <param name="Parent">What it stands in; null at the top.</param>
/// <param name="Uses">What it refers to.</param>
/// <param name="Change">What would become of it; null where the picture is of no change.</param>
internal sealed record TopologyItem(Urn Urn, Urn? Parent, ImmutableArray<Urn> Uses, TopologyChange? Change = null);

/// <summary>What becomes of a thing, the lightest first.</summary>
internal enum TopologyChange
{
    Unchanged,

    /// <summary>Changed while it runs.</summary>
    Live,

    /// <summary>Changed by a restart.</summary>
    Restart,

    Create,

    /// <summary>Made anew.</summary>
    Replace,

    Delete,
}
