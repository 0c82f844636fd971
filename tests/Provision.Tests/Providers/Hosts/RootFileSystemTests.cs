using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class RootFileSystemTests : IAsyncDisposable
{
    private static readonly ImmutableArray<string> Applets = ["bin/ash", "bin/busybox", "bin/sh", "sbin/init", "usr/sbin/httpd"];

    private readonly FakeTransport _host = new();
    private readonly HostRequests _root = new(HostTypes.RootFileSystem, "web");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_archive_holds_a_root_that_boots_and_beside_it_what_docker_needs()
    {
        var inputs = RootFileSystemInputs.Read(PropertyMap.Of(
            ("files", PropertyValue.ListOf([File("/www/index.html", "hello", "0640")])), ("directories", PropertyValue.ListOf(["/data/deep"])),
            ("command", PropertyValue.ListOf(["httpd", "-f"])), ("exposedPorts", PropertyValue.ListOf([80]))));

        var entries = Entries(RootFileSystemArchive.Write(inputs, Applets));

        Assert.Equal("/bin/busybox", entries["rootfs/bin/sh"].LinkName);
        Assert.Equal("/bin/busybox", entries["rootfs/sbin/init"].LinkName);
        Assert.Equal("/sbin/init", entries["rootfs/init"].LinkName);
        Assert.False(entries.ContainsKey("rootfs/bin/busybox"));
        Assert.Equal((UnixFileMode)0b001_111_111_111, entries["rootfs/tmp"].Mode);
        Assert.Equal(((UnixFileMode)0b110_100_000, "hello"), (entries["rootfs/www/index.html"].Mode, entries["rootfs/www/index.html"].Text));
        Assert.True(entries.ContainsKey("rootfs/data/deep"));
        Assert.Equal(
            """
            FROM scratch
            COPY rootfs/ /
            ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin
            EXPOSE 80/tcp
            ENTRYPOINT ["/sbin/run"]
            CMD ["httpd","-f"]

            """,
            entries["Dockerfile"].Text);
    }

    [Fact]
    public void Words_of_a_dockerfile_cannot_end_their_line()
    {
        var inputs = RootFileSystemInputs.Read(PropertyMap.Of(
            ("entrypoint", PropertyValue.ListOf(["/bin/sh", "-c", "echo \"a\"\nRUN evil $HOME \\"])), ("healthcheckCommand", PropertyValue.ListOf(["true", "ü\r\n"]))));

        var lines = RootFileSystemArchive.Dockerfile(inputs).Split('\n');

        Assert.Equal(
            [
                "FROM scratch", "COPY rootfs/ /", "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                """HEALTHCHECK --interval=1s --timeout=5s CMD ["true","ü\r\n"]""",
                """ENTRYPOINT ["/bin/sh","-c","echo \"a\"\nRUN evil $HOME \\"]""", "",
            ],
            lines);
    }

    [Fact]
    public void The_digest_follows_every_input_and_only_the_inputs()
    {
        var plain = PropertyMap.Of(("files", PropertyValue.ListOf([File("/a", "x"), File("/b", "y")])));
        string Digest(PropertyMap inputs, string sha = "s") => RootFileSystemDigest.Of(RootFileSystemInputs.Read(inputs), sha, Applets);

        Assert.Equal(Digest(plain), Digest(PropertyMap.Of(("files", PropertyValue.ListOf([File("/b", "y"), File("/a", "x")])))));
        string[] others =
        [
            Digest(plain, "t"),
            Digest(PropertyMap.Of(("files", PropertyValue.ListOf([File("/a", "x"), File("/b", "z")])))),
            Digest(PropertyMap.Of(("files", PropertyValue.ListOf([File("/a", "x", "0755"), File("/b", "y")])))),
            Digest(plain.With("command", PropertyValue.ListOf(["a"]))), Digest(plain.With("entrypoint", PropertyValue.ListOf(["a"]))),
            Digest(plain.With("exposedPorts", PropertyValue.ListOf([1]))), Digest(plain.With("healthcheckCommand", PropertyValue.ListOf(["a"]))),
            Digest(plain.With("directories", PropertyValue.ListOf(["/a1"]))), Digest(plain.With("stopSignal", "SIGINT")),
            Digest(plain.With("stamp", PropertyMap.Of(("urn", "u")))), Digest(plain),
        ];
        Assert.Equal(others.Length, others.Distinct().Count());
    }

    [Theory]
    [InlineData("/../etc/passwd")]
    [InlineData("/a/../../b")]
    [InlineData("/a/./b")]
    [InlineData("a")]
    [InlineData("/")]
    [InlineData("/a/")]
    [InlineData("//a")]
    [InlineData("/a\nb")]
    [InlineData("/bin/busybox")]
    [InlineData("/bin/busybox/x")]
    [InlineData("/sbin/run")]
    [InlineData("/etc")]
    [InlineData("/tmp")]
    public void A_path_that_leaves_the_root_or_breaks_it_is_refused(string path) => Assert.NotEmpty(
        HostRequests.Provider(_host).Check(_root.Check(PropertyMap.Of(("files", PropertyValue.ListOf([File(path, "x")]))))).Failures);

    [Fact]
    public void A_name_that_only_looks_like_a_step_up_is_fine() => Assert.Empty(HostRequests.Provider(_host).Check(_root.Check(
        PropertyMap.Of(("files", PropertyValue.ListOf([File("/..a/b..c/...", "x"), File("/.profile", "x")]))))).Failures);

    [Fact]
    public void All_mistakes_are_told_at_once_and_no_secret_among_them()
    {
        var response = HostRequests.Provider(_host).Check(_root.Check(PropertyMap.Of(
            ("files", PropertyValue.ListOf(
            [
                File("/a", "x", "rw"), File("/b", "x"), File("/b", "y"), File("/b/c", "z"),
                PropertyMap.Of(("content", "x")), PropertyMap.Of(("path", new PropertyValue.Secret("marker"))),
            ])),
            ("exposedPorts", PropertyValue.ListOf([(PropertyValue)0, 70000, "80/xyz", "53/udp"])), ("stopSignal", "TERM\nRUN x"), ("image", "x"))));

        Assert.Equal(
            ["files[0].mode", "files[4].path", "files[5].path", "exposedPorts[0]", "exposedPorts[1]", "exposedPorts[2]", "stopSignal", "image", "files", "files"],
            response.Failures.Select(failure => failure.Path.ToString()));
        Assert.DoesNotContain(response.Failures, failure => failure.Reason.Contains("marker", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_change_makes_another_folder_and_a_secret_of_the_same_text_is_none()
    {
        var provider = HostRequests.Provider(_host);
        var old = PropertyMap.Of(("files", PropertyValue.ListOf([File("/a", "x")])));
        var secret = PropertyMap.Of(("files", PropertyValue.ListOf([PropertyMap.Of(("path", "/a"), ("content", new PropertyValue.Secret("x")), ("mode", "0644"))])));

        Assert.False(provider.Diff(_root.Diff("/p/d", old, old, secret)).HasChanges);
        foreach (var input in RootFileSystemInputs.Changes.Names)
        {
            var diff = provider.Diff(_root.Diff("/p/d", old, old, old.With(input, "other")));
            Assert.True(diff.Replaces && !diff.DeleteBeforeReplace, input);
        }
    }

    [Fact]
    public async Task Without_busybox_the_error_names_the_package()
    {
        _host.On("sha256sum *", "", 1, "No such file");

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_root.Create(PropertyMap.Empty), Token));

        Assert.Equal("Declare the package busybox-static before it, or name one that is there (busybox).", failed.Remedy);
    }

    [Theory]
    [InlineData("/var/lib/provision/roots/../../../../etc")]
    [InlineData("/etc")]
    [InlineData("/var/lib/provision/roots")]
    [InlineData("/var/lib/provision/roots/a/b")]
    public async Task Nothing_outside_the_parent_folder_is_ever_removed(string id)
    {
        var refused = await Assert.ThrowsAsync<ProviderException>(
            () => HostRequests.Provider(_host).DeleteAsync(_root.Delete(id, PropertyMap.Empty, PropertyMap.Empty), Token));

        Assert.Equal(ProviderFailure.Refused, refused.Failure);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("not json")]
    [InlineData("""{"urn":"urn:pulumi:dev::lab::t::other","generation":"1"}""")]
    public async Task A_folder_without_our_stamp_is_not_removed(string? marker)
    {
        const string Folder = "/var/lib/provision/roots/abc";
        await _host.WriteFileAsync($"{Folder}/rootfs/x", "x"u8.ToArray(), default, asRoot: true, Token);
        if (marker is not null)
        {
            await _host.WriteFileAsync($"{Folder}/.provision", Encoding.UTF8.GetBytes(marker), default, asRoot: true, Token);
        }

        await Assert.ThrowsAsync<ProviderException>(
            () => HostRequests.Provider(_host).DeleteAsync(_root.Delete(Folder, PropertyMap.Empty, PropertyMap.Empty), Token));

        Assert.Contains($"{Folder}/rootfs/x", _host.Files.Keys);
    }

    private static PropertyMap File(string path, string content, string mode = "0644") =>
        PropertyMap.Of(("path", path), ("content", content), ("mode", mode));

    private static Dictionary<string, (string LinkName, UnixFileMode Mode, string Text)> Entries(byte[] archive)
    {
        var entries = new Dictionary<string, (string, UnixFileMode, string)>();
        using var tar = new TarReader(new MemoryStream(archive));
        while (tar.GetNextEntry() is { } entry)
        {
            using var text = entry.DataStream is null ? null : new StreamReader(entry.DataStream);
            entries.Add(entry.Name.TrimEnd('/'), (entry.LinkName, entry.Mode, text?.ReadToEnd() ?? ""));
        }

        return entries;
    }
}
