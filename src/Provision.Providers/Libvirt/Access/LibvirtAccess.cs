using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt.Access;

/// <summary>What a person wants of a libvirt beside resources. Opened by a libvirt provider resource's inputs.</summary>
public sealed class LibvirtAccess : IMachineAccess
{
    private readonly LibvirtConnection _libvirt;
    private readonly TimeProvider _clock;

    /// <summary>What libvirt calls the machines that were looked at; messages speak of them so.</summary>
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

    private LibvirtAccess(LibvirtConnection libvirt, TimeProvider clock) => (_libvirt, _clock) = (libvirt, clock);

    public string Endpoint => _libvirt.Endpoint.Name;

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="ProviderException">The inputs name no libvirt that can be spoken to.</exception>
    public static LibvirtAccess Open(PropertyMap providerInputs, TimeProvider clock) => new(LibvirtProviderFactory.Connect(providerInputs, clock), clock);

    public Task<HypervisorDescription> DescribeAsync(CancellationToken cancellationToken) => _libvirt.AskAsync(
        "ask for its version",
        connect => new HypervisorDescription(connect.DriverName(), ClientLibrary.Version(), connect.LibraryVersion(), connect.HypervisorVersion()),
        cancellationToken);

    public async Task<ImmutableDictionary<string, MachineStatus>> StatusesAsync(IReadOnlyCollection<string> machines, CancellationToken cancellationToken)
    {
        var found = await _libvirt.AskAsync("look at the machines", connect => MachineStatuses.Read(connect, _libvirt.Endpoint, machines), cancellationToken);
        foreach (var (machine, status) in found)
        {
            _names[machine] = status.Name;
        }

        return found;
    }

    public async Task StartAsync(string machine, CancellationToken cancellationToken)
    {
        var power = Power(NoProgress.Instance);
        switch (await power.StateAsync(machine, NameOf(machine), cancellationToken))
        {
            case { Run: DomainRunState.Paused }:
                await power.HoldAsync(machine, NameOf(machine), hold: false, cancellationToken);
                break;
            case null or { IsActive: false }:
                await power.StartAsync(machine, NameOf(machine), paused: false, cancellationToken);
                break;
        }
    }

    public async Task WaitReadyAsync(ResourceState machine, IStepProgress progress, CancellationToken cancellationToken)
    {
        using var watch = await _libvirt.WatchAsync(machine.Id, cancellationToken);
        var prepared = await new DomainPreparation(_libvirt, new DomainNeighbours()).PrepareAsync(machine.Urn, Guid.Parse(machine.Id), machine.Inputs, exists: true, cancellationToken);
        await new GuestWait(_libvirt, _clock, new DirectDial(), progress)
            .RunAsync(WaitedGuest.Of(prepared, machine.Inputs, machine.CustomTimeouts?.Update), watch, cancellationToken);
    }

    public async Task<bool> ShutDownAsync(string machine, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        await Power(progress).StopAsync(machine, NameOf(machine), limit, cancellationToken);
        return _clock.GetElapsedTime(began) < limit;
    }

    public Task PowerOffAsync(string machine, CancellationToken cancellationToken) => Power(NoProgress.Instance).StopAsync(machine, NameOf(machine), TimeSpan.Zero, cancellationToken);

    public async Task<Stream> OpenConsoleAsync(string machine, bool force, CancellationToken cancellationToken)
    {
        if (!_libvirt.Driver.Has(LibvirtFeature.Console))
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"libvirt's {_libvirt.Driver.Name} driver has no consoles.", "Reach the machine over the network: `provision ssh`.", Remainder.Untouched.Value);
        }

        try
        {
            return new ConsoleStream(await _libvirt.ChangeAsync(
                $"open the console of machine '{NameOf(machine)}'",
                connect =>
                {
                    using var domain = connect.DomainByUuid(machine);
                    return LibvirtDuplex.OpenConsole(connect, domain, null, force);
                },
                cancellationToken));
        }
        catch (ProviderException failure) when (failure.Said()?.Message.Contains("Active console session", StringComparison.OrdinalIgnoreCase) == true)
        {
            throw new ProviderException(
                ProviderFailure.Conflict, "Somebody else has the console open.", "Wait until they are done, or take it over with --force.", Remainder.Untouched.Value, failure.InnerException);
        }
        catch (ProviderException failure) when (failure.Said()?.Message.Contains("lock file", StringComparison.OrdinalIgnoreCase) == true)
        {
            // libvirt notes in /var/lock who has a line open. A host that was started without an init system may lack the folder.
            throw new ProviderException(failure.Failure, failure.Message, "Make the folder on that host: mkdir -m 1777 /run/lock", Remainder.Untouched.Value, failure.InnerException);
        }
    }

    public Task<ImmutableArray<MachineSnapshot>> SnapshotsAsync(string machine, CancellationToken cancellationToken) =>
        !_libvirt.Driver.Has(LibvirtFeature.Snapshots) ? Task.FromResult(ImmutableArray<MachineSnapshot>.Empty) : _libvirt.AskAsync(
            $"list the snapshots of machine '{NameOf(machine)}'",
            connect =>
            {
                using var domain = connect.DomainByUuid(machine);
                using var snapshots = domain.ListSnapshots();
                return snapshots.Select(snapshot => SnapshotXml.Read(snapshot.Xml(), snapshot.IsCurrent())).ToImmutableArray();
            },
            cancellationToken);

    public Task CreateSnapshotAsync(string machine, string name, string? description, CancellationToken cancellationToken) => ChangeAsync(
        $"make the snapshot '{name}' of", machine,
        domain =>
        {
            using var made = domain.CreateSnapshot(SnapshotXml.Of(name, description));
        },
        cancellationToken);

    public Task RevertSnapshotAsync(string machine, string name, CancellationToken cancellationToken) => ChangeAsync(
        $"put back to its snapshot '{name}'", machine,
        domain =>
        {
            using var snapshot = domain.SnapshotByName(name);
            snapshot.RevertTo();
        },
        cancellationToken);

    public Task DeleteSnapshotAsync(string machine, string name, CancellationToken cancellationToken) => ChangeAsync(
        $"delete the snapshot '{name}' of", machine,
        domain =>
        {
            using var snapshot = domain.FindSnapshot(name);
            snapshot?.Delete();
        },
        cancellationToken);

    public ValueTask DisposeAsync() => _libvirt.DisposeAsync();

    private string NameOf(string machine) => _names.GetValueOrDefault(machine, machine);

    private DomainPower Power(IStepProgress progress) => new(_libvirt, _clock, progress);

    private Task ChangeAsync(string doing, string machine, Action<DomainHandle> change, CancellationToken cancellationToken) => _libvirt.ChangeAsync(
        $"{doing} machine '{NameOf(machine)}'",
        connect =>
        {
            using var domain = connect.DomainByUuid(machine);
            change(domain);
        },
        cancellationToken);

    private sealed class NoProgress : IStepProgress
    {
        public static readonly NoProgress Instance = new();

        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
