using System.Collections.Immutable;
using System.Net;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <param name="View">As it will be after its next start.</param>
/// <param name="Sight">What it does now.</param>
/// <param name="Stamp">Whose it is; null where it carries no stamp.</param>
internal sealed record SurveyedDomain(DomainView View, DomainSight Sight, LibvirtStamp? Stamp);

/// <summary>What is looked for.</summary>
/// <param name="Inputs">They tell which reservations and agents are worth asking for.</param>
internal readonly record struct SurveyRequest(string Uuid, PropertyMap Inputs);

/// <summary>
/// Looks at many domains with few calls: one list, one definition each, one call for all states, one a network for leases. What a guest does not
/// answer is left out and never a failure.
/// </summary>
internal sealed class DomainSurvey(LibvirtConnection libvirt)
{
    private const int Chunk = 32;

    /// <summary>In the order of the requests; null for a domain that does not exist.</summary>
    public async Task<IReadOnlyList<SurveyedDomain?>> LookAsync(IReadOnlyList<SurveyRequest> requests, CancellationToken cancellationToken)
    {
        var uuids = requests.Select(request => request.Uuid).ToHashSet(StringComparer.Ordinal);
        var there = uuids.Count == 1 ? uuids : await libvirt.AskAsync("list the domains", connect => Listed(connect, uuids), cancellationToken);
        var states = there.Count > 1 && libvirt.Driver.Has(LibvirtFeature.AllStats)
            ? await libvirt.AskAsync("look at the domains' states", States, cancellationToken)
            : ImmutableDictionary<string, DomainState>.Empty;
        var chunks = await Task.WhenAll(there.Chunk(Chunk).Select(chunk =>
            libvirt.AskAsync("look at the domains", connect => chunk.Select(uuid => Read(connect, uuid, states)).OfType<Seen>().ToArray(), cancellationToken)));
        var seen = chunks.SelectMany(chunk => chunk).ToDictionary(one => one.View.Uuid.ToString("D"), StringComparer.Ordinal);
        var asked = requests.Where(request => seen.ContainsKey(request.Uuid)).Select(request => (request.Inputs, Seen: seen[request.Uuid])).ToArray();
        var networks = await NetworksAsync(asked, cancellationToken);
        var addresses = await AddressesAsync(asked, networks, cancellationToken);
        return
        [
            .. requests.Select(request => seen.TryGetValue(request.Uuid, out var one)
                ? new SurveyedDomain(
                    one.View,
                    one.Sight with
                    {
                        Addresses = addresses.GetValueOrDefault(one.View.Uuid, ImmutableDictionary<string, ImmutableArray<string>>.Empty),
                        Reserved = Reserved(one.View, networks),
                        NetworkNames = networks.Names,
                    },
                    one.Stamp)
                : null),
        ];
    }

    public async Task<SurveyedDomain?> LookAsync(string uuid, PropertyMap inputs, CancellationToken cancellationToken) =>
        (await LookAsync([new SurveyRequest(uuid, inputs)], cancellationToken))[0];

    private static HashSet<string> Listed(ConnectHandle connect, HashSet<string> wanted)
    {
        using var domains = connect.ListDomains();
        return [.. domains.Select(domain => domain.Uuid()).Where(wanted.Contains)];
    }

    private static ImmutableDictionary<string, DomainState> States(ConnectHandle connect) =>
        connect.AllStats(DomainStatsGroups.State).ToImmutableDictionary(
            stats => stats.Uuid, stats => new DomainState((DomainRunState)(stats.Number("state.state") ?? 0), (int)(stats.Number("state.reason") ?? 0)), StringComparer.Ordinal);

    private Seen? Read(ConnectHandle connect, string uuid, ImmutableDictionary<string, DomainState> states)
    {
        try
        {
            using var domain = connect.FindDomain(uuid);
            if (domain is null)
            {
                return null;
            }

            var xml = domain.Xml(DomainXml.Inactive | DomainXml.Secure);
            var state = states.TryGetValue(uuid, out var known) ? known : domain.State();
            return new Seen(
                DomainView.Parse(xml),
                new DomainSight
                {
                    State = NameOf(state),
                    Persistent = domain.IsPersistent(),
                    Autostart = libvirt.Driver.Has(LibvirtFeature.Autostart) && domain.IsPersistent() ? domain.Autostart() : null,
                },
                LibvirtStamp.Read(XElement.Parse(xml)));
        }
        catch (LibvirtException gone) when (gone.IsNotFound)
        {
            return null;
        }
    }

