using System.Threading.Channels;
using Docker.DotNet.Models;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>
/// Removes an object that others may still hold: tries, and where it is in use waits for the daemon's next event before trying again, up to a limit.
/// </summary>
internal sealed class GoneWait(DockerConnection docker, TimeProvider clock, TimeSpan limit, IStepProgress progress)
{
    /// <summary>As long as the bridge waits for endpoints to go.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    // Not every release of a hold has an event (a failed start, a dead shim), so the look is repeated now and then without one.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(2);

    /// <param name="what">"volume 'data'".</param>
    /// <param name="remove">The removal; not found is success.</param>
    /// <param name="isHeld">Whether a failure means that somebody holds it (still).</param>
    /// <param name="holders">Who holds it, to follow "it is".</param>
    /// <param name="remedy">What to do when it is never let go.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task RemoveAsync(
        string what, Func<CancellationToken, Task> remove, Func<ProviderException, bool> isHeld, Func<CancellationToken, Task<string>> holders, string remedy,
        CancellationToken cancellationToken)
    {
        if (await TryAsync(remove, isHeld, cancellationToken) is not { } refused)
        {
            return;
        }

        // Listen from before the second try, so that no event between a try and the wait for it is lost.
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        var watch = WatchAsync(events.Writer, watching.Token);
        try
        {
            var started = clock.GetTimestamp();
            while (await TryAsync(remove, isHeld, cancellationToken) is { } again)
            {
                refused = again;
                var waited = clock.GetElapsedTime(started);
                var held = await holders(cancellationToken);
                if (waited >= limit)
                {
                    throw new ProviderException(
                        ProviderFailure.Conflict,
                        $"Cannot remove {what}: after {waited.TotalSeconds:0} s it is still {(held.Length > 0 ? held : "in use")}.", remedy, Remainder.Untouched.Value, refused.InnerException);
                }

                progress.Report($"waiting until {what} is free: {(held.Length > 0 ? held : "in use")}, {waited.TotalSeconds:0} s");
                await NextAsync(events.Reader, limit - waited, cancellationToken);
            }
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    private async Task NextAsync(ChannelReader<bool> events, TimeSpan left, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(left < LookAgain ? left : LookAgain, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await events.ReadAsync(either.Token);
        }
        catch (Exception exception) when (exception is ChannelClosedException || (exception is OperationCanceledException && pause.IsCancellationRequested))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Delay(TimeSpan.FromMilliseconds(exception is ChannelClosedException ? 200 : 0), clock, cancellationToken);
        }
    }

    private static async Task<ProviderException?> TryAsync(Func<CancellationToken, Task> remove, Func<ProviderException, bool> isHeld, CancellationToken cancellationToken)
    {
        try
        {
            await remove(cancellationToken);
            return null;
        }
        catch (ProviderException failure) when (failure.IsNotFound())
        {
            return null;
        }
        catch (ProviderException failure) when (isHeld(failure))
        {
            return failure;
        }
    }

    private async Task WatchAsync(ChannelWriter<bool> writer, CancellationToken cancellationToken)
    {
        try
        {
            await docker.AskAsync(
                "watch the daemon's events",
                async (client, token) =>
                {
                    await client.System.MonitorEventsAsync(
                        new ContainerEventsParameters { Filters = Filter.Of("type", "container", "network", "volume") },
                        new Signal(writer), token);
                    return true;
                },
                cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ProviderException)
        {
            // Events only shorten the wait; without them it looks again by itself.
        }
        finally
        {
            writer.TryComplete();
        }
    }

    private sealed class Signal(ChannelWriter<bool> writer) : IProgress<Message>
    {
        public void Report(Message value) => writer.TryWrite(true);
    }
}
