using System.Collections.Immutable;

namespace Provision.Cli.Topology;

/// <summary>Boxes with their places, in pixels from the upper left corner of the whole; what holds others comes before them.</summary>
/// <param name="Width">Of the whole.</param>
/// <param name="Height">Of the whole.</param>
/// <param name="Boxes">Everything drawn.</param>
/// <param name="Links">Who is on which network.</param>
internal sealed record TopologyPicture(int Width, int Height, ImmutableArray<TopologyBox> Boxes, ImmutableArray<TopologyLink> Links);

/// <param name="Node">What it is.</param>
/// <param name="Parent">The id of the box around it; 0 for none.</param>
/// <param name="Left">Of its left edge.</param>
/// <param name="Top">Of its upper edge.</param>
/// <param name="Width">Its width.</param>
/// <param name="Height">Its height.</param>
/// <param name="Lane">Of a network: which colour it has, from 0.</param>
internal sealed record TopologyBox(TopologyNode Node, int Parent, int Left, int Top, int Width, int Height, int Lane = 0)
{
    public int Right => Left + Width;

    public int Bottom => Top + Height;
}

/// <summary>A line from the right edge of a member, beside the boxes below it, down to its network.</summary>
internal sealed record TopologyLink(int Member, int Network, int FromX, int FromY, int LaneX, int ToY, int Lane);
