using System.Net;
using System.Net.Sockets;
using System.Text;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>When a guest counts as ready, over a dial that answers as the test says.</summary>
public sealed class GuestReadyTests
{
    [Theory]
    [InlineData(null, "", null)]
    [InlineData("/", "HTTP/1.1 200 OK\r\n\r\n", null)]
    [InlineData("/", "HTTP/1.0 302 Found\r\n", null)]
    [InlineData("/", "HTTP/1.1 503 Busy\r\n", "HTTP 503")]
    [InlineData("/", "SSH-2.0-dropbear\r\n", "no HTTP answer")]
    [InlineData("/", "", "no HTTP answer")]
    public async Task It_takes_a_connection_or_answers_a_request(string? path, string answer, string? missing)
    {
        var dial = new Dial(() => new MemoryStream(Encoding.ASCII.GetBytes(answer).Concat(new byte[512]).ToArray()), answer.Length);

        Assert.Equal(missing, await Look(new GuestReady(80, path), dial));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("10.0.0.5"), 80), dial.Asked);
    }

    [Theory]
    [InlineData(SocketError.ConnectionRefused, "nobody listens yet")]
    [InlineData(SocketError.HostUnreachable, "no way there")]
    [InlineData(SocketError.TimedOut, "no answer")]
    public async Task Until_then_what_was_seen_is_said(SocketError error, string says) =>
        Assert.Equal(says, await Look(new GuestReady(22, null), new Dial(() => throw new SocketException((int)error), 0)));

    [Fact]
    public void It_is_read_from_its_hidden_input()
    {
        var inputs = PropertyMap.Of(("__ready", PropertyMap.Of(("port", 8080), ("httpPath", "/healthz"), ("timeoutSeconds", 7))));

        Assert.Equal(new GuestReady(8080, "/healthz"), GuestReady.Of(inputs));
        Assert.Equal(TimeSpan.FromSeconds(7), GuestReady.LimitOf(inputs));
        Assert.Null(GuestReady.Of(PropertyMap.Empty));
    }

    [Fact]
    public void The_end_of_a_console_is_its_last_lines_without_colours()
    {
        var log = string.Join("\r\n", Enumerable.Range(0, 30).Select(n => $"\u001b[32mline {n}\u001b[0m")) + "\r\n[    1.2] Kernel panic - not syncing: VFS: no root\r\n";

        Assert.Equal(12, ConsoleLog.Tail(log).Split('\n').Length);
        Assert.StartsWith("line 19\n", ConsoleLog.Tail(log), StringComparison.Ordinal);
        Assert.Equal("Kernel panic - not syncing: VFS: no root", ConsoleLog.PanicIn(log));
        Assert.Null(ConsoleLog.PanicIn("all is well"));
        Assert.Null(ConsoleLog.PanicIn("[    1.234] Kernel panic - not syncing: VF"));
    }

    [Theory]
    [InlineData("dev-box.console.log", "dev-box")]
    [InlineData("dev-box.console.log.0", "dev-box")]
    [InlineData("dev-box.console.log.bak", null)]
    [InlineData(".console.log", null)]
    [InlineData("thesis.log", null)]
    public void A_console_log_is_known_by_its_name(string file, string? domain) => Assert.Equal(domain, ConsoleLog.DomainOf(file));

    private static Task<string?> Look(GuestReady ready, IGuestDial dial) =>
        ready.LookAsync(dial, IPAddress.Parse("10.0.0.5"), TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);

    private sealed class Dial(Func<Stream> open, int length) : IGuestDial
    {
        public IPEndPoint? Asked { get; private set; }

        public Task<Stream> ConnectAsync(IPEndPoint guest, CancellationToken cancellationToken)
        {
            Asked = guest;
            return Task.FromResult<Stream>(new OneWay(open(), length));
        }
    }

    /// <summary>What is written goes nowhere, and what is read ends where the answer does.</summary>
    private sealed class OneWay(Stream answer, int length) : Stream
    {
        private int _left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = answer.Read(buffer, offset, Math.Min(count, _left));
            _left -= read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        protected override void Dispose(bool disposing)
        {
            answer.Dispose();
            base.Dispose(disposing);
        }
    }
}
