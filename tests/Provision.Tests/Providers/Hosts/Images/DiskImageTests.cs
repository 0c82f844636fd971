using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Provision.Providers.Hosts.Images;
using Xunit;

namespace Provision.Tests.Providers.Hosts.Images;

public sealed class DiskImageTests : IAsyncDisposable
{
    private const string Folder = "/var/lib/provision/images/0123";

    private static readonly string Digest = "sha256:" + new string('a', 64);

    private readonly FakeTransport _host = new();
    private readonly HostRequests _image = new(HostTypes.DiskImage, "base");

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void An_image_comes_from_one_place()
    {
        Assert.Equal(["an image comes from somewhere, and nothing says where"], Reasons(PropertyMap.Empty));
        Assert.Equal(
            ["an image comes from one place, and path and rootFileSystem are given"], Reasons(PropertyMap.Of(("path", "/a"), ("rootFileSystem", "/b"))));
        Assert.Empty(Reasons(PropertyMap.Of(("path", "/a"))));
        Assert.Empty(Reasons(PropertyMap.Of(("rootFileSystem", PropertyValue.Unknown.Value))));
        Assert.Empty(Reasons(PropertyMap.Of(("url", "https://host/a.qcow2"), ("digest", Digest))));
        Assert.Empty(Reasons(PropertyMap.Of(("url", "https://host/a.qcow2"), ("digestUrl", "https://host/SHA256SUMS"))));
        Assert.Empty(Reasons(PropertyMap.Of(
            ("debian", PropertyMap.Of(("suite", "bookworm"), ("packages", PropertyValue.ListOf(["g++", "libc6-dev"])))), ("modules", PropertyValue.Unknown.Value))));
    }

    [Fact]
    public void All_mistakes_are_told_at_once() => Assert.Equal(
        ["", "debian.colour", "debian.packages", "debian.suite", "digest", "size", "url"],
        Failures(PropertyMap.Of(
            ("url", "ftp://host/a"), ("digest", "md5:0"), ("size", 0),
            ("debian", PropertyMap.Of(("suite", "--help"), ("packages", PropertyValue.ListOf(["a,b"])), ("colour", "red")))))
            .Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("https://host/a b.qcow2")]
    [InlineData("https://host/a\"b")]
    [InlineData("https://host/a\n-o/etc/passwd")]
    [InlineData("file:///etc/passwd")]
    [InlineData("-o/etc/passwd")]
    public void What_could_be_more_than_a_url_is_none(string url) =>
        Assert.Contains(Failures(PropertyMap.Of(("url", url), ("digest", Digest))), failure => failure.Path.ToString() == "url");

    [Fact]
    public void Only_what_matters_at_the_end_is_changed_in_place()
    {
        var provider = HostRequests.Provider(_host);
        var old = PropertyMap.Of(("path", "/a"), ("keep", false));
        Assert.False(provider.Diff(_image.Diff(Folder, old, old, old)).HasChanges);
        foreach (var input in DiskImageInputs.Changes.Names)
        {
            var diff = provider.Diff(_image.Diff(Folder, old, old, old.With(input, "other")));
            Assert.Equal((true, input is not ("keep" or "stallSeconds")), (diff.HasChanges, diff.Replaces));
            Assert.False(diff.DeleteBeforeReplace);
        }
    }

    [Fact]
    public async Task The_address_goes_by_stdin_for_a_password_may_stand_in_it()
    {
        _host.On("sh -c *", "", ContentScript.NotThere)
            .On("sh -c *curl*", "@% 10 20 fetching the image\n= path /i/x\n= virtualSize 4096\n= digest d\n= urn u\n= key k\n= generation 1\n");
        var inputs = PropertyMap.Of(("url", "https://me:marker-12@host/a.qcow2"), ("digest", Digest));

        var created = await HostRequests.Provider(_host).CreateAsync(_image.Create(inputs), Token);

        Assert.Equal(("/i/x", (PropertyValue)"/i/x/disk.qcow2", (PropertyValue)4096), (created.Id, created.Outputs["path"], created.Outputs["virtualSize"]));
        Assert.DoesNotContain(_host.Lines, line => line.Contains("marker-12", StringComparison.Ordinal));
        Assert.Equal("https://me:marker-12@host/a.qcow2\n", System.Text.Encoding.UTF8.GetString(_host.Commands[^1].Stdin.Span));
        Assert.Contains(_image.Progress.Texts, report => report == "fetching the image 10/20");
    }

    [Theory]
    [InlineData("/var/lib/provision/images/../../../../etc")]
    [InlineData("/etc")]
    [InlineData("/var/lib/provision/images")]
    [InlineData("/var/lib/provision/images/a/b")]
    public async Task Nothing_outside_the_parent_folder_is_ever_removed(string id)
    {
        var refused = await Assert.ThrowsAsync<ProviderException>(
            () => HostRequests.Provider(_host).DeleteAsync(_image.Delete(id, PropertyMap.Of(("path", "/a")), PropertyMap.Empty), Token));

        Assert.Equal(ProviderFailure.Refused, refused.Failure);
        Assert.Empty(_host.Commands);
    }

    [Theory]
    [InlineData(69, "! There is no mke2fs on the host; it is in the package e2fsprogs.", ProviderFailure.Refused, "There is no mke2fs on the host; it is in the package e2fsprogs.")]
    [InlineData(28, "! /i has 1 MiB free, and 9 MiB are needed.", ProviderFailure.Refused, "/i/x could not be made, for the disk is full: /i has 1 MiB free, and 9 MiB are needed.")]
    [InlineData(1, "cp: error writing 'x': No space left on device", ProviderFailure.Refused, "/i/x could not be made, for the disk is full: cp: error writing 'x': No space left on device")]
    [InlineData(1, "mkdir: cannot create directory '/i': Read-only file system", ProviderFailure.Refused, "/i/x could not be made: mkdir: cannot create directory '/i': Read-only file system")]
    [InlineData(1, "mkdir: cannot create directory '/i': Permission denied", ProviderFailure.Unauthorized, "/i/x could not be made: mkdir: cannot create directory '/i': Permission denied")]
    [InlineData(75, "noise\n! x cannot be fetched: it answers 404.", ProviderFailure.Unreachable, "x cannot be fetched: it answers 404.")]
    [InlineData(77, "! Built as root.", ProviderFailure.Unauthorized, "Built as root.")]
    [InlineData(3, "odd", ProviderFailure.Refused, "/i/x could not be made: odd")]
    public void What_a_program_said_is_told_as_what_it_means(int exit, string error, ProviderFailure failure, string message)
    {
        var told = ContentFailure.Of(new CommandResult(exit, default, error), "/i/x");

        Assert.Equal((failure, message), (told.Failure, told.Message));
        Assert.Same(Remainder.Untouched.Value, told.Remainder);
    }

    private System.Collections.Immutable.ImmutableArray<CheckFailure> Failures(PropertyMap inputs) => HostRequests.Provider(_host).Check(_image.Check(inputs)).Failures;

    private IEnumerable<string> Reasons(PropertyMap inputs) => Failures(inputs).Select(failure => failure.Reason);
}
