using System.Diagnostics;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>Images that the host has already, and what is true of all images: sharing, leaving, and disks that stand on them.</summary>
public sealed class LocalImageTests : IAsyncLifetime
{
    private readonly DiskWorld _world = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        DiskWorld.Need("qemu-img", "flock");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Theory]
    [InlineData("raw")]
    [InlineData("xz")]
    [InlineData("gzip")]
    [InlineData("qcow2")]
    public async Task It_is_taken_in_as_qcow2_whatever_it_was(string kind)
    {
        var path = $"{_world.Images.Folder}/it's an image";
        var bytes = await _world.MakeDiskAsync(Token, kind == "qcow2" ? "qcow2" : "raw");
        await File.WriteAllBytesAsync(path, bytes, Token);
        if (kind is "xz" or "gzip")
        {
            DiskWorld.Need(kind);
            (await LabProcess.RunAsync(kind, ["-k", "-S", ".packed", path], Token)).Succeeded();
            File.Move($"{path}.packed", path, overwrite: true);
        }

        var created = await _world.CreateAsync(_world.Inputs(("path", path)), Token);

        Assert.Equal((PropertyValue)(3 * 1024 * 1024), created.Outputs["virtualSize"]);
        Assert.Equal((PropertyValue)DiskWorld.Sha256(await File.ReadAllBytesAsync(path, Token)), created.Outputs["digest"]);
        var same = await LabProcess.RunAsync("qemu-img", ["compare", "-f", "qcow2", "-F", "raw", $"{created.Id}/disk.qcow2", $"{_world.Images.Folder}/made.raw"], Token);
        Assert.Equal((0, "Images are identical.\n"), (same.ExitCode, same.Output));
    }

    [Theory]
    [InlineData("text", "is not a disk image: it is no qcow2, and has neither a partition table nor a file system.")]
    [InlineData("odd", "is cut short: 1001 bytes are no whole number of sectors.")]
    [InlineData("short", "is damaged or cut short:")]
    [InlineData("overlay", "is an overlay: its data lies in another file, which is not taken along.")]
    [InlineData("disc", "is a CD's image, not a disk's.")]
    [InlineData("packed", "cannot be unpacked: it is damaged or cut short.")]
    public async Task What_is_no_disk_is_refused_and_leaves_nothing(string kind, string why)
    {
        var path = $"{_world.Images.Folder}/given";
        var raw = await _world.MakeDiskAsync(Token, "raw");
        var disk = await _world.MakeDiskAsync(Token);
        "CD001"u8.CopyTo(raw.AsSpan(32769));
        await File.WriteAllBytesAsync(path, kind switch
        {
            "text" => new byte[100_000],
            "odd" => raw[..1001],
            "short" => disk[..(disk.Length / 2)],
            "disc" => raw,
            "packed" => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3],
            _ => [],
        }, Token);
        if (kind == "overlay")
        {
            (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-b", $"{_world.Images.Folder}/made.qcow2", "-F", "qcow2", path], Token)).Succeeded();
        }

        var failed = await _world.FailsAsync(_world.Inputs(("path", path)), Token);

        Assert.StartsWith($"{path} {why}", failed.Message, StringComparison.Ordinal);
        Assert.Empty(_world.Entries());
    }

    [Fact]
    public async Task A_path_without_a_file_is_told() => Assert.Equal(
        "There is no file /nonexistent/disk.qcow2 on the host.", (await _world.FailsAsync(_world.Inputs(("path", "/nonexistent/disk.qcow2")), Token)).Message);

    [Fact]
    public async Task It_goes_with_its_last_user()
    {
        var path = await GivenAsync();
        var inputs = _world.Inputs(("path", path));
        await using var other = new HostWorld(HostTypes.DiskImage) { Urn = Urn.Create("test", "provision", null, HostTypes.DiskImage, "other") };
        var mine = await _world.CreateAsync(inputs, Token);
        var theirs = await other.CreateAsync(inputs, Token);
        Assert.Equal(mine.Id, theirs.Id);
        Assert.IsType<ReadResponse.Found>(await _world.Images.ReadAsync(mine.Id, inputs, mine.Outputs, Token));

        await _world.Images.DeleteAsync(mine.Id, inputs, mine.Outputs, Token);
        await _world.Images.DeleteAsync(mine.Id, inputs, mine.Outputs, Token);
        Assert.Same(ReadResponse.Gone.Value, await _world.Images.ReadAsync(mine.Id, inputs, mine.Outputs, Token));
        Assert.IsType<ReadResponse.Found>(await other.ReadAsync(theirs.Id, inputs, theirs.Outputs, Token));

        await other.DeleteAsync(theirs.Id, inputs, theirs.Outputs, Token);
        Assert.False(Directory.Exists(_world.Folder));
    }

    [Fact]
    public async Task Replacing_it_by_itself_leaves_it_there()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        var old = await _world.CreateAsync(inputs, Token);
        var fresh = await _world.CreateAsync(inputs, Token);

        await _world.Images.DeleteAsync(old.Id, inputs, old.Outputs, Token);

        Assert.IsType<ReadResponse.Found>(await _world.Images.ReadAsync(fresh.Id, inputs, fresh.Outputs, Token));
    }

    [Fact]
    public async Task A_disk_that_stands_on_it_keeps_it()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        var created = await _world.CreateAsync(inputs, Token);
        var overlay = $"{_world.Images.Folder}/pool-lab/vm 1.qcow2";
        Directory.CreateDirectory(Path.GetDirectoryName(overlay) ?? "");
        await File.WriteAllTextAsync($"{_world.Images.Folder}/pool-lab/notes", $"about {created.Id}/disk.qcow2\n", Token);
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", "-b", $"{created.Id}/disk.qcow2", "-F", "qcow2", overlay], Token)).Succeeded();

        var refused = await Assert.ThrowsAsync<ProviderException>(() => _world.Images.DeleteAsync(created.Id, inputs, created.Outputs, Token));
        Assert.Equal($"{created.Id} is not removed: {overlay} stand on it.", refused.Message);
        Assert.IsType<ReadResponse.Found>(await _world.Images.ReadAsync(created.Id, inputs, created.Outputs, Token));

        File.Delete(overlay);
        await _world.Images.DeleteAsync(created.Id, inputs, created.Outputs, Token);
        Assert.False(Directory.Exists(created.Id));
    }

    [Fact]
    public async Task What_was_cut_short_on_the_host_is_gone_and_made_again()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        var created = await _world.CreateAsync(inputs, Token);
        await using (var file = File.OpenWrite($"{created.Id}/disk.qcow2"))
        {
            file.SetLength(1000);
        }

        Assert.Same(ReadResponse.Gone.Value, await _world.Images.ReadAsync(created.Id, inputs, created.Outputs, Token));
        var again = await _world.CreateAsync(inputs, Token);

        Assert.Equal(created.Id, again.Id);
        Assert.True(new FileInfo($"{created.Id}/disk.qcow2").Length > 1_000_000);
    }

    [Fact]
    public async Task An_interrupted_create_is_found_by_its_owner_alone()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        var created = await _world.CreateAsync(inputs, Token);

        var found = await _world.Images.Provider.FindAsync(new FindRequest(_world.Images.Urn, inputs), Token);
        Assert.Equal((created.Id, true), (found?.Id, found?.Complete));
        Assert.Equal(created.Outputs, found?.Outputs);
        var older = await _world.Images.Provider.FindAsync(new FindRequest(_world.Images.Urn, inputs.With("path", "/another")), Token);
        Assert.Equal((created.Id, false), (older?.Id, older?.Complete));
        Assert.Null(await _world.Images.Provider.FindAsync(
            new FindRequest(Urn.Create("test", "provision", null, HostTypes.DiskImage, "other"), inputs), Token));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_cleared_by_the_next_but_not_while_it_works()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        Directory.CreateDirectory($"{_world.Folder}/.new-dead/work");
        Directory.CreateDirectory($"{_world.Folder}/.new-alive/work");
        using var alive = Process.Start(new ProcessStartInfo("flock", [$"{_world.Folder}/.new-alive", "cat"]) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("flock does not start");
        await alive.StandardInput.WriteLineAsync("held");
        await alive.StandardInput.FlushAsync(Token);
        Assert.Equal("held", await alive.StandardOutput.ReadLineAsync(Token));

        var created = await _world.CreateAsync(inputs, Token);

        Assert.Equal([".new-alive", Path.GetFileName(created.Id)], _world.Entries());
        alive.StandardInput.Close();
        await alive.WaitForExitAsync(Token);
    }

    [Fact]
    public async Task Two_at_once_make_one()
    {
        var inputs = _world.Inputs(("path", await GivenAsync()));
        await using var other = new HostWorld(HostTypes.DiskImage) { Urn = Urn.Create("test", "provision", null, HostTypes.DiskImage, "other") };

        var both = await Task.WhenAll(_world.CreateAsync(inputs, Token), other.CreateAsync(inputs, Token));

        Assert.Equal(both[0].Id, both[1].Id);
        Assert.Equal(2, Directory.EnumerateFiles($"{both[0].Id}/users").Count());
        Assert.Equal([Path.GetFileName(both[0].Id)], _world.Entries());
    }

    private async Task<string> GivenAsync()
    {
        var path = $"{_world.Images.Folder}/given.qcow2";
        await File.WriteAllBytesAsync(path, await _world.MakeDiskAsync(Token), Token);
        return path;
    }
}
