using System.Collections.Concurrent;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// A connection's own threads: libvirt's calls block, some for minutes, and the thread pool is for those that do not. They are started as
/// they are needed and no more than <paramref name="width"/>.
/// </summary>
internal sealed class LibvirtWorkers(int width = LibvirtWorkers.DefaultWidth) : IDisposable
{
    public const int DefaultWidth = 8;

    private readonly BlockingCollection<Action> _queue = [];
    private readonly Lock _gate = new();
    private int _threads;
    private int _open;

    /// <summary>Runs a blocking call on a thread of ours. Cancelled before it began it never begins; later only the wait for it is given up.</summary>
    public Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var giveUp = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource<T>?)state)?.TrySetCanceled(token), completion);
        try
        {
            lock (_gate)
            {
                _queue.Add(Run, CancellationToken.None);
                if (++_open > _threads && _threads < width)
                {
                    _threads++;
                    new Thread(Work) { IsBackground = true, Name = "libvirt" }.Start();
                }
            }
        }
        catch (InvalidOperationException) when (_queue.IsAddingCompleted)
        {
            giveUp.Dispose();
            throw new ObjectDisposedException(nameof(LibvirtWorkers));
        }

        return completion.Task;

        void Run()
        {
            using (giveUp)
            {
                if (completion.Task.IsCompleted)
                {
                    return;
                }

                try
                {
                    var result = call();
                    if (!completion.TrySetResult(result))
                    {
                        (result as IDisposable)?.Dispose();
                    }
                }
#pragma warning disable CA1031 // Whatever it is belongs to who waits for it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    completion.TrySetException(exception);
                }
            }
        }
    }

    /// <summary>Takes no more work; what runs ends by itself.</summary>
    public void Dispose() => _queue.CompleteAdding();

    private void Work()
    {
        foreach (var job in _queue.GetConsumingEnumerable())
        {
            job();
            lock (_gate)
            {
                _open--;
            }
        }
    }
}
