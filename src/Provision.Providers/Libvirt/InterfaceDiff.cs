using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// What would change of a domain's NICs, each by itself. Pure.
/// </summary>
/// <remarks>
/// <code>
/// a NIC whose network is made anew (unknown)     replace: the machine must let go of the old one first
/// a NIC on another network, or taken out         restart
/// other static addresses                         restart: a guest asks when it boots
/// a reservation that is gone from the network    live
/// a NIC added                                    live, where the driver can
/// </code>
/// A NIC is known by its MAC address, not by its place.
/// </remarks>
internal static class InterfaceDiff
{
    private static readonly PropertyPath Root = PropertyPath.Of("networkInterfaces");
    private static readonly ImmutableArray<string> Sources = ["networkName", "networkId", "bridge", "macvtap", "vepa", "passthrough"];

    public static IEnumerable<PropertyDiff> Compare(DiffRequest request, bool hotPlugs, List<string> reasons)
    {
        var wanted = Values.Plain(request.NewInputs.Find("networkInterfaces"));
        var seen = request.OldOutputs.Find("networkInterfaces") ?? request.OldInputs.Find("networkInterfaces");
        if (wanted is PropertyValue.Unknown)
        {
            return [new PropertyDiff(Root, DiffKind.Update, ApplyClass.Replace, seen, wanted)];
        }

        var nics = Values.Items(wanted);
        var macs = MacAddresses.Of(request.Urn, request.NewInputs);
        var oldMacs = MacAddresses.Of(request.Urn, request.OldInputs);
        var oldNics = Values.Items(request.OldInputs.Find("networkInterfaces"));
        var left = Values.Items(seen).Select((nic, at) => new Seen(at, Values.Members(nic), nic)).ToList();
        var changes = new List<PropertyDiff>();
        foreach (var (i, nic) in nics.Index())
        {
            var now = Values.Members(nic);
            var at = Root.Child(i);
            if (Values.Plain(nic) is PropertyValue.Unknown || Values.Plain(now.Find("mac")) is PropertyValue.Unknown)
            {
                changes.Add(new PropertyDiff(at, DiffKind.Update, ApplyClass.Replace, null, nic));
                continue;
            }

            var before = left.FirstOrDefault(one => MacOf(one.Members) == macs[i]);
            if (before is null)
            {
                changes.Add(new PropertyDiff(at, DiffKind.Add, hotPlugs ? ApplyClass.Live : ApplyClass.Restart, null, nic));
                continue;
            }

            left.Remove(before);
            var asked = oldMacs.IndexOf(macs[i]) is var old and >= 0 ? Values.Members(oldNics[old]) : PropertyMap.Empty;
            changes.AddRange(CompareOne(at, nic, now, before, asked, reasons));
        }

        foreach (var gone in left)
        {
            reasons.Add($"NIC {MacOf(gone.Members)} is taken out");
            changes.Add(new PropertyDiff(Root.Child(gone.At), DiffKind.Delete, ApplyClass.Restart, gone.Value, null));
        }

        return changes;
    }

    private static IEnumerable<PropertyDiff> CompareOne(PropertyPath at, PropertyValue nic, PropertyMap now, Seen before, PropertyMap asked, List<string> reasons)
    {
        var (name, source) = Source(now);
        if (source is PropertyValue.Unknown)
        {
            reasons.Add("its network is made anew; disks stay");
            yield return new PropertyDiff(at, DiffKind.Update, ApplyClass.Replace, before.Value, nic);
            yield break;
        }

        var there = Source(before.Members);
        if (name != there.Name || !Equals(source, there.Value))
        {
            yield return new PropertyDiff(at.Child(name), DiffKind.Update, ApplyClass.Restart, there.Value, source);
        }

        var addresses = now.Find("addresses");
        if (Values.HasUnknown(addresses))
        {
            yield return new PropertyDiff(at.Child("addresses"), DiffKind.Update, ApplyClass.Restart, before.Members.Find("addresses"), addresses);
        }
        else if (!Values.IsEmpty(addresses) || !Values.IsEmpty(asked.Find("addresses")))
        {
            if (!Same(addresses, asked.Find("addresses")))
            {
                yield return new PropertyDiff(
                    at.Child("addresses"), Values.IsEmpty(asked.Find("addresses")) ? DiffKind.Add : Values.IsEmpty(addresses) ? DiffKind.Delete : DiffKind.Update,
                    ApplyClass.Restart, asked.Find("addresses"), addresses);
            }
            else if (!Same(addresses, before.Members.Find("addresses")))
            {
                reasons.Add("its reservation is gone from the network");
                yield return new PropertyDiff(at.Child("addresses"), DiffKind.Update, ApplyClass.Live, before.Members.Find("addresses"), addresses);
            }
        }

        foreach (var flag in new[] { "hostname", "waitForLease" })
        {
            if (!Equals(Filled(now.Find(flag)), Filled(asked.Find(flag))) && asked.Count > 0)
            {
                yield return new PropertyDiff(at.Child(flag), DiffKind.Update, ApplyClass.Live, asked.Find(flag), now.Find(flag));
            }
        }
    }

    private static PropertyValue? Filled(PropertyValue? value) => Values.IsEmpty(value) ? null : Values.Plain(value);

    private static bool Same(PropertyValue? one, PropertyValue? other) => Addresses(one).SetEquals(Addresses(other));

    private static HashSet<string> Addresses(PropertyValue? value) =>
        [.. Values.Items(value).Select(Values.Plain).OfType<PropertyValue.String>().Select(text => DomainCanonical.Address(text.Value) ?? text.Value)];

    private static string? MacOf(PropertyMap nic) =>
        new InputReader(nic).Text("mac") is { } mac ? DomainCanonical.Mac(mac) ?? mac : null;

    private static (string Name, PropertyValue? Value) Source(PropertyMap nic)
    {
        foreach (var name in Sources)
        {
            if (Values.Plain(nic.Find(name)) is { } source and not PropertyValue.String { Value: "" })
            {
                return (name, source);
            }
        }

        return ("networkName", null);
    }

    private sealed record Seen(int At, PropertyMap Members, PropertyValue Value);
}
