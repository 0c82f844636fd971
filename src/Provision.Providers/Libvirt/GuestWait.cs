using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What is waited for of a machine that was started. Pure.</summary>
internal sealed record WaitedGuest
{
    /// <summary>The provider's own limit, that of the real one.</summary>
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(5);

    public required string Uuid { get; init; }

    public required string Name { get; init; }

    public ImmutableArray<WaitedNic> Nics { get; init; } = [];

    public GuestReady? Ready { get; init; }

    public string? ConsoleLog { get; init; }

    public required TimeSpan Limit { get; init; }

    public bool IsForNothing => Nics.IsEmpty;

    public static WaitedGuest Of(PreparedDomain prepared, PropertyMap inputs, TimeSpan? timeout)
    {
        var ready = GuestReady.Of(inputs);
        var all = new InputReader(inputs).Objects("networkInterfaces").Select((nic, i) => (Nic: nic, Waited: Nic(nic, i, prepared))).ToArray();
        var nics = all.Where(one => one.Nic.Flag("waitForLease") == true).Select(one => one.Waited).ToImmutableArray();
        return new WaitedGuest
        {
            Uuid = prepared.Facts.Uuid.ToString("D"),
            Name = prepared.Facts.Name,
            Nics = nics.IsEmpty && ready is not null ? [.. all.Take(1).Select(one => one.Waited)] : nics,
            Ready = ready,
            ConsoleLog = prepared.Facts.ConsoleLog,
            Limit = GuestReady.LimitOf(inputs) ?? timeout ?? DefaultLimit,
        };
    }

    /// <summary>Of a machine that runs on: of the interfaces that were plugged in, those whose addresses are waited for.</summary>
    public static WaitedGuest OfPlugged(PreparedDomain prepared, PropertyMap inputs, IReadOnlySet<int> plugged, TimeSpan? timeout)
    {
        var waits = new InputReader(inputs).Objects("networkInterfaces").Index().Where(nic => nic.Item.Flag("waitForLease") == true).Select(nic => nic.Index).ToHashSet();
        var guest = Of(prepared, inputs, timeout);
        return guest with { Nics = [.. guest.Nics.Where(nic => plugged.Contains(nic.Index) && waits.Contains(nic.Index))], Ready = null };
    }

    private static WaitedNic Nic(InputReader nic, int index, PreparedDomain prepared)
    {
        var (type, name, _) = DomainInterfaces.SourceOf(nic, id => prepared.Facts.NetworkNames.GetValueOrDefault(id));
        var fixedAddresses = nic.Texts("addresses");
        var v6 = fixedAddresses.IsEmpty
            ? prepared.Networks.TryGetValue(name, out var network) && type == "network" && network.IsV6Only
            : fixedAddresses.All(address => address.Contains(':', StringComparison.Ordinal));
        return new WaitedNic(index, prepared.Facts.Macs[index], $"{type} '{name}'", v6);
    }
}

/// <param name="Index">Its place among the inputs.</param>
/// <param name="On">What it hangs on, for messages.</param>
/// <param name="V6">Which family of addresses is waited for.</param>
internal sealed record WaitedNic(int Index, string Mac, string On, bool V6)
{
    public string Label => $"{(V6 ? "IPv6" : "IPv4")} on nic{Index}";

    /// <summary>The first address of the family that reaches beyond the link.</summary>
    public IPAddress? In(IEnumerable<InterfaceAddresses> found) =>
        found.Where(one => one.Mac == Mac).SelectMany(one => one.Addresses)
            .Where(address => address.IsV6 == V6)
            .Select(address => IPAddress.TryParse(address.Address, out var parsed) ? parsed : null)
            .OfType<IPAddress>()
            .FirstOrDefault(GuestAddresses.IsUsable);
}

/// <summary>
/// Waits until a started machine has an address on each NIC that was asked for, and then until it answers. Woken by events, and looking now and
/// then by itself; ended at once by a guest that panics, goes off or restarts over and over.
/// </summary>
internal sealed class GuestWait(LibvirtConnection libvirt, TimeProvider clock, IGuestDial dial, IStepProgress progress)
{
    private const int RebootsInALoop = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AskAgentAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ReadLogAgain = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(3);

    private TimeSpan _askedAgent = TimeSpan.MinValue;
    private TimeSpan _readLog = TimeSpan.Zero;
    private string _agentSaid = "not asked yet";
    private int _reboots;
    private int _told = -1;

