using System.Collections.Immutable;
using System.Net;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>The addresses that networks' DHCP servers hold for a domain's NICs (<c>networkInterfaces[].addresses</c>).</summary>
internal sealed class DhcpReservations(LibvirtConnection libvirt)
{
    /// <summary>What inputs ask to be held. Pure.</summary>
    public static ImmutableArray<WantedReservation> Of(Urn urn, PropertyMap inputs, Func<string, string?> networkName)
    {
        var macs = MacAddresses.Of(urn, inputs);
        return
        [
            .. from indexed in new InputReader(inputs).Objects("networkInterfaces").Index()
               let nic = indexed.Item
               let source = DomainInterfaces.SourceOf(nic, networkName)
               where source.Type == "network"
               from address in nic.Texts("addresses")
               select new WantedReservation(source.Name, macs[indexed.Index], nic.Text("hostname"), DomainCanonical.Address(address) ?? address),
        ];
    }

    /// <summary>Makes the networks hold what is wanted, and let go of what was.</summary>
    public async Task BringAsync(
        string name, ImmutableArray<WantedReservation> before, ImmutableArray<WantedReservation> wanted, CancellationToken cancellationToken)
    {
        if (before.IsEmpty && wanted.IsEmpty)
        {
            return;
        }

        await libvirt.ChangeAsync(
            $"hold addresses for domain '{name}'",
            connect =>
            {
                foreach (var network in before.Concat(wanted).Select(one => one.Network).Distinct(StringComparer.Ordinal))
                {
                    Bring(connect, network, name, [.. before.Where(one => one.Network == network)], [.. wanted.Where(one => one.Network == network)]);
                }
            },
            cancellationToken);
    }

    private static void Bring(ConnectHandle connect, string name, string domain, ImmutableArray<WantedReservation> before, ImmutableArray<WantedReservation> wanted)
    {
        using var network = connect.FindNetworkByName(name);
        if (network is null)
        {
            // What it held is gone with it.
            if (!wanted.IsEmpty)
            {
                throw new LibvirtException(LibvirtErrorCode.NoNetwork, 0, $"there is no network '{name}'");
            }

            return;
        }

        var view = NetworkSubnets.Parse(network.Xml(inactive: false));
        var affect = network.IsActive() ? network.IsPersistent() ? Affect.Live | Affect.Config : Affect.Live : Affect.Config;
        foreach (var gone in before.Except(wanted))
        {
            Remove(network, view, gone, affect);
        }

        foreach (var one in wanted)
        {
            Hold(network, view, one, domain, affect);
        }
    }

    private static void Remove(NetworkHandle network, NetworkSubnets view, WantedReservation gone, Affect affect)
    {
        if (IPAddress.TryParse(gone.Address, out var address) && view.SubnetOf(address) is { } subnet
            && subnet.Hosts.FirstOrDefault(host => host.Address == gone.Address && IsFor(host, gone)) is { } held)
        {
            network.Update(NetworkUpdateCommand.Delete, NetworkSection.IpDhcpHost, held.ToXml(subnet.IsV6), affect, subnet.Index);
        }
    }

    private static void Hold(NetworkHandle network, NetworkSubnets view, WantedReservation wanted, string domain, Affect affect)
    {
        if (!IPAddress.TryParse(wanted.Address, out var address) || view.SubnetOf(address) is not { } subnet)
        {
            throw new ProviderException(
                ProviderFailure.Refused,
                $"Cannot hold {wanted.Address} for domain '{domain}': network '{view.Name}' has no such address; it has {string.Join(", ", view.Subnets.Select(one => one.Range))}.",
                "Choose an address of that network.", Remainder.Untouched.Value);
        }

        if (subnet.IsV6 && wanted.HostName is null)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Cannot hold {wanted.Address} for domain '{domain}': for IPv6 a host is known by its name, and the NIC has none.",
                "Give the NIC a hostname.", Remainder.Untouched.Value);
        }

        if (subnet.Hosts.FirstOrDefault(host => host.Address == wanted.Address && !IsFor(host, wanted)) is { } taken)
        {
            throw new ProviderException(
                ProviderFailure.Conflict,
                $"Cannot hold {wanted.Address} for domain '{domain}': network '{view.Name}' holds it for {taken.Name ?? taken.Mac ?? "another machine"}.",
                "Choose another address, or take that reservation away ('virsh net-update').", Remainder.Untouched.Value);
        }

        var entry = new ReservedHost(subnet.IsV6 ? null : wanted.Mac, wanted.HostName, wanted.Address);
        foreach (var old in subnet.Hosts.Where(host => IsFor(host, wanted)))
        {
            if (old == entry)
            {
                return;
            }

            network.Update(NetworkUpdateCommand.Delete, NetworkSection.IpDhcpHost, old.ToXml(subnet.IsV6), affect, subnet.Index);
        }

        network.Update(NetworkUpdateCommand.AddLast, NetworkSection.IpDhcpHost, entry.ToXml(subnet.IsV6), affect, subnet.Index);
    }

    /// <summary>IPv6 knows no MAC addresses: there the name counts.</summary>
    private static bool IsFor(ReservedHost host, WantedReservation wanted) =>
        host.Mac is { } mac ? mac == wanted.Mac : host.Name is { } name && name == wanted.HostName;
}

/// <summary>One address that a network shall hold.</summary>
internal sealed record WantedReservation(string Network, string Mac, string? HostName, string Address);
