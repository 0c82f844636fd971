using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>
/// Whoever wants a package installed or removed on one host waits here for the package manager, of which only one can run. Whose turn it is
/// takes along all that wait to have one installed: a run of the manager costs much the same for one package as for ten.
/// </summary>
internal sealed class PackageQueue : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Lock _lock = new();
    private readonly List<Waiting> _waiting = [];
    private bool _oneByOne;

    /// <summary>Comes back when it is installed, by its own turn or by another's.</summary>
    /// <exception cref="ProviderException">It could not be installed; that another could not is no failure of this one.</exception>
    /// <exception cref="TimeoutException">The manager did not end in time.</exception>
    public async Task InstallAsync(IPackages packages, WantedPackage wanted, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        var mine = new Waiting(wanted);
        lock (_lock)
        {
            _waiting.Add(mine);
        }

        try
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                if (!mine.IsInstalled)
                {
                    await TakeTurnAsync(packages, mine, timeout, progress, cancellationToken);
                }
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            lock (_lock)
            {
                _waiting.Remove(mine);
            }
        }
    }

    public async Task RemoveAsync(IPackages packages, string name, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await packages.RemoveAsync(name, timeout, progress, cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task TakeTurnAsync(IPackages packages, Waiting mine, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        ImmutableArray<Waiting> all;
        lock (_lock)
        {
            all = _oneByOne ? [] : [.. _waiting.Where(one => !one.IsInstalled)];
        }

        if (all.Length > 1)
        {
            try
            {
                await packages.InstallAsync([.. all.Select(one => one.Wanted).Distinct()], timeout, progress, cancellationToken);
                foreach (var one in all)
                {
                    one.IsInstalled = true;
                }

                return;
            }
            catch (ProviderException)
            {
                // Each by itself from here on: only so is it clear which of them it was, and the others are not kept waiting for it.
                _oneByOne = true;
            }
        }

        await packages.InstallAsync([mine.Wanted], timeout, progress, cancellationToken);
    }

    private sealed class Waiting(WantedPackage wanted)
    {
        public WantedPackage Wanted => wanted;

        /// <summary>Set and read by whose turn it is only.</summary>
        public bool IsInstalled { get; set; }
    }
}
