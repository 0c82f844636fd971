using Provision.Cli.Workloads;
using Provision.Engine.Resources;

namespace Provision.Cli.Listing;

/// <summary>One row of <c>provision list</c>.</summary>
/// <param name="Kind">What it is: machine, container, network, …</param>
/// <param name="Name">What people call it.</param>
/// <param name="Resource">Its record.</param>
/// <param name="State">How it was seen; null where nobody looked.</param>
/// <param name="Word">That in a word: running, off, there, gone, unreachable; recorded where nobody looked.</param>
/// <param name="Address">Where it is reached, or which addresses it is made of.</param>
/// <param name="Uptime">For how long it has run.</param>
/// <param name="StartedAt">Since when it runs.</param>
/// <param name="Image">What it was made from.</param>
internal sealed record ListItem(
    string Kind, string Name, ResourceState Resource, SeenState? State, string Word, string Address = "", string Uptime = "", DateTimeOffset? StartedAt = null, string Image = "");
