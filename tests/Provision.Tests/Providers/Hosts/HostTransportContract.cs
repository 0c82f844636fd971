using System.Net.Sockets;
using System.Text;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

/// <summary>What every transport keeps, the fake one included: a test that trusts the fake then says something about the real one.</summary>
public abstract class HostTransportContract
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private protected abstract IHostTransport Transport { get; }

    /// <summary>A folder that exists and is the test's own.</summary>
    protected abstract string Folder { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_there_is_null()
    {
        Assert.Null(await Transport.StatAsync($"{Folder}/no/thing", asRoot: false, Token));
        Assert.Null(await Transport.ReadFileAsync($"{Folder}/no/thing", 10, asRoot: false, Token));
    }

    [Fact]
    public async Task A_written_file_reads_back_with_its_mode_and_the_folders_above_it_exist()
    {
        await Transport.WriteFileAsync($"{Folder}/a/b/file", "first"u8.ToArray(), Private, asRoot: false, Token);
        await Transport.WriteFileAsync($"{Folder}/a/b/file", "second"u8.ToArray(), Private, asRoot: false, Token);

        Assert.Equal("second"u8.ToArray(), await Transport.ReadFileAsync($"{Folder}/a/b/file", 100, asRoot: false, Token));
        Assert.Equal(new FileFacts(FileKind.File, Private, 6), await Transport.StatAsync($"{Folder}/a/b/file", asRoot: false, Token));
        Assert.Equal(FileKind.Directory, (await Transport.StatAsync($"{Folder}/a/b", asRoot: false, Token))?.Kind);
    }

    [Fact]
    public async Task A_read_stops_at_its_limit()
    {
        await Transport.WriteFileAsync($"{Folder}/long", Encoding.UTF8.GetBytes(new string('x', 100_000)), Private, asRoot: false, Token);

        Assert.Equal(70_000, (await Transport.ReadFileAsync($"{Folder}/long", 70_000, asRoot: false, Token))?.Length);
    }

    [Fact]
    public async Task Deleting_a_folder_takes_all_in_it_and_deleting_nothing_is_success()
    {
        await Transport.WriteFileAsync($"{Folder}/gone/deep/file", "x"u8.ToArray(), Private, asRoot: false, Token);

        await Transport.DeleteAsync($"{Folder}/gone", asRoot: false, Token);
        await Transport.DeleteAsync($"{Folder}/gone", asRoot: false, Token);

        Assert.Null(await Transport.StatAsync($"{Folder}/gone/deep/file", asRoot: false, Token));
        Assert.Null(await Transport.StatAsync($"{Folder}/gone", asRoot: false, Token));
    }

    [Fact]
    public async Task A_socket_that_is_not_there_is_a_socket_exception() =>
        await Assert.ThrowsAsync<SocketException>(() => Transport.OpenUnixSocketAsync($"{Folder}/socket", Token));

    [Fact]
    public async Task A_cancelled_token_runs_nothing() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => Transport.RunAsync(new HostCommand("touch", $"{Folder}/touched"), new CancellationToken(canceled: true)));
}
