using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// A console: bytes both ways, without a thread that waits. libvirt's event loop says when there is something to read or room to write.
/// One reader and one writer at a time.
/// </summary>
internal sealed class LibvirtDuplex : IDisposable
{
    private const int Readable = 1;
    private const int Writable = 2;
    private const int Failed = 4;
    private const int HungUp = 8;
    private const uint NonBlocking = 1;
    private const uint TakeOver = 1;
    private const int WouldBlock = -2;

    private readonly StreamHandle _stream;
    private readonly Lock _gate = new();
    private readonly nint _key;
    private TaskCompletionSource? _mayRead;
    private TaskCompletionSource? _mayWrite;
    private int _wanted;
    private bool _ended;

    private unsafe LibvirtDuplex(StreamHandle stream)
    {
        _stream = stream;
        _key = LibvirtEventLoop.Lend(this);
        Native.virStreamEventAddCallback(stream, Failed | HungUp, &OnEvent, _key, &LibvirtEventLoop.Forget).Checked();
        _wanted = Failed | HungUp;
    }

    /// <summary>Opens a domain's console; blocks shortly. <paramref name="force"/> takes it from who has it open.</summary>
    public static LibvirtDuplex OpenConsole(ConnectHandle connect, DomainHandle domain, string? device, bool force)
    {
        var stream = Native.virStreamNew(connect, NonBlocking).Checked();
        try
        {
            Native.virDomainOpenConsole(domain, device, stream, force ? TakeOver : 0).Checked();
            return new LibvirtDuplex(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Waits for bytes; 0 at the end.</summary>
    public async Task<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            var wait = TryReceive(buffer.Span, out var read);
            if (wait is null)
            {
                return read;
            }

            await wait.WaitAsync(cancellationToken);
        }
    }

    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        while (data.Length > 0)
        {
            var wait = TrySend(data.Span, out var sent);
            data = data[sent..];
            if (wait is not null)
            {
                await wait.WaitAsync(cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_stream.IsClosed)
            {
                return;
            }

            _ended = true;
            _ = Native.virStreamEventRemoveCallback(_stream);
            _ = Native.virStreamAbort(_stream);
            _stream.Dispose();
        }

        Wake(Readable | Writable);
    }

    private unsafe Task? TryReceive(Span<byte> buffer, out int read)
    {
        lock (_gate)
        {
            read = 0;
            if (_stream.IsClosed)
            {
                return null;
            }

            fixed (byte* into = buffer)
            {
                read = Native.virStreamRecv(_stream, into, (nuint)buffer.Length);
            }

            if (read != WouldBlock)
            {
                // A guest that was powered off ends its console with an error: an end like any other.
                read = Math.Max(read, 0);
                return null;
            }

            read = 0;
            return _ended ? null : Await(ref _mayRead, Readable);
        }
    }

    private unsafe Task? TrySend(ReadOnlySpan<byte> data, out int sent)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stream.IsClosed, this);
            fixed (byte* from = data)
            {
                sent = Native.virStreamSend(_stream, from, (nuint)data.Length);
            }

            if (sent == WouldBlock)
            {
                sent = 0;
                return _ended ? throw new IOException("the console has ended") : Await(ref _mayWrite, Writable);
            }

            return sent >= 0 ? null : throw new IOException($"the console has ended: {LastError.Read().Message}");
        }
    }

    private Task Await(ref TaskCompletionSource? signal, int events)
    {
        signal ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _wanted |= events;
        _ = Native.virStreamEventUpdateCallback(_stream, _wanted);
        return signal.Task;
    }

    [UnmanagedCallersOnly]
    private static void OnEvent(nint stream, int events, nint key) => LibvirtEventLoop.Lent<LibvirtDuplex>(key)?.Happened(events);

    private void Happened(int events)
    {
        lock (_gate)
        {
            if (_stream.IsClosed)
            {
                return;
            }

            // What nobody waits for any more would be told over and over.
            _wanted &= ~events;
            if ((events & (Failed | HungUp)) != 0)
            {
                _ended = true;
                events |= Readable | Writable;
                _wanted = 0;
            }

            _ = Native.virStreamEventUpdateCallback(_stream, _wanted);
        }

        Wake(events);
    }

    private void Wake(int events)
    {
        TaskCompletionSource? read = null, write = null;
        lock (_gate)
        {
            if ((events & Readable) != 0)
            {
                (read, _mayRead) = (_mayRead, null);
            }

            if ((events & Writable) != 0)
            {
                (write, _mayWrite) = (_mayWrite, null);
            }
        }

        read?.TrySetResult();
        write?.TrySetResult();
    }
}
