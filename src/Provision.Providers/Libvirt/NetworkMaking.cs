using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Makes and removes networks; takes back what it made where that fails. Blocks: to be run on a worker.</summary>
internal sealed class NetworkMaking(string name, LibvirtStamp stamp, PropertyMap inputs)
{
    /// <summary>It failed, and something could not be taken back.</summary>
    public bool IsLeft { get; private set; }

    public SeenNetwork Make(ConnectHandle connect)
    {
        RefuseTaken(connect);
        using var ours = connect.FindNetwork(stamp.UuidText());
        using var network = connect.DefineNetwork(NetworkXml.Write(inputs, name, stamp, ours is null ? null : XElement.Parse(ours.Xml(inactive: ours.IsPersistent()))));
        try
        {
            if (!network.IsActive())
            {
                Start(network, name, inputs);
            }

            SetAutostart(network, inputs);
            return SeenNetwork.Look(network);
        }
        catch (Exception failure) when (failure is LibvirtException or ProviderException)
        {
            IsLeft = !TakeBack(network);
            throw;
        }
    }

    /// <summary>Starts it, and says by whom its subnet or bridge is taken where the host refuses.</summary>
    public static void Start(NetworkHandle network, string name, PropertyMap inputs)
    {
        try
        {
            network.Start();
        }
        catch (LibvirtException failure) when (Taken(failure, name, inputs) is { } taken)
        {
            throw taken;
        }
    }

    public static void SetAutostart(NetworkHandle network, PropertyMap inputs)
    {
        var wanted = new InputReader(inputs).Flag("autostart") ?? false;
        if (network.Autostart() != wanted)
        {
            network.SetAutostart(wanted);
        }
    }

    public static void Remove(ConnectHandle connect, string uuid)
    {
        using var network = connect.FindNetwork(uuid);
        if (network is null)
        {
            return;
        }

        var name = network.Name();
        string[] domains = [.. DomainUses.Look(connect).Networks[name].Distinct().Order(StringComparer.Ordinal)];
        if (domains.Length > 0)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, $"Cannot remove the network '{name}': the running domain {string.Join(", ", domains.Select(domain => $"'{domain}'"))} is on it and would be cut off.",
                "Power it off or take its NIC away, or let this stack do so by declaring it here.", Remainder.Untouched.Value);
        }

        var persistent = network.IsPersistent();
        if (network.IsActive())
        {
            network.Stop();
        }

        if (persistent)
        {
            network.Undefine();
        }
    }

    private void RefuseTaken(ConnectHandle connect)
    {
        var bridge = new InputReader(inputs) is var reader && reader.Text("mode") != "bridge" ? reader.Text("bridge") : null;
        NetworkRange[] ranges = [.. NetworkXml.Ranges(inputs)];
        using var networks = connect.ListNetworks();
        foreach (var there in networks.LookAtEach(SeenNetwork.Look))
        {
            if (stamp.IsOn(there.Uuid, there.Xml))
            {
                continue;
            }

            var other = there.Xml.Element("name")?.Value;
            var owner = LibvirtStamp.OwnerOf(LibvirtStamp.Read(there.Xml));
            if (other == name || there.Uuid == stamp.UuidText())
            {
                throw Conflict(
                    $"there is one of that {(other == name ? "name" : "UUID")}, and it is {owner}", "Remove it ('virsh net-destroy', 'virsh net-undefine'), or give this network another name.");
            }

            if (bridge is not null && there.Xml.Element("bridge")?.Attribute("name")?.Value == bridge)
            {
                throw Conflict($"its bridge '{bridge}' is that of the network '{other}', which is {owner}", "Choose another name for the bridge, or leave it to libvirt.");
            }

            foreach (var taken in there.Xml.Elements("ip").Select(NetworkRange.Read).OfType<NetworkRange>())
            {
                if (ranges.Where(range => range.Overlaps(taken)).Select(range => range.ToString()).FirstOrDefault() is { } clash)
                {
                    throw Conflict($"its subnet {clash} overlaps {taken} of the network '{other}', which is {owner}", "Choose another subnet, or remove the network that holds this one.");
                }
            }
        }
    }

    private ProviderException Conflict(string why, string remedy) =>
        new(ProviderFailure.Conflict, $"Cannot create the network '{name}': {why}.", remedy, Remainder.Untouched.Value);

    /// <summary>libvirt looks at the host's routes and interfaces itself; it says which interface stands in the way.</summary>
    private static ProviderException? Taken(LibvirtException failure, string name, PropertyMap inputs)
    {
        var subnets = string.Join(", ", NetworkXml.Ranges(inputs));
        var bridge = new InputReader(inputs).Text("bridge");
        return failure.Message.Contains("already in use by", StringComparison.Ordinal)
            ? new ProviderException(
                ProviderFailure.Conflict, $"Cannot start the network '{name}': its subnet {subnets} is taken on that host: {failure.Message}.", "Choose another subnet.",
                Remainder.Untouched.Value, failure)
            : failure.Message.Contains("File exists", StringComparison.Ordinal) || failure.Message.Contains("already exists", StringComparison.Ordinal)
                ? new ProviderException(
                    ProviderFailure.Conflict,
                    $"Cannot start the network '{name}': {(bridge is null ? "its bridge" : $"the bridge '{bridge}'")} exists on that host already, and is not of libvirt's: {failure.Message}.",
                    "Choose another name for the bridge, or leave it to libvirt.", Remainder.Untouched.Value, failure)
                : null;
    }

    private static bool TakeBack(NetworkHandle network)
    {
        try
        {
            if (network.IsActive())
            {
                network.Stop();
            }

            network.Undefine();
            return true;
        }
        catch (LibvirtException)
        {
            return false;
        }
    }
}
