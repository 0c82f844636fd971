using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>A web server of one file, on a port of this machine's own, that misbehaves as it is told.</summary>
internal sealed class ImageServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Task _serving;

    public ImageServer(byte[] content)
    {
        Content = content;
        _listener.Start();
        _serving = ServeAsync();
    }

    public byte[] Content { get; set; }

    /// <summary>Texts that are served at their own paths.</summary>
    public ConcurrentDictionary<string, string> Texts { get; } = [];

    /// <summary>"/disk.qcow2" or "/disk.qcow2 bytes=1000-", as they came.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>How many bytes to give before closing, one a request; all of it when none is left.</summary>
    public ConcurrentQueue<int> Cuts { get; } = [];

    public string Url(string path) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _serving;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task ServeAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
            {
                all.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var socket = client;
        try
        {
            var stream = socket.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var path = (await reader.ReadLineAsync(_end.Token))?.Split(' ')[1] ?? "";
            var range = "";
            while (await reader.ReadLineAsync(_end.Token) is { Length: > 0 } line)
            {
                if (line.StartsWith("Range: ", StringComparison.OrdinalIgnoreCase))
                {
                    range = line[7..];
                }
            }

            Requests.Enqueue($"{path} {range}".Trim());
            await AnswerAsync(stream, path, range);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            // The other side has had enough, or the test is over.
        }
    }

    private async Task AnswerAsync(NetworkStream stream, string path, string range)
    {
        if (Texts.TryGetValue(path, out var text))
        {
            await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n{text}");
            return;
        }

        switch (path)
        {
            case "/loop":
                await WriteAsync(stream, "HTTP/1.1 302 Found\r\nLocation: /loop\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            case "/moved":
                await WriteAsync(stream, "HTTP/1.1 302 Found\r\nLocation: /disk.qcow2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                return;
            case "/stall":
                await WriteAsync(stream, $"HTTP/1.1 200 OK\r\nContent-Length: {Content.Length}\r\nConnection: close\r\n\r\n");
                await stream.WriteAsync(Content.AsMemory(0, 1000), _end.Token);
                await Task.Delay(Timeout.Infinite, _end.Token);
                return;
            case "/huge":
                await WriteAsync(stream, "HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000\r\nConnection: close\r\n\r\nQFI");
                await Task.Delay(Timeout.Infinite, _end.Token);
                return;
            case "/disk.qcow2":
                await SendAsync(stream, range);
                return;
            default:
                await WriteAsync(stream, "HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot here\n");
                return;
        }
    }

    private async Task SendAsync(NetworkStream stream, string range)
    {
        var from = range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
        if (from > 0 && from >= Content.Length)
        {
            await WriteAsync(stream, $"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{Content.Length}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }

        var partial = from > 0 ? $"Content-Range: bytes {from}-{Content.Length - 1}/{Content.Length}\r\n" : "";
        await WriteAsync(
            stream, $"HTTP/1.1 {(from > 0 ? "206 Partial Content" : "200 OK")}\r\n{partial}Content-Length: {Content.Length - from}\r\nConnection: close\r\n\r\n");
        var rest = Content.AsMemory(from);
        await stream.WriteAsync(Cuts.TryDequeue(out var cut) ? rest[..Math.Min(cut, rest.Length)] : rest, _end.Token);
    }

    private async Task WriteAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), _end.Token);
}