    private static string NameOf(DomainState state) => state.Run switch
    {
        DomainRunState.Running => "running",
        DomainRunState.Blocked => "blocked",
        DomainRunState.Paused => "paused",
        DomainRunState.ShuttingDown => "being shut down",
        DomainRunState.PowerManagementSuspended => "suspended",
        DomainRunState.Crashed => "crashed",
        _ => state.Reason == DomainReasons.OffCrashed ? "crashed" : "shut off",
    };

    private async Task<NetworksSeen> NetworksAsync((PropertyMap Inputs, Seen Seen)[] asked, CancellationToken cancellationToken)
    {
        var leased = asked.Where(one => one.Seen.Sight.IsActive)
            .SelectMany(one => one.Seen.View.Interfaces).Where(nic => nic.Kind == "network").Select(nic => nic.Source).ToHashSet(StringComparer.Ordinal);
        var held = asked.Where(one => new InputReader(one.Inputs).Objects("networkInterfaces").Any(nic => !nic.Texts("addresses").IsEmpty))
            .SelectMany(one => one.Seen.View.Interfaces).Where(nic => nic.Kind == "network").Select(nic => nic.Source).ToHashSet(StringComparer.Ordinal);
        var byId = asked.Any(one => new InputReader(one.Inputs).Objects("networkInterfaces").Any(nic => nic.Has("networkId")));
        return (leased.Count == 0 && held.Count == 0 && !byId) || !libvirt.Driver.Has(LibvirtFeature.NetworkReading)
            ? NetworksSeen.None
            : await libvirt.AskAsync("look at the networks", connect => Networks(connect, leased, held, byId), cancellationToken);
    }

    private NetworksSeen Networks(ConnectHandle connect, HashSet<string> leased, HashSet<string> held, bool byId)
    {
        var names = ImmutableDictionary<string, string>.Empty;
        if (byId)
        {
            using var all = connect.ListNetworks();
            names = all.ToImmutableDictionary(network => network.Uuid(), network => network.Name(), StringComparer.Ordinal);
        }

        var leases = ImmutableArray.CreateBuilder<DhcpLease>();
        var views = ImmutableDictionary.CreateBuilder<string, NetworkSubnets>(StringComparer.Ordinal);
        foreach (var name in leased.Union(held))
        {
            using var network = connect.FindNetworkByName(name);
            if (network is null)
            {
                continue;
            }

            if (held.Contains(name))
            {
                views[name] = NetworkSubnets.Parse(network.Xml(inactive: false));
            }

            if (leased.Contains(name) && libvirt.Driver.Has(LibvirtFeature.DhcpLeases) && network.IsActive())
            {
                leases.AddRange(network.Leases());
            }
        }

        return new NetworksSeen(names, leases.ToImmutable(), views.ToImmutable());
    }

    /// <summary>By lease; where that tells nothing of a running guest, by what else there is.</summary>
    private async Task<ImmutableDictionary<Guid, ImmutableDictionary<string, ImmutableArray<string>>>> AddressesAsync(
        (PropertyMap Inputs, Seen Seen)[] asked, NetworksSeen networks, CancellationToken cancellationToken)
    {
        var leases = networks.Leases.Where(lease => IsUsable(lease.Address)).GroupBy(lease => lease.Mac.ToLowerInvariant())
            .ToDictionary(group => group.Key, group => Sorted(group.Select(lease => lease.Address)), StringComparer.Ordinal);
        var found = await Task.WhenAll(asked.Where(one => one.Seen.Sight.IsActive).Select(async one =>
        {
            var macs = one.Seen.View.Interfaces.Select(nic => nic.Mac).ToArray();
            var own = macs.Where(leases.ContainsKey).Distinct().ToImmutableDictionary(mac => mac, mac => leases[mac], StringComparer.Ordinal);
            var program = new InputReader(one.Inputs);

            // What was waited for without a lease was found by another way, and is again.
            var waited = program.Objects("networkInterfaces").Any(nic => nic.Flag("waitForLease") == true);
            var others = one.Seen.View.Interfaces.Any(nic => !own.ContainsKey(nic.Mac) && (waited || nic.Kind != "network" || !libvirt.Driver.Has(LibvirtFeature.DhcpLeases)))
                || program.Flag("qemuAgent") == true;
            return KeyValuePair.Create(
                one.Seen.View.Uuid,
                others && libvirt.Driver.Has(LibvirtFeature.Addresses) ? await AskGuestAsync(one.Seen.View, own, cancellationToken) : own);
        }));
        return found.DistinctBy(one => one.Key).ToImmutableDictionary();
    }

