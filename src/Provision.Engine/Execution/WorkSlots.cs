using System.Collections.Concurrent;
using Provision.Engine.Contract;

namespace Provision.Engine.Execution;

/// <summary>How many steps run at once: a limit an endpoint and cost class, and one over all.</summary>
internal sealed class WorkSlots(int parallel) : IDisposable
{
    private readonly SemaphoreSlim _all = new(Math.Max(1, parallel));
    private readonly ConcurrentDictionary<(string Endpoint, string CostClass), SemaphoreSlim> _classes = new();

    /// <summary>Waits for room; dispose the result to give it back. The endpoint's room comes first, so that waiting for a busy one keeps none of the others waiting.</summary>
    public async Task<IDisposable> EnterAsync(WorkSlot slot, CancellationToken cancellationToken)
    {
        var room = _classes.GetOrAdd((slot.Endpoint, slot.CostClass), _ => new SemaphoreSlim(Math.Max(1, slot.Limit)));
        await room.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
        }
        catch
        {
            room.Release();
            throw;
        }

        return new Occupied(room, _all);
    }

    public void Dispose()
    {
        _all.Dispose();
        foreach (var room in _classes.Values)
        {
            room.Dispose();
        }
    }

    private sealed class Occupied(SemaphoreSlim room, SemaphoreSlim all) : IDisposable
    {
        public void Dispose()
        {
            all.Release();
            room.Release();
        }
    }
}
