using System.Threading.Channels;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Waits for an event, but no longer than a moment: an event may have been lost with its connection.</summary>
internal static class Pause
{
    /// <summary>All events that came; none where the time was over first.</summary>
    public static async Task<IReadOnlyList<DomainEvent>> UntilAsync(DomainWatch watch, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(limit > TimeSpan.Zero ? limit : TimeSpan.FromMilliseconds(1), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        var seen = new List<DomainEvent>();
        try
        {
            seen.Add(await watch.Events.ReadAsync(either.Token));
        }
        catch (Exception exception) when (exception is ChannelClosedException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (exception is ChannelClosedException)
            {
                await Task.Delay(limit, clock, cancellationToken);
            }
        }

        while (watch.Events.TryRead(out var more))
        {
            seen.Add(more);
        }

        return seen;
    }
}
