using System.Net;
using System.Net.Sockets;
using System.Text;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>How a guest is reached from here.</summary>
public interface IGuestDial
{
    /// <exception cref="SocketException">Nobody answers.</exception>
    Task<Stream> ConnectAsync(IPEndPoint guest, CancellationToken cancellationToken);
}

/// <summary>Over this machine's network.</summary>
public sealed class DirectDial : IGuestDial
{
    public async Task<Stream> ConnectAsync(IPEndPoint guest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(guest);
        var socket = new Socket(guest.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(guest, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>When a machine counts as ready, by the hidden input <c>__ready</c>.</summary>
internal sealed record GuestReady(int Port, string? HttpPath)
{
    public static GuestReady? Of(PropertyMap inputs) =>
        new InputReader(inputs).Object("__ready") is { } ready && ready.Integer("port") is { } port ? new GuestReady((int)port, ready.Text("httpPath")) : null;

    /// <summary>The limit in the same input; null where it names none.</summary>
    public static TimeSpan? LimitOf(PropertyMap inputs) =>
        new InputReader(inputs).Object("__ready")?.Integer("timeoutSeconds") is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Null once it answers as it should; until then what was seen.</summary>
    public async Task<string?> LookAsync(IGuestDial dial, IPAddress address, TimeSpan limit, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var pause = new CancellationTokenSource(limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(pause.Token, cancellationToken);
        try
        {
            await using var stream = await dial.ConnectAsync(new IPEndPoint(address, Port), either.Token);
            return HttpPath is null ? null : await AskAsync(stream, address, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return "no answer";
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.ConnectionRefused => "nobody listens yet",
                SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way there",
                _ => "no answer",
            };
        }
        catch (IOException)
        {
            return "connection broken";
        }
    }

    private async Task<string?> AskAsync(Stream stream, IPAddress address, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {HttpPath} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"), cancellationToken);

        // "HTTP/1.1 200 OK": the first line is all that matters.
        var answer = new byte[256];
        var length = 0;
        int read;
        while (length < answer.Length && !answer.AsSpan(0, length).Contains((byte)'\n') && (read = await stream.ReadAsync(answer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
        }

        return Encoding.ASCII.GetString(answer, 0, length).Split('\n')[0].Split(' ') is [var version, var status, ..] && version.StartsWith("HTTP/1.", StringComparison.Ordinal)
            ? status.StartsWith('2') || status.StartsWith('3') ? null : $"HTTP {status}"
            : "no HTTP answer";
    }
}
