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

    private LibvirtAccess(LibvirtConnection libvirt, TimeProvider clock) => (_libvirt, _clock) = (libvirt, clock);

    public string Endpoint => _libvirt.Endpoint.Name;

    /// <summary>Connects to nothing yet.</summary>
    /// <exception cref="ProviderException">The inputs name no libvirt that can be spoken to.</exception>
    public static LibvirtAccess Open(PropertyMap providerInputs, TimeProvider clock)
    {
        var failures = new List<CheckFailure>();
        return LibvirtEndpoint.Read(providerInputs, failures) is { } endpoint
            ? new LibvirtAccess(new LibvirtConnection(endpoint, clock), clock)
            : throw new ProviderException(
                ProviderFailure.Refused,
                failures.Count > 0 ? $"The libvirt provider is not configured: {failures[0].Reason}." : "The libvirt provider's URI is not known yet.",
                failures.Count > 0 ? failures[0].Remedy : "Bring up what the hypervisor depends on first.", Remainder.Untouched.Value);
    }

    public Task<HypervisorDescription> DescribeAsync(CancellationToken cancellationToken) => _libvirt.AskAsync(
        "ask for its version",
        connect => new HypervisorDescription(connect.DriverName(), ClientLibrary.Version(), connect.LibraryVersion(), connect.HypervisorVersion()),
        cancellationToken);

    public Task<ImmutableDictionary<string, MachineStatus>> StatusesAsync(IReadOnlyCollection<string> machines, CancellationToken cancellationToken) =>
        _libvirt.AskAsync("look at the machines", connect => MachineStatuses.Read(connect, _libvirt.Endpoint, machines), cancellationToken);

    public Task StartAsync(string machine, CancellationToken cancellationToken) => ChangeAsync(
        "start", machine,
        domain =>
        {
            switch (domain.State().Run)
            {
                case DomainRunState.Paused:
                    domain.Resume();
                    break;
                case DomainRunState.Off or DomainRunState.Crashed or DomainRunState.NoState:
                    domain.Start();
                    break;
            }
        },
        cancellationToken);

    public Task WaitReadyAsync(string machine, PropertyMap inputs, IStepProgress progress, CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task<bool> ShutDownAsync(string machine, TimeSpan limit, CancellationToken cancellationToken)
    {
        var shutdown = new MachineShutdown(_libvirt, _clock, machine);
        if (await shutdown.RunAsync(limit, cancellationToken))
        {
            return true;
        }

        await PowerOffAsync(machine, cancellationToken);
        return false;
    }

    public Task PowerOffAsync(string machine, CancellationToken cancellationToken) => ChangeAsync(
        "power off", machine,
        domain =>
        {
            if (domain.State().IsActive)
            {
                domain.PowerOff();
            }

            if (_libvirt.Driver == LibvirtDriver.Qemu && domain.HasSavedImage())
            {
                domain.RemoveSavedImage();
            }
        },
        cancellationToken);

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
                $"open the console of machine '{machine}'",
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
    }

    public Task<ImmutableArray<MachineSnapshot>> SnapshotsAsync(string machine, CancellationToken cancellationToken) =>
        !_libvirt.Driver.Has(LibvirtFeature.Snapshots) ? Task.FromResult(ImmutableArray<MachineSnapshot>.Empty) : _libvirt.AskAsync(
            $"list the snapshots of machine '{machine}'",
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

    private Task ChangeAsync(string doing, string machine, Action<DomainHandle> change, CancellationToken cancellationToken) => _libvirt.ChangeAsync(
        $"{doing} machine '{machine}'",
        connect =>
        {
            using var domain = connect.DomainByUuid(machine);
            change(domain);
        },
        cancellationToken);
}