    /// <param name="guest">What is waited for.</param>
    /// <param name="watch">Taken before it was started, so that no event is lost.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task RunAsync(WaitedGuest guest, DomainWatch watch, CancellationToken cancellationToken)
    {
        if (guest.IsForNothing)
        {
            return;
        }

        var began = clock.GetTimestamp();
        while (true)
        {
            var waited = clock.GetElapsedTime(began);
            var (seen, unanswered) = await LookAsync(guest, waited, cancellationToken);
            if (unanswered is null)
            {
                return;
            }

            if (waited >= guest.Limit)
            {
                throw await TooLateAsync(guest, seen, unanswered, waited, cancellationToken);
            }

            Tell(unanswered, waited);
            var events = await Pause.UntilAsync(watch, LookAgain, clock, cancellationToken);
            foreach (var one in events)
            {
                // Those before a start were of the machine that was stopped for it, and which the watch saw, too.
                _reboots = one.Kind switch { DomainEventKind.Started => 0, DomainEventKind.Rebooted => _reboots + 1, _ => _reboots };
            }

            if (events.Any(one => one.Kind == DomainEventKind.AgentConnected))
            {
                _askedAgent = TimeSpan.MinValue;
            }
        }
    }

    /// <summary>What is still missing, in words; null where all is there.</summary>
    private async Task<(GuestSight Seen, string? Missing)> LookAsync(WaitedGuest guest, TimeSpan waited, CancellationToken cancellationToken)
    {
        GuestSight seen;
        try
        {
            seen = await libvirt.AskAsync($"look for the addresses of domain '{guest.Name}'", connect => Look(connect, guest, waited), cancellationToken);
        }
        catch (ProviderException failure) when (failure.Failure == ProviderFailure.Unreachable)
        {
            // Restarted in the middle: the machine runs on, and so does the wait, over the next connection.
            return (GuestSight.Nothing, "libvirt does not answer just now");
        }

        await EndWhereEndedAsync(guest, seen, waited, cancellationToken);
        foreach (var nic in guest.Nics)
        {
            if (!seen.Addresses.ContainsKey(nic.Index))
            {
                return (seen, $"{nic.Label}: {seen.Brief}");
            }
        }

        return guest.Ready is { } ready && await ready.LookAsync(dial, seen.Addresses[guest.Nics[0].Index], AnswerLimit, clock, cancellationToken) is { } missing
            ? (seen, $"{seen.Addresses[guest.Nics[0].Index]} port {ready.Port}: {missing}")
            : (seen, null);
    }

    /// <summary>Blocks. Lease, agent and ARP in turn: each only for the NICs that the one before knew nothing of.</summary>
    private GuestSight Look(ConnectHandle connect, WaitedGuest guest, TimeSpan waited)
    {
        using var domain = connect.FindDomain(guest.Uuid);
        if (domain is null)
        {
            return GuestSight.Nothing with { Gone = true };
        }

        var state = domain.State();
        if (!state.IsActive)
        {
            return GuestSight.Nothing with { State = state };
        }

        var found = new Dictionary<int, IPAddress>();
        var leases = Try(() => domain.Addresses(AddressSource.Lease), "none", out var lease);
        Take(found, guest, leases);
        if (found.Count < guest.Nics.Length && libvirt.Driver.Has(LibvirtFeature.GuestAgent)
            && (_askedAgent == TimeSpan.MinValue || waited - _askedAgent >= AskAgentAgain))
        {
            _askedAgent = waited;
            Take(found, guest, Try(() => domain.Addresses(AddressSource.Agent), "no address", out _agentSaid));
        }

        var arp = "not asked";
        if (found.Count < guest.Nics.Length && libvirt.Driver.Has(LibvirtFeature.GuestAgent))
        {
            Take(found, guest, Try(() => domain.Neighbours(libvirt.Endpoint.IsLocal), "no entry", out arp));
        }

        return new GuestSight(state, false, found.ToImmutableDictionary(), lease, _agentSaid, arp);
    }

    private static void Take(Dictionary<int, IPAddress> found, WaitedGuest guest, ImmutableArray<InterfaceAddresses> addresses)
    {
        foreach (var nic in guest.Nics)
        {
            if (!found.ContainsKey(nic.Index) && nic.In(addresses) is { } address)
            {
                found[nic.Index] = address;
            }
        }
    }

