using System.Collections.Immutable;
using System.Net;

namespace Provision.Model.Policies;

/// <summary>Policies that most workspaces want. Each can be had alone, and enforced otherwise: <c>with { Enforcement = … }</c>.</summary>
public static class StandardPolicies
{
    /// <summary>A privileged container can do to the host whatever it likes. Mandatory.</summary>
    public static Policy NoPrivilegedContainers { get; } = Policy.ForEach(
        "no privileged containers", ResourceTypes.Container, container => container["privileged"].IsTrue ? "is privileged: it can do whatever it likes to its host" : null) with
    {
        Remedy = "Give it the capabilities it needs with Capabilities.Add, or put it into a machine of its own.",
    };

    /// <summary>A container on the host's own network reaches everything that listens there for the host alone. Mandatory.</summary>
    public static Policy NoHostNetwork { get; } = Policy.ForEach(
        "no host network", ResourceTypes.Container, container => container["networkMode"].Text == "host" ? "is on the host's own network" : null) with
    {
        Remedy = "Put it on a network of the stack, and publish the ports that have to be reached.",
    };

    /// <summary>A container that mounts the host's root folder has all of the host's files. Mandatory.</summary>
    public static Policy NoHostRootMount { get; } = Policy.ForEach(
        "no mount of the host's root", ResourceTypes.Container,
        container => container["mounts"].Items.Where(mount => mount["type"].Text == "bind").Select(mount => mount["source"])
            .Concat(container["volumes"].Items.Select(volume => volume["hostPath"])).Any(IsRoot)
                ? "mounts the host's root folder"
                : null) with
    {
        Remedy = "Mount the folder it needs, read-only where that is enough, or a volume.",
    };

    /// <summary>A tag can stand for another image tomorrow; a digest cannot. Advisory.</summary>
    public static Policy ImagesByDigest { get; } = Policy.ForEach(
        "images by digest", ResourceTypes.RegistryImage,
        image => image["name"].Text is { } name && !name.Contains("@sha256:", StringComparison.Ordinal) ? $"{name} has no digest, so it may be another image tomorrow" : null) with
    {
        Enforcement = Enforcement.Advisory,
        Remedy = "Name it with its digest: name:tag@sha256:…",
    };

    /// <summary>A container without limits can take all of its host. Advisory.</summary>
    public static Policy ContainerLimits { get; } = Policy.ForEach(
        "containers have limits", ResourceTypes.Container, container => (container["memory"].IsMissing, container["cpus"].IsMissing) switch
        {
            (true, true) => "has no limit of memory and of processors",
            (true, _) => "has no limit of memory",
            (_, true) => "has no limit of processors",
            _ => null,
        }) with
    {
        Enforcement = Enforcement.Advisory,
        Remedy = "Limit it: Limits = new() { Memory = 256.MiB, Cpus = 1 }.",
    };

    /// <summary>A port on all addresses is reached from everywhere that the host is. Advisory.</summary>
    public static Policy NoPortsOnAllInterfaces { get; } = Policy.ForEach(
        "no ports on all interfaces", ResourceTypes.Container,
        container => container["ports"].Items.FirstOrDefault(port => IsEverywhere(port["ip"])) is { } open
            ? $"publishes port {open["internal"]} on all addresses of its host"
            : null) with
    {
        Enforcement = Enforcement.Advisory,
        Remedy = "Publish it on one address: Ip = \"127.0.0.1\", or that of the network it is for.",
    };

    /// <summary>All of them.</summary>
    public static ImmutableArray<Policy> All { get; } =
        [NoPrivilegedContainers, NoHostNetwork, NoHostRootMount, ImagesByDigest, ContainerLimits, NoPortsOnAllInterfaces];

    private static bool IsRoot(LoweredValue path) => path.Text is ['/', ..] text && text.Split('/').All(part => part is "" or "." or "..");

    private static bool IsEverywhere(LoweredValue address) =>
        address.IsMissing || IPAddress.TryParse(address.Text, out var ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any));
}
