using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>Images of a web server, by the host's own curl.</summary>
public sealed class DownloadTests : IAsyncLifetime
{
    private readonly DiskWorld _world = new();
    private byte[] _disk = [];
    private ImageServer? _server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ImageServer Server => _server ?? throw new InvalidOperationException("not started");

    public async ValueTask InitializeAsync()
    {
        DiskWorld.Need("qemu-img", "curl", "flock");
        _disk = await _world.MakeDiskAsync(Token);
        _server = new ImageServer(_disk);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _world.DisposeAsync();
    }

    [Fact]
    public async Task An_image_is_fetched_once_verified_and_shared()
    {
        var inputs = _world.Inputs(("url", Server.Url("/moved")), ("digest", DiskWorld.Sha512(_disk)));
        var created = await _world.CreateAsync(inputs, Token);

        Assert.Equal((PropertyValue)$"{created.Id}/disk.qcow2", created.Outputs["path"]);
        Assert.Equal((PropertyValue)(3 * 1024 * 1024), created.Outputs["virtualSize"]);
        Assert.Equal((PropertyValue)DiskWorld.Sha512(_disk), created.Outputs["digest"]);
        Assert.Equal(_disk, await File.ReadAllBytesAsync($"{created.Id}/disk.qcow2", Token));
        Assert.Equal((UnixFileMode)0b110_100_100, new FileInfo($"{created.Id}/disk.qcow2").UnixFileMode);
        Assert.Equal(["/moved", "/disk.qcow2"], Server.Requests);
        Assert.Equal([Path.GetFileName(created.Id)], _world.Entries());

        var other = new HostWorld(HostTypes.DiskImage) { Urn = Urn.Create("test", "provision", null, HostTypes.DiskImage, "other") };
        await using (other)
        {
            Assert.Equal(created.Id, (await other.CreateAsync(inputs, Token)).Id);
        }

        Assert.Equal(2, Server.Requests.Count);
    }

    [Fact]
    public async Task What_breaks_off_is_gone_on_with()
    {
        Server.Cuts.Enqueue(100_000);
        Server.Cuts.Enqueue(50_000);
        await _world.CreateAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digest", DiskWorld.Sha256(_disk))), Token);

        Assert.Equal(["/disk.qcow2", "/disk.qcow2 bytes=100000-", "/disk.qcow2 bytes=150000-"], Server.Requests);
    }

    [Fact]
    public async Task What_an_earlier_run_fetched_is_gone_on_with_and_the_rubbish_of_another_is_not()
    {
        var inputs = _world.Inputs(("url", Server.Url("/disk.qcow2")), ("digest", DiskWorld.Sha256(_disk)));
        var first = await _world.CreateAsync(inputs, Token);
        await _world.Images.DeleteAsync(first.Id, inputs.With("keep", false), first.Outputs, Token);
        Directory.CreateDirectory(_world.Folder);
        var part = $"{_world.Folder}/.part-{Path.GetFileName(first.Id)}";

        await File.WriteAllBytesAsync(part, _disk[..200_000], Token);
        var second = await _world.CreateAsync(inputs, Token);
        await _world.Images.DeleteAsync(second.Id, inputs.With("keep", false), second.Outputs, Token);
        Directory.CreateDirectory(_world.Folder);
        await File.WriteAllBytesAsync(part, new byte[300_000], Token);
        await _world.CreateAsync(inputs, Token);
        Directory.Delete(second.Id, recursive: true);
        await File.WriteAllBytesAsync(part, new byte[_disk.Length + 10], Token);
        await _world.CreateAsync(inputs, Token);

        Assert.Equal(
            [
                "/disk.qcow2", "/disk.qcow2 bytes=200000-", "/disk.qcow2 bytes=300000-", "/disk.qcow2",
                $"/disk.qcow2 bytes={_disk.Length + 10}-", "/disk.qcow2",
            ],
            Server.Requests);
        Assert.Equal(_disk, await File.ReadAllBytesAsync($"{second.Id}/disk.qcow2", Token));
        Assert.Equal([Path.GetFileName(second.Id)], _world.Entries());
    }

    [Fact]
    public async Task A_wrong_digest_is_told_with_both_and_nothing_stays()
    {
        var failed = await _world.FailsAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digest", DiskWorld.Sha256([1]))), Token);

        Assert.Equal(
            (ProviderFailure.Refused, $"{Server.Url("/disk.qcow2")} is not what it should be: its digest is {DiskWorld.Sha256(_disk)}, and {DiskWorld.Sha256([1])} is expected."),
            (failed.Failure, failed.Message));
        Assert.Same(Remainder.Untouched.Value, failed.Remainder);
        Assert.Empty(_world.Entries());
    }