    /// <summary>A source that cannot answer is one that knows nothing yet.</summary>
    private static ImmutableArray<InterfaceAddresses> Try(Func<ImmutableArray<InterfaceAddresses>> ask, string empty, out string said)
    {
        try
        {
            var found = ask();
            said = found.Any(one => !one.Addresses.IsEmpty) ? "none for it" : empty;
            return found;
        }
        catch (LibvirtException failure) when (!failure.IsOfTheWay && !failure.IsNotFound)
        {
            said = failure.IsAgentSilent ? "not connected" : failure.Message;
            return [];
        }
    }

    private async Task EndWhereEndedAsync(WaitedGuest guest, GuestSight seen, TimeSpan waited, CancellationToken cancellationToken)
    {
        var why = seen.Gone ? "it was undefined"
            : seen.State is { Run: DomainRunState.Crashed } ? "it crashed"
            : seen.State is { IsActive: false } off ? off.Reason == DomainReasons.OffCrashed ? "it crashed" : "it was shut off"
            : null;
        var log = "";
        if (why is not null || _reboots > 0 || waited - _readLog >= ReadLogAgain)
        {
            _readLog = waited;
            log = await ConsoleLog.ReadAsync(libvirt, guest.ConsoleLog, cancellationToken);
        }

        if (why is null && ConsoleLog.PanicIn(log) is { } panic)
        {
            why = $"its kernel gave up ({panic})";
        }
        else if (why is null && _reboots >= RebootsInALoop)
        {
            why = $"it restarted {_reboots} times";
        }

        if (why is not null)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Domain '{guest.Name}' did not come up: {why} after {waited.TotalSeconds:0} s.{Ending(log)}",
                "See what its console says, and whether image, kernel and memory fit together.", Remainder.Untouched.Value);
        }
    }

    private async Task<ProviderException> TooLateAsync(WaitedGuest guest, GuestSight seen, string missing, TimeSpan waited, CancellationToken cancellationToken)
    {
        var log = await ConsoleLog.ReadAsync(libvirt, guest.ConsoleLog, cancellationToken);
        var nic = guest.Nics.FirstOrDefault(one => !seen.Addresses.ContainsKey(one.Index));
        return nic is null
            ? new ProviderException(
                ProviderFailure.Timeout, $"Domain '{guest.Name}' has an address, but does not answer after {waited.TotalSeconds:0} s: {missing}.{Ending(log)}",
                "It goes on booting: run up again, raise the time limit, or see its console.", Remainder.Untouched.Value)
            : new ProviderException(
                ProviderFailure.Timeout,
                $"Domain '{guest.Name}' has no {nic.Label} ({nic.Mac}, {nic.On}) after {waited.TotalSeconds:0} s. "
                + $"Leases: {seen.Lease}; guest agent: {seen.Agent}; ARP: {seen.Arp}.{Ending(log)}",
                "It goes on booting: run up again, raise the time limit, or see its console for whether the guest asks for an address at all.", Remainder.Untouched.Value);
    }

    private static string Ending(string log) => ConsoleLog.Tail(log) is { Length: > 0 } tail ? $"\nThe end of its console:\n{tail}" : "";

    private void Tell(string missing, TimeSpan waited)
    {
        if ((int)waited.TotalSeconds is var seconds && seconds != _told)
        {
            _told = seconds;
            progress.Report($"{missing}, {seconds} s");
        }
    }

    /// <param name="State">Null where nobody could look.</param>
    /// <param name="Addresses">By the NIC's place among the inputs.</param>
    private sealed record GuestSight(DomainState? State, bool Gone, ImmutableDictionary<int, IPAddress> Addresses, string Lease, string Agent, string Arp)
    {
        public static readonly GuestSight Nothing = new(null, false, ImmutableDictionary<int, IPAddress>.Empty, "unknown", "unknown", "unknown");

        public string Brief => Agent is "not asked yet" or "not connected" or "no address" ? "no lease yet" : $"no lease yet, agent: {Agent}";
    }
}

internal static class GuestAddresses
{
    /// <summary>Neither of the link alone nor of the guest itself.</summary>
    public static bool IsUsable(IPAddress address) =>
        !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal
        && !(address.AddressFamily == AddressFamily.InterNetwork && address.GetAddressBytes() is [169, 254, ..]);
}

/// <summary>Those of libvirt's reasons that we tell apart (virDomainShutoffReason).</summary>
internal static class DomainReasons
{
    public const int OffCrashed = 3;
}
