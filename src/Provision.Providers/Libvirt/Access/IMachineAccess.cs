using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Libvirt.Access;

/// <summary>
/// What a person wants of a hypervisor beside resources: how machines are, power, the console, snapshots. Machines are named by what
/// the state records as their id. A call for a machine that is gone fails; only <see cref="StatusesAsync"/> leaves it out.
/// </summary>
public interface IMachineAccess : IAsyncDisposable
{
    /// <summary>The hypervisor's URI, for messages.</summary>
    string Endpoint { get; }

    /// <summary>Versions, which prove that it answers.</summary>
    Task<HypervisorDescription> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>How machines are, in a few calls for all of them; those that are gone are left out.</summary>
    Task<ImmutableDictionary<string, MachineStatus>> StatusesAsync(IReadOnlyCollection<string> machines, CancellationToken cancellationToken);

    /// <summary>Starts a machine, or lets a paused one go on. One that runs stays as it is.</summary>
    Task StartAsync(string machine, CancellationToken cancellationToken);

    /// <summary>Waits until a running machine has its addresses and answers, as its resource asks and in the very way in which <c>up</c> waits.</summary>
    /// <param name="machine">Its recorded resource.</param>
    /// <param name="progress">Told what is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ProviderException">It did not within its limit.</exception>
    Task WaitReadyAsync(ResourceState machine, IStepProgress progress, CancellationToken cancellationToken);

    /// <summary>Asks a machine to shut down, and takes its power away after the limit. False: it came to that.</summary>
    Task<bool> ShutDownAsync(string machine, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken);

    /// <summary>Takes a machine's power away, and with it a memory image that was saved of it. One that is off stays off.</summary>
    Task PowerOffAsync(string machine, CancellationToken cancellationToken);

    /// <summary>A machine's serial console: what is read is what it writes, what is written is typed.</summary>
    /// <param name="machine">Its id.</param>
    /// <param name="force">Take it over from whoever has it open.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    Task<Stream> OpenConsoleAsync(string machine, bool force, CancellationToken cancellationToken);

    Task<ImmutableArray<MachineSnapshot>> SnapshotsAsync(string machine, CancellationToken cancellationToken);

    /// <summary>Saves a machine's disks, and its memory where it runs.</summary>
    Task CreateSnapshotAsync(string machine, string name, string? description, CancellationToken cancellationToken);

    /// <summary>Puts a machine back to what it was; what came after is lost.</summary>
    Task RevertSnapshotAsync(string machine, string name, CancellationToken cancellationToken);

    /// <summary>Forgets a saved state; the machine stays as it is.</summary>
    Task DeleteSnapshotAsync(string machine, string name, CancellationToken cancellationToken);
}