    [Theory]
    [InlineData("/missing", "it answers 404")]
    [InlineData("/loop", "it redirects again and again")]
    [InlineData("/stall", "nothing came for 1 s")]
    public async Task A_server_that_has_nothing_to_give_is_given_up(string path, string why)
    {
        var failed = await _world.FailsAsync(
            _world.Inputs(("url", Server.Url(path)), ("digest", DiskWorld.Sha256(_disk)), ("stallSeconds", 1)), Token);

        Assert.Equal((ProviderFailure.Unreachable, $"{Server.Url(path)} cannot be fetched: {why}."), (failed.Failure, failed.Message));
        Assert.All(_world.Entries(), entry => Assert.StartsWith(".part-", entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_port_where_nobody_listens_is_told_without_the_password()
    {
        var url = Server.Url("/disk.qcow2").Replace("//", "//me:marker-99@", StringComparison.Ordinal);
        await Server.DisposeAsync();
        _server = null;

        var failed = await _world.FailsAsync(_world.Inputs(("url", url), ("digest", DiskWorld.Sha256(_disk))), Token);

        Assert.Equal(ProviderFailure.Unreachable, failed.Failure);
        Assert.DoesNotContain("marker-99", failed.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_larger_than_the_disk_is_refused_before_it_fills_it()
    {
        var failed = await _world.FailsAsync(_world.Inputs(("url", Server.Url("/huge")), ("digest", DiskWorld.Sha256(_disk))), Token);

        Assert.Contains("and 8583068847 MiB are to be fetched", failed.Message, StringComparison.Ordinal);
        Assert.Contains("disk is full", failed.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_publishers_list_says_what_it_has_to_be()
    {
        Server.Texts["/SHA512SUMS"] = $"{new string('0', 128)}  other.qcow2\n{DiskWorld.Sha512(_disk)[7..]}  disk.qcow2\n";
        var created = await _world.CreateAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digestUrl", Server.Url("/SHA512SUMS"))), Token);
        Assert.Equal((PropertyValue)DiskWorld.Sha512(_disk), created.Outputs["digest"]);

        Server.Texts["/SHA512SUMS"] = $"{new string('0', 128)}  other.qcow2\n";
        var silent = await _world.FailsAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digestUrl", Server.Url("/SHA512SUMS"))), Token);
        Assert.Equal("The list of digests says nothing of disk.qcow2, or two things.", silent.Message);

        var missing = await _world.FailsAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digestUrl", Server.Url("/nothing"))), Token);
        Assert.Equal($"{Server.Url("/nothing")} cannot be fetched: it answers 404.", missing.Message);
    }

    [Fact]
    public async Task A_page_in_place_of_an_image_is_not_taken_for_one()
    {
        var page = System.Text.Encoding.ASCII.GetBytes($"<!DOCTYPE html><title>Sign in</title>{new string(' ', 5000)}");
        Server.Content = page;

        var failed = await _world.FailsAsync(_world.Inputs(("url", Server.Url("/disk.qcow2")), ("digest", DiskWorld.Sha256(page))), Token);

        Assert.StartsWith($"{Server.Url("/disk.qcow2")} is not a disk image", failed.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Entries());
    }

    [Fact]
    public async Task A_download_is_kept_when_nobody_uses_it_any_more()
    {
        var inputs = _world.Inputs(("url", Server.Url("/disk.qcow2")), ("digest", DiskWorld.Sha256(_disk)));
        var checkedInputs = _world.Images.Provider.Check(new CheckRequest(_world.Images.Urn, PropertyMap.Empty, inputs)).Inputs;
        var created = await _world.CreateAsync(checkedInputs, Token);

        await _world.Images.DeleteAsync(created.Id, checkedInputs, created.Outputs, Token);

        Assert.Equal($"{created.Id} stays (keep)", _world.Images.Texts[^1]);
        Assert.Empty(Directory.EnumerateFileSystemEntries($"{created.Id}/users"));
        Assert.Same(ReadResponse.Gone.Value, await _world.Images.ReadAsync(created.Id, checkedInputs, created.Outputs, Token));
        Assert.Equal(created.Id, (await _world.CreateAsync(checkedInputs, Token)).Id);
        Assert.Single(Server.Requests);
    }
}
