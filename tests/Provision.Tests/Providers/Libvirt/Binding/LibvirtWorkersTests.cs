using Provision.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt.Binding;

public sealed class LibvirtWorkersTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task As_many_run_at_once_as_it_is_wide_and_none_on_the_thread_pool()
    {
        using var workers = new LibvirtWorkers(3);
        using var all = new CountdownEvent(3);
        using var go = new ManualResetEventSlim();
        int running = 0, most = 0;
        var pooled = false;
        var tasks = Enumerable.Range(0, 9).Select(i => workers.RunAsync(
            () =>
            {
                InterlockedMax(ref most, Interlocked.Increment(ref running));
                pooled |= Thread.CurrentThread.IsThreadPoolThread;
                if (i < 3)
                {
                    all.Signal();
                }

                go.Wait(Token);
                return Interlocked.Decrement(ref running);
            },
            Token)).ToArray();
        all.Wait(Token);
        go.Set();
        await Task.WhenAll(tasks);

        Assert.Equal(3, most);
        Assert.False(pooled);
    }

    [Fact]
    public async Task Cancelled_before_it_began_it_never_begins()
    {
        using var workers = new LibvirtWorkers(1);
        using var go = new ManualResetEventSlim();
        var first = workers.RunAsync(
            () =>
            {
                go.Wait(Token);
                return 1;
            },
            Token);
        using var cancel = new CancellationTokenSource();
        var began = false;
        var second = workers.RunAsync(() => began = true, cancel.Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        go.Set();
        await first;
        await workers.RunAsync(() => 0, Token);
        Assert.False(began);
    }

    [Fact]
    public async Task Cancelled_while_it_runs_the_wait_ends_and_what_it_gives_is_freed()
    {
        using var workers = new LibvirtWorkers(1);
        using var began = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        var result = new Owned();
        var task = workers.RunAsync(
            () =>
            {
                began.Set();
                go.Wait(Token);
                return result;
            },
            cancel.Token);
        began.Wait(Token);
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
        Assert.False(result.Freed);
        go.Set();
        await workers.RunAsync(() => 0, Token);
        Assert.True(result.Freed);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }

    private sealed class Owned : IDisposable
    {
        public bool Freed { get; private set; }

        public void Dispose() => Freed = true;
    }
}
