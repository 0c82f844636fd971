using System.Net.Http.Headers;
using System.Security.Cryptography;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>What is uploaded into a volume: a file of this machine, or what an HTTP server gives. Read once, from its start, while it is sent on.</summary>
internal sealed class VolumeSource : IDisposable
{
    /// <summary>A server that sends nothing for so long has stalled.</summary>
    private static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(30);

    private const int MostRedirections = 10;

    private readonly List<IDisposable> _owned = [];
    private readonly byte[] _start = new byte[ImageHeader.Length];
    private readonly string _what;
    private Stream _rest = Stream.Null;
    private int _startLength;

    private VolumeSource(string what) => _what = what;

    public ImageHeader Header { get; private set; }

    /// <summary>In bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Opens it and looks at its first bytes.</summary>
    /// <exception cref="ProviderException">It does not exist, or does not answer as it should.</exception>
    public static async Task<VolumeSource> OpenAsync(string source, TimeProvider clock, CancellationToken cancellationToken)
    {
        var opened = new VolumeSource(source);
        try
        {
            await (IsUrl(source) ? opened.OpenUrlAsync(new Uri(source), clock, cancellationToken) : opened.OpenFileAsync(PathOf(source)));
            opened._startLength = await opened._rest.ReadAtLeastAsync(opened._start, ImageHeader.Length, throwOnEndOfStream: false, cancellationToken);
            opened.Header = ImageHeader.Read(opened._start.AsSpan(0, opened._startLength));
            return opened;
        }
        catch (Exception exception)
        {
            opened.Dispose();
            if (exception is IOException or UnauthorizedAccessException or HttpRequestException or TimeoutException)
            {
                throw Failed(source, exception.Message, exception);
            }

            throw;
        }
    }

    public static bool IsUrl(string source) => source.StartsWith("http://", StringComparison.Ordinal) || source.StartsWith("https://", StringComparison.Ordinal);

    /// <summary>All of it, from the start, for one reading. Ends early where the source is shorter than it said.</summary>
    public Stream Read(IncrementalHash? hash) => new SourceStream(_start.AsMemory(0, _startLength), _rest, hash);

    public ProviderException Failed(string why, Exception? cause = null) => Failed(_what, why, cause);

    public void Dispose()
    {
        _rest.Dispose();
        _owned.ForEach(one => one.Dispose());
    }

    private static string PathOf(string source) => source.StartsWith("file://", StringComparison.Ordinal) ? new Uri(source).LocalPath : source;

    private static ProviderException Failed(string source, string why, Exception? cause) => new(
        ProviderFailure.Refused, $"Cannot read the volume's source '{source}': {why.TrimEnd('.')}.",
        IsUrl(source) ? "See that the URL is right and the server can be reached from here." : "Give an absolute path of a file of this machine.", Remainder.Untouched.Value, cause);

    private Task OpenFileAsync(string path)
    {
        _rest = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, FileOptions.SequentialScan);
        Length = _rest.Length;
        return Task.CompletedTask;
    }

    private async Task OpenUrlAsync(Uri url, TimeProvider clock, CancellationToken cancellationToken)
    {
        var handler = new SocketsHttpHandler { MaxAutomaticRedirections = MostRedirections, ConnectTimeout = StallLimit };
        var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _owned.Add(client);
        using var limit = new CancellationTokenSource(StallLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        HttpResponseMessage answer;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"the server did not answer within {StallLimit.TotalSeconds:0} s");
        }

        _owned.Add(answer);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
        }

        _rest = new StallGuard(await answer.Content.ReadAsStreamAsync(cancellationToken), StallLimit, clock);
        if (answer.Content.Headers.ContentLength is { } length)
        {
            Length = length;
            return;
        }

        // libvirt is told the length before the data, so that data of unknown length is first put aside.
        var aside = new FileStream(
            Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        using (var body = _rest)
        {
            _rest = aside;
            await body.CopyToAsync(aside, cancellationToken);
        }

        Length = aside.Length;
        aside.Position = 0;
    }

    private sealed class StallGuard(Stream inner, TimeSpan limit, TimeProvider clock) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            // Only ever called on a thread that may block.
            var copy = new byte[buffer.Length];
            var read = ReadAsync(copy, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            copy.AsSpan(0, read).CopyTo(buffer);
            return read;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var stalled = new CancellationTokenSource(limit, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
            try
            {
                return await inner.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"the server sent nothing for {limit.TotalSeconds:0} s");
            }
        }

        protected override void Dispose(bool disposing)
        {
            inner.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class SourceStream(ReadOnlyMemory<byte> start, Stream rest, IncrementalHash? hash) : ReadOnlyStream
    {
        private int _given;

        public override int Read(Span<byte> buffer)
        {
            int read;
            if (_given < start.Length)
            {
                read = Math.Min(buffer.Length, start.Length - _given);
                start.Span.Slice(_given, read).CopyTo(buffer);
                _given += read;
            }
            else
            {
                read = rest.Read(buffer);
            }

            hash?.AppendData(buffer[..read]);
            return read;
        }
    }
}
