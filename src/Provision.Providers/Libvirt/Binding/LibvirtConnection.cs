using System.Collections.Concurrent;
using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// The one way to a libvirt: opened by the first call, opened again after it broke, shared by all, its errors translated once
/// (<see cref="LibvirtErrors"/>). Calls run on threads of their own (<see cref="LibvirtWorkers"/>). Thread-safe.
/// </summary>
internal sealed class LibvirtConnection : IAsyncDisposable
{
    /// <summary>A fresh daemon asks its emulators for what they can before it answers, which takes seconds.</summary>
    public static readonly TimeSpan DefaultOpenLimit = TimeSpan.FromSeconds(60);

    /// <summary>Closing tells the daemon; a daemon that hangs must not keep us.</summary>
    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _clock;
    private readonly TimeSpan _openLimit;
    private readonly LibvirtWorkers _workers = new();
    private readonly SemaphoreSlim _opening = new(1, 1);
    private readonly ConcurrentDictionary<(string Arch, string Machine, string Type), Task<DomainCapabilities?>> _domainCapabilities = new();
    private ImmutableHashSet<DomainWatch> _watches = [];
    private HostCapabilities? _capabilities;
    private LibvirtSession? _session;
    private bool _disposed;

    public LibvirtConnection(LibvirtEndpoint endpoint, TimeProvider clock, TimeSpan? openLimit = null) =>
        (Endpoint, _clock, _openLimit) = (endpoint, clock, openLimit ?? DefaultOpenLimit);

    public LibvirtEndpoint Endpoint { get; }

    /// <summary>What the endpoint's driver can.</summary>
    public LibvirtDriver Driver => Endpoint.Driver;

    /// <summary>
    /// Makes a call that changes nothing; where the connection proves dead, once more over a fresh one. <paramref name="doing"/> follows "cannot"
    /// in messages: "look at the domain 'web'". <paramref name="call"/> may make many calls; what it opens it must free.
    /// </summary>
    public async Task<T> AskAsync<T>(string doing, Func<ConnectHandle, T> call, CancellationToken cancellationToken)
    {
        for (var first = true; ; first = false)
        {
            var session = await OpenAsync(doing, cancellationToken);
            try
            {
                return await _workers.RunAsync(() => call(session.Connect), cancellationToken);
            }
            catch (LibvirtException lost) when (lost.IsOfTheWay && first)
            {
                Drop(session);
            }
            catch (Exception exception) when (LibvirtErrors.IsOurs(exception))
            {
                throw LibvirtErrors.Translate(exception, Endpoint, doing, changes: false);
            }
        }
    }

    /// <summary>Makes a call that changes something: after a connection lost in the middle nobody knows whether it did.</summary>
    public async Task<T> ChangeAsync<T>(string doing, Func<ConnectHandle, T> call, CancellationToken cancellationToken)
    {
        var session = await OpenAsync(doing, cancellationToken);
        try
        {
            return await _workers.RunAsync(() => call(session.Connect), cancellationToken);
        }
        catch (Exception exception) when (LibvirtErrors.IsOurs(exception))
        {
            throw LibvirtErrors.Translate(exception, Endpoint, doing, changes: true);
        }
    }

    public Task ChangeAsync(string doing, Action<ConnectHandle> call, CancellationToken cancellationToken) =>
        ChangeAsync(
            doing,
            connect =>
            {
                call(connect);
                return true;
            },
            cancellationToken);

    /// <summary>What the host offers; asked for once a connection.</summary>
    public async Task<HostCapabilities> CapabilitiesAsync(CancellationToken cancellationToken) =>
        _capabilities ??= Driver.Has(LibvirtFeature.Capabilities)
            ? HostCapabilities.Parse(await AskAsync("ask for the host's capabilities", connect => connect.CapabilitiesXml(), cancellationToken))
            : HostCapabilities.None;

    /// <summary>What one emulator and machine type offer; null where the driver does not tell. Asked for once each.</summary>
    public async Task<DomainCapabilities?> DomainCapabilitiesAsync(string arch, string machine, string type, CancellationToken cancellationToken)
    {
        if (!Driver.Has(LibvirtFeature.DomainCapabilities))
        {
            return null;
        }

        var key = (arch, machine, type);
        var asked = _domainCapabilities.GetOrAdd(key, AskOnceAsync);
        try
        {
            return await asked.WaitAsync(cancellationToken);
        }
        catch (ProviderException)
        {
            _domainCapabilities.TryRemove(KeyValuePair.Create(key, asked));
            throw;
        }

        async Task<DomainCapabilities?> AskOnceAsync((string Arch, string Machine, string Type) of) =>
            DomainCapabilities.Parse(await AskAsync(
                $"ask what the machine type '{of.Machine}' offers", connect => connect.DomainCapabilitiesXml(null, of.Arch, of.Machine, of.Type), CancellationToken.None));
    }

    /// <summary>Subscribes to what happens to one domain (null: to all), from now on.</summary>
    public async Task<DomainWatch> WatchAsync(string? uuid, CancellationToken cancellationToken)
    {
        var session = await OpenAsync("watch the domains", cancellationToken);
        var watch = new DomainWatch(uuid, session.HasEvents, ended => ImmutableInterlocked.Update(ref _watches, (watches, gone) => watches.Remove(gone), ended));
        ImmutableInterlocked.Update(ref _watches, (watches, added) => watches.Add(added), watch);
        return watch;
    }

    /// <summary>Runs a blocking stream call (console, upload, download) beside others; the stream keeps its connection.</summary>
    internal Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken) => _workers.RunAsync(call, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (_session is { } session)
        {
            await CloseAsync(session);
        }

        _workers.Dispose();
        _opening.Dispose();
    }

    private async Task<LibvirtSession> OpenAsync(string doing, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_session is { IsAlive: true } already)
        {
            return already;
        }

        await _opening.WaitAsync(cancellationToken);
        try
        {
            if (_session is { IsAlive: true } opened)
            {
                return opened;
            }

            if (_session is { } dead)
            {
                Drop(dead);
            }

            using var limit = new CancellationTokenSource(_openLimit, _clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                return _session = await _workers.RunAsync(() => LibvirtSession.Open(Endpoint, Publish), either.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw LibvirtErrors.Translate(new TimeoutException(), Endpoint, doing, changes: false);
            }
            catch (Exception exception) when (LibvirtErrors.IsOurs(exception))
            {
                throw LibvirtErrors.Translate(exception, Endpoint, doing, changes: false);
            }
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>Who waits on events looks again; the callbacks of a dead connection are taken off beside the work.</summary>
    private void Drop(LibvirtSession session)
    {
        if (Interlocked.CompareExchange(ref _session, null, session) == session)
        {
            Publish(new DomainEvent("", DomainEventKind.ConnectionLost, 0));
            _ = CloseAsync(session);
        }
    }

    private async Task CloseAsync(LibvirtSession session)
    {
        using var limit = new CancellationTokenSource(CloseLimit, _clock);
        try
        {
            await _workers.RunAsync(
                () =>
                {
                    session.Dispose();
                    return true;
                },
                limit.Token);
        }
        catch (OperationCanceledException)
        {
            // The daemon hangs; the connection ends with the process.
        }
    }

    private void Publish(DomainEvent seen)
    {
        foreach (var watch in _watches)
        {
            watch.Offer(seen);
        }
    }
}
