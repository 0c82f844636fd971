using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>
/// Changes a network: names and whether addresses are given out while it runs, the rest by stopping and starting it. Its UUID, its bridge and the
/// addresses that machines were given stay. Blocks: to be run on a worker.
/// </summary>
internal sealed class NetworkChange(string name, LibvirtStamp stamp, UpdateRequest request)
{
    public SeenNetwork Make(ConnectHandle connect)
    {
        using var network = connect.NetworkByUuid(request.Id);
        var wasDefined = network.IsPersistent();
        var definition = XElement.Parse(network.Xml(inactive: wasDefined));
        if (!wasDefined || request.Diff.Changes.Any(change => change.Apply == ApplyClass.Restart))
        {
            Redefine(connect, definition);
        }

        using var now = connect.NetworkByUuid(request.Id);
        if (request.Diff.Changes.Any(change => change.Apply == ApplyClass.Restart))
        {
            if (now.IsActive())
            {
                now.Stop();
            }
        }
        else if (wasDefined)
        {
            UpdateParts(now, definition);
        }

        if (!now.IsActive())
        {
            NetworkMaking.Start(now, name, request.NewInputs);
        }

        NetworkMaking.SetAutostart(now, request.NewInputs);
        return SeenNetwork.Look(now);
    }

    private void Redefine(ConnectHandle connect, XElement definition)
    {
        using var redefined = connect.DefineNetwork(NetworkXml.Write(request.NewInputs, name, stamp, definition));
    }

    private void UpdateParts(NetworkHandle network, XElement definition)
    {
        var affect = network.IsActive() ? Affect.Live | Affect.Config : Affect.Config;
        UpdateDnsHosts(network, definition, affect);
        UpdateDhcp(network, definition, affect);
    }

    private void UpdateDnsHosts(NetworkHandle network, XElement definition, Affect affect)
    {
        if (!request.Diff.Changes.Any(change => change.Path.Top == "dns"))
        {
            return;
        }

        // The XML may have been written by others: only what the inputs ask for is compared, in one form.
        var before = (definition.Element("dns")?.Elements("host") ?? []).ToDictionary(host => host.Attribute("ip")?.Value ?? "", NamesOf, StringComparer.Ordinal);
        var wanted = NetworkXml.DnsHosts(request.NewInputs).ToDictionary(host => host.Attribute("ip")?.Value ?? "", host => host, StringComparer.Ordinal);
        foreach (var (ip, names) in before)
        {
            if (!wanted.TryGetValue(ip, out var host) || NamesOf(host) != names)
            {
                network.Update(NetworkUpdateCommand.Delete, NetworkSection.DnsHost, new XElement("host", new XAttribute("ip", ip)).ToString(), affect);
            }
        }

        foreach (var (ip, host) in wanted)
        {
            if (!before.TryGetValue(ip, out var names) || names != NamesOf(host))
            {
                network.Update(NetworkUpdateCommand.AddLast, NetworkSection.DnsHost, host.ToString(), affect);
            }
        }
    }

    private void UpdateDhcp(NetworkHandle network, XElement definition, Affect affect)
    {
        var wanted = NetworkXml.IsDhcpOn(request.NewInputs);
        foreach (var (i, ip) in definition.Elements("ip").Index())
        {
            var range = ip.Element("dhcp")?.Element("range");
            if (wanted && range is null && NetworkRange.Read(ip) is { } subnet)
            {
                network.Update(NetworkUpdateCommand.AddLast, NetworkSection.IpDhcpRange, subnet.RangeXml().ToString(), affect, i);
            }
            else if (!wanted && range is not null)
            {
                network.Update(NetworkUpdateCommand.Delete, NetworkSection.IpDhcpRange, range.ToString(), affect, i);
            }
        }
    }

    private static string NamesOf(XElement host) => string.Join(' ', host.Elements("hostname").Select(name => name.Value).Order(StringComparer.Ordinal));
}