    private async Task<ImmutableDictionary<string, ImmutableArray<string>>> AskGuestAsync(
        DomainView view, ImmutableDictionary<string, ImmutableArray<string>> known, CancellationToken cancellationToken)
    {
        try
        {
            return await libvirt.AskAsync(
                $"look for the addresses of domain '{view.Name}'",
                connect =>
                {
                    using var domain = connect.FindDomain(view.Uuid.ToString("D"));
                    return domain is null ? known : Sources(domain).Aggregate(known, (all, source) => Add(all, Ask(domain, source)));
                },
                cancellationToken);
        }
        catch (ProviderException)
        {
            // A guest that does not answer is no reason to fail a refresh: its old addresses stay.
            return known;
        }
    }

    /// <summary>An agent that is not connected is not asked: that would take seconds.</summary>
    private IEnumerable<AddressSource> Sources(DomainHandle domain)
    {
        if (!libvirt.Driver.Has(LibvirtFeature.DhcpLeases))
        {
            yield return AddressSource.Lease;
        }

        if (libvirt.Driver.Has(LibvirtFeature.GuestAgent))
        {
            if (DomainView.Parse(domain.Xml(DomainXml.Live)).AgentConnected)
            {
                yield return AddressSource.Agent;
            }

            yield return AddressSource.Arp;
        }
    }

    private ImmutableArray<InterfaceAddresses> Ask(DomainHandle domain, AddressSource source)
    {
        try
        {
            return source == AddressSource.Arp ? domain.Neighbours(libvirt.Endpoint.IsLocal) : domain.Addresses(source);
        }
        catch (LibvirtException failure) when (!failure.IsOfTheWay)
        {
            return [];
        }
    }

    private static ImmutableDictionary<string, ImmutableArray<string>> Add(
        ImmutableDictionary<string, ImmutableArray<string>> known, ImmutableArray<InterfaceAddresses> found) =>
        found.Where(one => !known.ContainsKey(one.Mac))
            .Select(one => KeyValuePair.Create(one.Mac, Sorted(one.Addresses.Select(address => address.Address).Where(IsUsable))))
            .Where(one => !one.Value.IsEmpty)
            .DistinctBy(one => one.Key)
            .Aggregate(known, (all, one) => all.SetItem(one.Key, one.Value));

    private static ImmutableDictionary<string, ImmutableArray<string>>? Reserved(DomainView view, NetworksSeen networks) =>
        view.Interfaces.Where(nic => nic.Kind == "network").All(nic => networks.Views.ContainsKey(nic.Source)) && view.Interfaces.Any(nic => nic.Kind == "network")
            ? view.Interfaces.Where(nic => nic.Kind == "network").DistinctBy(nic => nic.Mac)
                .ToImmutableDictionary(nic => nic.Mac, nic => Held(networks.Views[nic.Source], nic.Mac), StringComparer.Ordinal)
            : null;

    /// <summary>IPv6 reservations go by name and not by MAC: they are taken as being there.</summary>
    private static ImmutableArray<string> Held(NetworkSubnets network, string mac) =>
        [.. network.HeldFor(mac), .. network.Subnets.Where(subnet => subnet.IsV6).SelectMany(subnet => subnet.Hosts).Select(host => DomainCanonical.Address(host.Address) ?? host.Address)];

    private static bool IsUsable(string address) => IPAddress.TryParse(address, out var parsed) && GuestAddresses.IsUsable(parsed);

    private static ImmutableArray<string> Sorted(IEnumerable<string> addresses) =>
        [.. addresses.Distinct(StringComparer.Ordinal).OrderBy(address => address.Contains(':', StringComparison.Ordinal)).ThenBy(address => address, StringComparer.Ordinal)];

    private sealed record Seen(DomainView View, DomainSight Sight, LibvirtStamp? Stamp);

    private sealed record NetworksSeen(ImmutableDictionary<string, string> Names, ImmutableArray<DhcpLease> Leases, ImmutableDictionary<string, NetworkSubnets> Views)
    {
        public static readonly NetworksSeen None = new(ImmutableDictionary<string, string>.Empty, [], ImmutableDictionary<string, NetworkSubnets>.Empty);
    }
}
