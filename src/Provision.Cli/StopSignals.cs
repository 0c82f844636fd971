using System.Runtime.InteropServices;
using Provision.Engine;

namespace Provision.Cli;

/// <summary>
/// Ctrl+C and its like as two stages: the first signal starts nothing new and finishes what runs, the second abandons it. A third ends
/// the process where it stands; the journal copes with that.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _cancel = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _count;

    public StopTokens Tokens => new(_stop.Token, _cancel.Token);

    /// <summary>Told of each stage; true is the second.</summary>
    public event Action<bool>? StageReached;

    /// <summary>Takes the process's signals until disposed.</summary>
    public void Register()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context => context.Cancel = Raise()));
        }
    }

    /// <summary>One signal came. False: nothing is left to stop, so that the signal does what it does by itself.</summary>
    public bool Raise()
    {
        var count = Interlocked.Increment(ref _count);
        if (count > 2)
        {
            return false;
        }

        StageReached?.Invoke(count == 2);
        (count == 1 ? _stop : _cancel).Cancel();
        return true;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }

        _stop.Dispose();
        _cancel.Dispose();
    }
}
