using System.Net.Sockets;
using System.Text;

namespace Provision.Providers.Hosts;

/// <summary>What a look at a service's socket gave.</summary>
/// <param name="IsReady">It answers as it should.</param>
/// <param name="Seen">What was seen, in stable words.</param>
/// <param name="Denied">Somebody may listen, but the user may not connect.</param>
internal readonly record struct Readiness(bool IsReady, string Seen, bool Denied = false);

/// <summary>Asks a service itself whether it is ready: its socket takes a connection and, where a path is given, answers it with 200.</summary>
internal sealed class ReadyProbe(IHostTransport transport, TimeProvider clock)
{
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    public async Task<Readiness> LookAsync(string socket, string? httpPath, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(AnswerLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await using var stream = await transport.OpenUnixSocketAsync(socket, either.Token);
            return httpPath is null ? new Readiness(true, "takes connections") : await AskAsync(stream, httpPath, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Readiness(false, "no answer");
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AccessDenied => new Readiness(false, "permission denied", Denied: true),
                SocketError.ConnectionRefused => new Readiness(false, "nobody listens"),
                _ => new Readiness(false, await transport.StatAsync(socket, asRoot: false, cancellationToken) is null ? "no socket yet" : "cannot connect"),
            };
        }
        catch (IOException)
        {
            return new Readiness(false, "connection broken");
        }
    }

    private static async Task<Readiness> AskAsync(Stream stream, string path, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), cancellationToken);

        // "HTTP/1.1 200 OK": the first line is all that matters.
        var answer = new byte[256];
        var length = 0;
        int read;
        while (length < answer.Length && !answer.AsSpan(0, length).Contains((byte)'\n')
            && (read = await stream.ReadAsync(answer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
        }

        var line = Encoding.ASCII.GetString(answer, 0, length).Split('\n')[0].TrimEnd('\r');
        var parts = line.Split(' ', 3);
        return parts is [var version, var status, ..] && version.StartsWith("HTTP/1.", StringComparison.Ordinal)
            ? new Readiness(status == "200", $"HTTP {status}")
            : new Readiness(false, "no HTTP answer");
    }
}
