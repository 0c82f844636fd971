namespace Provision.Cli.Consoles;

/// <summary>Why a console session ended.</summary>
internal enum ConsoleEnd
{
    /// <summary>The detach key.</summary>
    Detached,

    /// <summary>All input was typed, and the machine has been silent since.</summary>
    InputEnded,

    /// <summary>The machine's side ended: it is off, or somebody took the console over.</summary>
    MachineClosed,
}

/// <summary>Passes bytes both ways between a machine's console and our own input and output.</summary>
/// <param name="machine">The console.</param>
/// <param name="input">What is typed.</param>
/// <param name="output">Where to show what the machine writes.</param>
/// <param name="clock">Measures silence.</param>
internal sealed class ConsoleBridge(Stream machine, Stream input, Stream output, TimeProvider clock)
{
    private const int ChunkSize = 4096;

    private long _lastHeard;

    /// <summary>The key that detaches; null where input is passed on whole.</summary>
    public EscapeKey? Escape { get; init; }

    /// <summary>How long the machine has to be silent after the end of the input before that ends the session.</summary>
    public TimeSpan Linger { get; init; }

    public async Task<ConsoleEnd> RunAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _lastHeard = clock.GetTimestamp();
        var receiving = ReceiveAsync(stop.Token);
        var sending = SendAsync(stop.Token);
        try
        {
            // A read of a terminal may not be cancellable, so that nobody waits for one: neither for the end nor for a signal.
            var first = await Task.WhenAny(receiving, sending).WaitAsync(cancellationToken);
            var end = await first;
            return end == ConsoleEnd.InputEnded ? await LingerAsync(receiving, cancellationToken) : end;
        }
        finally
        {
            await stop.CancelAsync();
            Forget(receiving);
            Forget(sending);
        }
    }

    private async Task<ConsoleEnd> ReceiveAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkSize];
        while (await machine.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            Volatile.Write(ref _lastHeard, clock.GetTimestamp());
            await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            await output.FlushAsync(cancellationToken);
        }

        return ConsoleEnd.MachineClosed;
    }

    private async Task<ConsoleEnd> SendAsync(CancellationToken cancellationToken)
    {
        var buffer = new byte[ChunkSize];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            var typed = buffer.AsMemory(0, count);
            var at = Escape is { } escape ? typed.Span.IndexOf(escape.Character) : -1;
            if (at != 0)
            {
                await machine.WriteAsync(at < 0 ? typed : typed[..at], cancellationToken);
            }

            if (at >= 0)
            {
                return ConsoleEnd.Detached;
            }
        }

        return ConsoleEnd.InputEnded;
    }

    private async Task<ConsoleEnd> LingerAsync(Task<ConsoleEnd> receiving, CancellationToken cancellationToken)
    {
        // What was typed last has yet to be answered.
        Volatile.Write(ref _lastHeard, clock.GetTimestamp());
        while (Linger - clock.GetElapsedTime(Volatile.Read(ref _lastHeard)) is { Ticks: > 0 } left)
        {
            if (await Task.WhenAny(receiving, Task.Delay(left, clock, cancellationToken)) == receiving)
            {
                return await receiving;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }

        return ConsoleEnd.InputEnded;
    }

    private static void Forget(Task task) =>
        task.ContinueWith(done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
