using System.Formats.Tar;
using System.Text;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class ContextArchiveTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task Files_folders_and_links_arrive_as_they_are_and_belong_to_root()
    {
        var longName = new string('n', 120) + "/" + new string('m', 120);
        _folder.File("Dockerfile", "FROM scratch").File("über/größe.txt", "ä").File(longName, "long").File("empty", "").Link("link", "../outside")
            .File("run", "#!").Mode("run", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var sent = await SendAsync();

        Assert.Equal("ä", sent["über/größe.txt"].Text);
        Assert.Equal("long", sent[longName].Text);
        Assert.Equal("", sent["empty"].Text);
        Assert.Equal((TarEntryType.SymbolicLink, "../outside"), (sent["link"].Entry.EntryType, sent["link"].Entry.LinkName));
        Assert.Equal(TarEntryType.Directory, sent["über/"].Entry.EntryType);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, sent["run"].Entry.Mode);
        Assert.All(sent.Values, item => Assert.Equal((0, 0), (item.Entry.Uid, item.Entry.Gid)));
    }

    [Fact]
    public async Task The_Dockerfile_and_the_ignore_file_go_along_even_where_they_are_ignored()
    {
        _folder.File("Dockerfile", "FROM scratch").File(".dockerignore", "*\n!keep").File("keep", "k").File("drop", "d");

        var sent = await SendAsync();

        Assert.Equal([".dockerignore", "Dockerfile", "keep"], sent.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("*\n!keep", sent[".dockerignore"].Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("drop")]
    [InlineData("drop\n.dockerignore")]
    public async Task A_Dockerfile_from_outside_gets_a_name_of_its_own_that_the_engine_hides(string? ignore)
    {
        _folder.File("Dockerfile", "FROM wrong").File("drop", "");
        if (ignore is not null)
        {
            _folder.File(".dockerignore", ignore);
        }

        _other.File("Dockerfile", "FROM right");
        var archive = new ContextArchive(Open(_other["Dockerfile"]));

        var sent = await ReadAsync(archive);

        Assert.NotEqual("Dockerfile", archive.DockerfileName);
        Assert.Equal("FROM right", sent[archive.DockerfileName].Text);
        Assert.Equal("FROM wrong", sent["Dockerfile"].Text);
        Assert.EndsWith($"\n{archive.DockerfileName}\n", sent[".dockerignore"].Text, StringComparison.Ordinal);
        Assert.Equal(ignore is null, sent.ContainsKey("drop"));
    }

    [Fact]
    public async Task A_context_larger_than_any_buffer_is_streamed()
    {
        _folder.File("Dockerfile", "FROM scratch");
        await using (var large = File.Create(_folder["large"]))
        {
            large.SetLength(300L << 20);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var length = await new ContextArchive(Open(_folder["Dockerfile"])).SendAsync(CountAsync, TestContext.Current.CancellationToken);

        Assert.True(length > 300L << 20);
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 100L << 20);
    }

    [Fact]
    public async Task A_reader_that_stops_early_stops_the_writer()
    {
        _folder.File("Dockerfile", "FROM scratch");
        await using (var large = File.Create(_folder["large"]))
        {
            large.SetLength(1L << 40);
        }

        var archive = new ContextArchive(Open(_folder["Dockerfile"]));

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => archive.SendAsync<int>(
            async (stream, token) =>
            {
                await stream.ReadExactlyAsync(new byte[512], token);
                throw new TimeZoneNotFoundException("as good as any");
            },
            TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_file_that_vanishes_meanwhile_breaks_the_stream_and_is_named()
    {
        _folder.File("Dockerfile", "FROM scratch").File("z", "gone");
        await using (var large = File.Create(_folder["large"]))
        {
            large.SetLength(10L << 20);
        }

        var failure = await Assert.ThrowsAsync<IOException>(() => new ContextArchive(Open(_folder["Dockerfile"])).SendAsync(
            async (stream, token) =>
            {
                await stream.ReadExactlyAsync(new byte[512], token);
                File.Delete(_folder["z"]);
                return await CountAsync(stream, token);
            },
            TestContext.Current.CancellationToken));

        Assert.Contains("/z'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_grows_is_cut_at_the_length_it_had()
    {
        _folder.File("a", "12345");
        using var stream = new FixedLengthStream(new FileStream(_folder["a"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite), "a");
        File.AppendAllText(_folder["a"], "67890");

        using var reader = new StreamReader(stream);
        Assert.Equal("12345", reader.ReadToEnd());
    }

    [Fact]
    public void A_file_that_shrinks_is_an_error()
    {
        _folder.File("a", "12345");
        using var stream = new FixedLengthStream(new FileStream(_folder["a"], FileMode.Open, FileAccess.Read, FileShare.ReadWrite), "a");
        File.WriteAllText(_folder["a"], "");

        Assert.Contains("'a' became shorter", Assert.Throws<IOException>(() => stream.ReadExactly(new byte[5])).Message, StringComparison.Ordinal);
    }

    private Task<Dictionary<string, (TarEntry Entry, string Text)>> SendAsync() => ReadAsync(new ContextArchive(Open(_folder["Dockerfile"])));

    private static Task<Dictionary<string, (TarEntry Entry, string Text)>> ReadAsync(ContextArchive archive) =>
        archive.SendAsync(
            async (stream, token) =>
            {
                var entries = new Dictionary<string, (TarEntry, string)>();
                await using var tar = new TarReader(stream);
                while (await tar.GetNextEntryAsync(copyData: true, token) is { } entry)
                {
                    using var content = new MemoryStream();
                    entry.DataStream?.CopyTo(content);
                    entries.Add(entry.Name, (entry, Encoding.UTF8.GetString(content.ToArray())));
                }

                return entries;
            },
            TestContext.Current.CancellationToken);

    private static async Task<long> CountAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        for (var read = 1; read > 0; total += read)
        {
            read = await stream.ReadAsync(buffer, cancellationToken);
        }

        return total;
    }

    private BuildContext Open(string dockerfile) =>
        BuildContext.TryOpen(_folder.Path, dockerfile, out var context, out var fault) ? context : throw new InvalidOperationException(fault.Reason);
}
