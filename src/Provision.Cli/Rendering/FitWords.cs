using System.Globalization;
using Provision.Model;
using Provision.Model.Fit;

namespace Provision.Cli.Rendering;

/// <summary>What a host's fit is in words.</summary>
internal static class FitWords
{
    /// <summary><c>lab-01: 27 of 30 machines fit: memory short by 6 GiB; addresses of lan run out at student-61</c></summary>
    public static string Headline(HostFit host) => host.Fits ? $"{host.Name}: {All(host)}" : $"{host.Name}: {Part(host)}: {string.Join("; ", Shortages(host))}";

    /// <summary>What stops an up, in the order of the report.</summary>
    public static IEnumerable<string> Shortages(HostFit host) =>
    [
        .. host.Quantities.Where(one => one.Stops).Select(Shortage),
        .. host.Networks.Where(one => one.IsShort).Select(one => string.Create(
            CultureInfo.InvariantCulture, $"addresses of {one.Name} run out at {one.FirstWithout} ({one.Needed} needed, {one.Usable} in {one.Subnet})")),
        .. host.PortClashes.Select(clash => string.Create(
            CultureInfo.InvariantCulture, $"port {clash.Port}/{Protocol(clash.Protocol)} is wanted by {clash.Holder} and {clash.Other}")),
        .. host.SubnetClashes.Select(clash => $"subnet {clash.Subnet} of {clash.Network} overlaps with {clash.OtherSubnet} of {clash.Other}"),
    ];

    /// <summary>What is worth knowing and stops nothing.</summary>
    public static IEnumerable<string> Notes(HostFit host) =>
    [
        .. host.Quantities.Where(one => one.Short > 0 && !one.Stops).Select(one => $"{Shortage(one)}: machines and containers share them"),
        .. host.Quantities.Where(one => one.Undeclared > 0).Select(one => Undeclared(host, one)),
        .. host.Pools.IsShort ? (string[])[Pools(host.Pools)] : [],
    ];

    public static string Pools(PoolFit pools) => string.Create(
        CultureInfo.InvariantCulture, $"{pools.Needed} networks leave their subnet to the Docker engine, which has {PoolFit.Usable} by default");

    public static string Quantity(FitQuantity quantity) => quantity switch
    {
        FitQuantity.Memory => "memory",
        FitQuantity.Processors => "processors",
        _ => "disk",
    };

    public static string Source(FitSource source) => source switch
    {
        FitSource.Declared => "declared",
        FitSource.Reported => "reported",
        _ => "unknown",
    };

    public static string Protocol(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };

    public static string Amount(FitQuantity quantity, double amount) => quantity == FitQuantity.Processors
        ? amount.ToString("0.##", CultureInfo.InvariantCulture)
        : ByteText.Rounded(amount);

    private static string Shortage(QuantityFit one) => $"{Quantity(one.Quantity)} short by {Amount(one.Quantity, one.Short)}";

    // Where two want one port there may be room for all, and still they do not fit.
    private static string Part(HostFit host) => host.Fitting < host.Containers + host.Machines
        ? string.Create(CultureInfo.InvariantCulture, $"{host.Fitting} of {host.Containers + host.Machines} {Workloads(host)} fit")
        : "does not fit";

    private static string All(HostFit host) => (host.Containers + host.Machines) switch
    {
        0 => "nothing to fit",
        1 => $"the {Workloads(host)[..^1]} fits",
        var count => string.Create(CultureInfo.InvariantCulture, $"all {count} {Workloads(host)} fit"),
    };

    private static string Workloads(HostFit host) => (host.Containers, host.Machines) switch
    {
        (_, 0) => "containers",
        (0, _) => "machines",
        _ => "workloads",
    };

    // Only of a disk can a machine say nothing: its first is then as large as its image.
    private static string Undeclared(HostFit host, QuantityFit one) => one.Quantity == FitQuantity.Disk
        ? string.Create(CultureInfo.InvariantCulture, $"disk of the image's own size, not counted: {one.Undeclared} of {host.Machines} machines")
        : string.Create(CultureInfo.InvariantCulture, $"no limit of {Quantity(one.Quantity)} declared, counted as nothing: {one.Undeclared} of {host.Containers} containers");
}
