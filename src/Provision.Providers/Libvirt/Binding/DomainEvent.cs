using System.Threading.Channels;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>What happened to a domain: libvirt's lifecycle events by their numbers, its agent's, and ours.</summary>
internal enum DomainEventKind
{
    Defined = 0,
    Undefined = 1,
    Started = 2,
    Suspended = 3,
    Resumed = 4,
    Stopped = 5,
    Shutdown = 6,
    PowerManagementSuspended = 7,
    Crashed = 8,

    /// <summary>The agent in the guest came.</summary>
    AgentConnected = 100,
    AgentDisconnected = 101,

    /// <summary>The guest restarted itself.</summary>
    Rebooted = 102,

    /// <summary>The connection broke: events may have been lost, so look again. The next call reconnects.</summary>
    ConnectionLost = 200,
}

/// <param name="Uuid">Which domain; empty for <see cref="DomainEventKind.ConnectionLost"/>.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Detail">libvirt's detail number.</param>
internal sealed record DomainEvent(string Uuid, DomainEventKind Kind, int Detail);

/// <summary>A subscription. Take it before acting, so that no event between the act and the wait is lost; dispose it when done.</summary>
internal sealed class DomainWatch(string? uuid, bool delivers, Action<DomainWatch> end) : IDisposable
{
    private readonly Channel<DomainEvent> _events = Channel.CreateUnbounded<DomainEvent>(new UnboundedChannelOptions { SingleReader = true });

    public string? Uuid { get; } = uuid;

    /// <summary>False where the driver has no events: the waiter has to look now and then.</summary>
    public bool Delivers { get; } = delivers;

    public ChannelReader<DomainEvent> Events => _events.Reader;

    public void Dispose()
    {
        end(this);
        _events.Writer.TryComplete();
    }

    internal void Offer(DomainEvent seen)
    {
        if (Uuid is null || seen.Kind == DomainEventKind.ConnectionLost || seen.Uuid == Uuid)
        {
            _events.Writer.TryWrite(seen);
        }
    }
}
