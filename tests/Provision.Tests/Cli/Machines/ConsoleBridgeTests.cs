using System.IO.Pipelines;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Provision.Cli.Consoles;
using Xunit;

namespace Provision.Tests.Cli.Machines;

public sealed class ConsoleBridgeTests : IDisposable
{
    private readonly Pipe _machineWrites = new();
    private readonly Pipe _typed = new();
    private readonly Pipe _keys = new();
    private readonly MemoryStream _screen = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _screen.Dispose();

    [Theory]
    [InlineData("^]", 0x1d)]
    [InlineData("Ctrl+]", 0x1d)]
    [InlineData("ctrl-a", 0x01)]
    [InlineData("^@", 0x00)]
    public void A_control_key_is_read_as_people_write_it(string text, byte character) => Assert.Equal(character, EscapeKey.Parse(text)?.Character);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("^")]
    [InlineData("^]]")]
    [InlineData("ctrl+1")]
    public void Anything_else_is_no_escape_key(string text) => Assert.Null(EscapeKey.Parse(text));

    [Fact]
    public void The_default_key_says_how_it_is_pressed() => Assert.Equal("Ctrl+]", EscapeKey.Default.ToString());

    [Fact]
    public async Task Bytes_go_both_ways_and_the_key_detaches_before_what_follows_it()
    {
        await _machineWrites.Writer.WriteAsync("login: "u8.ToArray(), Token);
        await _keys.Writer.WriteAsync("root\r\u001dnever typed"u8.ToArray(), Token);

        var end = await Bridge(EscapeKey.Default).RunAsync(Token);

        Assert.Equal(ConsoleEnd.Detached, end);
        Assert.Equal("root\r", Text(await _typed.Reader.ReadAsync(Token)));
    }

    [Fact]
    public async Task What_the_machine_writes_is_shown_until_it_closes()
    {
        await _machineWrites.Writer.WriteAsync("one\r\n\u001b[2Jtwo"u8.ToArray(), Token);
        await _machineWrites.Writer.CompleteAsync();

        var end = await Bridge(EscapeKey.Default).RunAsync(Token);

        Assert.Equal(ConsoleEnd.MachineClosed, end);
        Assert.Equal("one\r\n\u001b[2Jtwo", Encoding.UTF8.GetString(_screen.ToArray()));
    }

    [Fact]
    public async Task Without_an_escape_key_that_byte_is_typed_like_any_other()
    {
        await _keys.Writer.WriteAsync(new byte[] { 0x1d }, Token);
        await _keys.Writer.CompleteAsync();
        var running = Bridge(null, TimeSpan.Zero).RunAsync(Token);

        Assert.Equal(ConsoleEnd.InputEnded, await running);
        Assert.Equal("\u001d", Text(await _typed.Reader.ReadAsync(Token)));
    }

    [Fact]
    public async Task After_the_end_of_the_input_the_session_lasts_until_the_machine_falls_silent()
    {
        await _keys.Writer.CompleteAsync();
        var running = Bridge(null, TimeSpan.FromSeconds(2)).RunAsync(Token);

        _clock.Advance(TimeSpan.FromSeconds(1.5));
        await _machineWrites.Writer.WriteAsync("answer"u8.ToArray(), Token);
        await UntilShownAsync("answer");
        _clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.False(running.IsCompleted);
        while (!running.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal(ConsoleEnd.InputEnded, await running);
    }

    [Fact]
    public async Task A_signal_ends_the_session_though_nobody_types()
    {
        using var stop = new CancellationTokenSource();
        var running = Bridge(EscapeKey.Default).RunAsync(stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ConsoleBridge Bridge(EscapeKey? escape, TimeSpan linger = default) =>
        new(new DuplexStream(_machineWrites.Reader.AsStream(), _typed.Writer.AsStream()), _keys.Reader.AsStream(), _screen, _clock) { Escape = escape, Linger = linger };

    private async Task UntilShownAsync(string text)
    {
        while (_screen.Length < text.Length)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static string Text(ReadResult read) => Encoding.UTF8.GetString(read.Buffer);
}
