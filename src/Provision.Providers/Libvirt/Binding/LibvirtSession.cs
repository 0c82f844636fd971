using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>One open connection with its callbacks. It is never repaired: a broken one is dropped and the next call opens another.</summary>
internal sealed unsafe class LibvirtSession : IDisposable
{
    private const int KeepAliveSeconds = 10;
    private const uint KeepAliveCount = 6;
    private const int LifecycleEvent = 0;
    private const int RebootEvent = 1;
    private const int AgentEvent = 18;

    private readonly Action<DomainEvent> _publish;
    private readonly List<int> _callbacks = [];
    private readonly nint _key;
    private readonly bool _tellsOfItsEnd;
    private volatile bool _broken;

    private LibvirtSession(ConnectHandle connect, LibvirtDriver driver, Action<DomainEvent> publish)
    {
        (Connect, _publish) = (connect, publish);
        _key = LibvirtEventLoop.Lend(this);

        // Both are refused by drivers that work in this process, which have no connection to lose.
        _tellsOfItsEnd = Native.virConnectRegisterCloseCallback(connect, &Closed, _key, null) == 0;
        _ = Native.virConnectSetKeepAlive(connect, KeepAliveSeconds, KeepAliveCount);
        if (driver.Has(LibvirtFeature.Events))
        {
            Register(LifecycleEvent, (nint)(delegate* unmanaged<nint, nint, int, int, nint, int>)&Lifecycle);
            HasEvents = _callbacks.Count > 0;
            Register(RebootEvent, (nint)(delegate* unmanaged<nint, nint, nint, void>)&Reboot);
            if (driver.Has(LibvirtFeature.GuestAgent))
            {
                Register(AgentEvent, (nint)(delegate* unmanaged<nint, nint, int, int, nint, void>)&Agent);
            }
        }
    }

    public ConnectHandle Connect { get; }

    public bool HasEvents { get; }

    public bool IsAlive => !_broken && !Connect.IsClosed && Native.virConnectIsAlive(Connect) == 1;

    /// <summary>Blocks: to be called on a worker.</summary>
    public static LibvirtSession Open(LibvirtEndpoint endpoint, Action<DomainEvent> publish)
    {
        LibvirtEventLoop.Start();
        var auth = new virConnectAuth { cb = &NoAnswer };
        return new LibvirtSession(Native.virConnectOpenAuth(endpoint.Uri, &auth, 0).Checked(), endpoint.Driver, publish);
    }

    /// <summary>Blocks while the daemon is told. libvirt keeps a connection open as long as a callback is registered on it.</summary>
    public void Dispose()
    {
        _broken = true;
        foreach (var callback in _callbacks)
        {
            _ = Native.virConnectDomainEventDeregisterAny(Connect, callback);
        }

        _callbacks.Clear();
        if (_tellsOfItsEnd)
        {
            _ = Native.virConnectUnregisterCloseCallback(Connect, &Closed);
        }

        LibvirtEventLoop.TakeBack(_key);
        Connect.Dispose();
    }

    private void Register(int eventId, nint callback)
    {
        var id = Native.virConnectDomainEventRegisterAny(Connect, 0, eventId, callback, _key, null);
        if (id >= 0)
        {
            _callbacks.Add(id);
        }
    }

    /// <summary>Nobody is asked on the terminal: what the driver needs has to stand in libvirt's auth.conf.</summary>
    [UnmanagedCallersOnly]
    private static int NoAnswer(nint credentials, uint count, nint data) => -1;

    [UnmanagedCallersOnly]
    private static void Closed(nint connect, int reason, nint key)
    {
        if (LibvirtEventLoop.Lent<LibvirtSession>(key) is { } session)
        {
            session._broken = true;
            session._publish(new DomainEvent("", DomainEventKind.ConnectionLost, reason));
        }
    }

    [UnmanagedCallersOnly]
    private static int Lifecycle(nint connect, nint domain, int kind, int detail, nint key)
    {
        LibvirtEventLoop.Lent<LibvirtSession>(key)?._publish(new DomainEvent(DomainCalls.UuidOf(domain), (DomainEventKind)kind, detail));
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void Reboot(nint connect, nint domain, nint key) =>
        LibvirtEventLoop.Lent<LibvirtSession>(key)?._publish(new DomainEvent(DomainCalls.UuidOf(domain), DomainEventKind.Rebooted, 0));

    [UnmanagedCallersOnly]
    private static void Agent(nint connect, nint domain, int state, int reason, nint key) =>
        LibvirtEventLoop.Lent<LibvirtSession>(key)?._publish(
            new DomainEvent(DomainCalls.UuidOf(domain), state == 1 ? DomainEventKind.AgentConnected : DomainEventKind.AgentDisconnected, reason));
}
