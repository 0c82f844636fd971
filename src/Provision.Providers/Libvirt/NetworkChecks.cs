using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What the table cannot say of a network's inputs. Pure.</summary>
internal static class NetworkChecks
{
    private static readonly string[] NotBridged = ["addresses", "dns", "domain", "dnsmasqOptions", "routes"];

    public static List<CheckFailure> Check(PropertyMap inputs, LibvirtDriver driver)
    {
        var failures = InputChecks.Check(NetworkTable.Table, inputs);
        if (driver.Lacks(LibvirtFeature.Networks, PropertyPath.Root, "networks that can be made", "Use one that is there: name it in the machine's NIC.") is { } lack)
        {
            failures.Add(lack);
            return failures;
        }

        var reader = new InputReader(inputs);
        var mode = reader.Text("mode") ?? "nat";
        if (mode == "bridge")
        {
            CheckBridged(reader, failures);
        }

        CheckSubnets(inputs, mode, failures);
        if (reader.Object("dns")?.Flag("localOnly") == true && !reader.Has("domain"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("dns").Child("localOnly"), "needs a domain whose names are not asked for elsewhere", "Give domain, or leave it out."));
        }

        StyleSheetCheck.Check(inputs, failures);
        return failures;
    }

    private static void CheckBridged(InputReader reader, List<CheckFailure> failures)
    {
        if (!reader.Has("bridge"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("bridge"), "is required in mode bridge: the bridge of the host that machines join", "Give the name of a bridge that the host has."));
        }

        foreach (var name in NotBridged.Where(reader.Has))
        {
            failures.Add(new CheckFailure(PropertyPath.Of(name), "means nothing in mode bridge, where libvirt only joins machines to the host's bridge", "Leave it out, or choose another mode."));
        }
    }

    private static void CheckSubnets(PropertyMap inputs, string mode, List<CheckFailure> failures)
    {
        var dhcp = NetworkXml.IsDhcpOn(inputs);
        var seen = new List<NetworkRange>();
        foreach (var (i, item) in Values.Items(inputs.Find("addresses")).Index())
        {
            var at = PropertyPath.Of("addresses").Child(i);
            if (Values.Plain(item) is not PropertyValue.String text || NetworkRange.Parse(text.Value) is not { } range)
            {
                continue;
            }

            if (range.HostBits < NetworkRange.LeastHostBits)
            {
                failures.Add(new CheckFailure(
                    at, $"{range} has no room for the host and a few machines", $"Choose a prefix of at most {(range.IsV6 ? 128 : 32) - NetworkRange.LeastHostBits}."));
            }

            if (seen.FirstOrDefault(range.Overlaps) is { } other && seen.Any(range.Overlaps))
            {
                failures.Add(new CheckFailure(at, $"{range} overlaps {other}, which is in this network too", "Choose another subnet."));
            }

            if (dhcp && seen.Any(one => one.IsV6 == range.IsV6))
            {
                failures.Add(new CheckFailure(at, $"libvirt gives out addresses of one {(range.IsV6 ? "IPv6" : "IPv4")} subnet of a network only", "Make another network for it, or set dhcp.enabled to false."));
            }

            seen.Add(range);
        }

        if (mode is "nat" or "route" && Values.Items(inputs.Find("addresses")).IsEmpty && !Values.HasUnknown(inputs.Find("addresses")))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("addresses"), $"is required in mode {mode}: the subnet that is behind the host", "Give one such as 10.1.2.0/24."));
        }
    }
}
