using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>A cost class and how many of it one daemon gets at once.</summary>
internal readonly record struct DockerCost(string Name, int Limit)
{
    /// <summary>A call the daemon answers at once.</summary>
    public static readonly DockerCost ApiCall = new("api-call", 8);

    /// <summary>Starting or stopping a container.</summary>
    public static readonly DockerCost Start = new("start", 8);

    /// <summary>Bound by the network, and registries throttle.</summary>
    public static readonly DockerCost Pull = new("pull", 3);

    /// <summary>Bound by the daemon's processors and disk.</summary>
    public static readonly DockerCost Build = new("build", 2);

    public WorkSlot At(DockerEndpoint endpoint) => new(endpoint.Name, Name, Limit);
}
