using System.Security.Cryptography;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>Pools and volumes against a real libvirtd.</summary>
public sealed class StorageTests(LibvirtLab lab)
{
    private const long Mebi = 1 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pools_folder_comes_and_goes_with_it()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var pool = await world.PoolAsync("come-and-go");
        var folder = Path.Combine(lab.Folder, "pools", "come-and-go");

        Assert.True(Directory.Exists(folder));
        Assert.Empty((await world.PlanAsync(pool)).Changes);
        await world.DeleteAsync(pool);
        Assert.False(Directory.Exists(folder));
        Assert.Null(await world.ReadAsync(pool));
    }

    [Fact]
    public async Task Foreign_files_in_the_folder_are_named_and_stay()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var pool = await world.PoolAsync("foreign");
        var file = Path.Combine(lab.Folder, "pools", "foreign", "precious.img");
        await File.WriteAllTextAsync(file, "data", Token);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => world.DeleteAsync(pool));
        Assert.Contains("'precious.img'", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
        Assert.Empty((await world.PlanAsync(pool)).Changes);
        File.Delete(file);
        await world.DeleteAsync(pool);
    }

    [Fact]
    public async Task A_folder_removed_by_hand_is_shown_and_made_again()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var pool = await world.PoolAsync("rubbed-out");
        await lab.VirshAsync("pool-destroy", "rubbed-out");
        Directory.Delete(Path.Combine(lab.Folder, "pools", "rubbed-out"));

        Assert.Equal("inactive", (await world.PlanAsync(pool)).Reason);
        Assert.Empty((await world.PlanAsync(await world.UpdateAsync(pool))).Changes);
    }

    [Fact]
    public async Task A_pool_whose_folder_cannot_be_made_leaves_nothing()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var file = Path.Combine(lab.Folder, "in-the-way");
        await File.WriteAllTextAsync(file, "", Token);
        var refused = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(
            StorageWorld.Pool, "blocked", PropertyMap.Of(("name", "blocked"), ("type", "dir"), ("target", PropertyMap.Of(("path", $"{file}/below"))))));

        Assert.IsType<Remainder.Untouched>(refused.Remainder);
        Assert.NotNull(refused.Remedy);
        Assert.DoesNotContain("blocked", await lab.NamesAsync("pool-list", "--all"));
    }

    [Fact]
    public async Task A_clone_of_an_image_outside_of_all_pools_has_its_size_and_grows()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var image = Path.Combine(lab.Folder, "image.qcow2");
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", image, "48M"], Token)).Succeeded();
        await world.PoolAsync("clones");
        var inputs = PropertyMap.Of(("name", "root.qcow2"), ("pool", "clones"), ("format", "qcow2"), ("baseVolumeId", image));
        var volume = await world.CreateAsync(StorageWorld.Volume, "root", inputs);

        Assert.Equal((double)(48 * Mebi), (volume.Outputs["size"] as PropertyValue.Number)?.Value);
        Assert.Empty((await world.PlanAsync(volume)).Changes);
        var grown = await world.UpdateAsync(volume, volume.Inputs.With("size", 64 * Mebi));
        Assert.Equal((double)(64 * Mebi), (grown.Outputs["size"] as PropertyValue.Number)?.Value);
        Assert.Empty((await world.PlanAsync(grown)).Changes);
        var small = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Volume, "small", inputs.With("name", "small").With("size", Mebi)));
        Assert.Contains("less than the", small.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clone_that_was_put_on_another_image_is_made_anew()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        var (image, other) = (Path.Combine(lab.Folder, "declared.qcow2"), Path.Combine(lab.Folder, "other.qcow2"));
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", image, "8M"], Token)).Succeeded();
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", other, "8M"], Token)).Succeeded();
        await world.PoolAsync("rebased");
        var volume = await world.CreateAsync(
            StorageWorld.Volume, "root", PropertyMap.Of(("name", "root.qcow2"), ("pool", "rebased"), ("format", "qcow2"), ("baseVolumeId", image)));
        Assert.Empty((await world.PlanAsync(volume)).Changes);
        (await LabProcess.RunAsync("qemu-img", ["rebase", "-u", "-F", "qcow2", "-b", other, volume.Id], Token)).Succeeded();

        var plan = await world.PlanAsync(volume);

        Assert.Equal(("baseVolumeId", ApplyClass.Replace, other), Assert.Single(plan.Changes) is var change ? (change.Path.ToString(), change.Apply, change.Old?.ToString()) : default);
        Assert.Equal("its data is lost", plan.Remark);
    }

    [Fact]
    public async Task A_disk_grows_under_the_running_machine()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        await world.PoolAsync("live");
        var volume = await world.CreateAsync(StorageWorld.Volume, "disk", PropertyMap.Of(("name", "disk"), ("pool", "live"), ("format", "qcow2"), ("size", 16 * Mebi)));
        var definition = Path.Combine(lab.Folder, "grower.xml");
        await File.WriteAllTextAsync(
            definition,
            $"""
            <domain type='qemu'><name>grower</name><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='q35'>hvm</type></os>
              <devices><disk type='file' device='disk'><driver name='qemu' type='qcow2'/><source file='{volume.Id}'/><target dev='vda' bus='virtio'/></disk>
              <memballoon model='none'/><controller type='usb' model='none'/></devices></domain>
            """,
            Token);
        await lab.VirshAsync("create", definition);
        try
        {
            var inUse = await Assert.ThrowsAsync<ProviderException>(() => world.DeleteAsync(volume));
            Assert.Equal("Cannot delete the volume 'disk': it is open in the running domain 'grower'.", inUse.Message);
            var grown = await world.UpdateAsync(volume, volume.Inputs.With("size", 32 * Mebi));
            Assert.Empty((await world.PlanAsync(grown)).Changes);
            Assert.Contains((32 * Mebi).ToString(System.Globalization.CultureInfo.InvariantCulture), await lab.VirshAsync("domblkinfo", "grower", "vda"), StringComparison.Ordinal);
        }
        finally
        {
            await lab.VirshAsync("destroy", "grower");
        }
    }

    [Fact]
    public async Task A_file_is_uploaded_whole_and_its_format_and_size_are_seen()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        await world.PoolAsync("uploads");
        var image = Path.Combine(lab.Folder, "upload.qcow2");
        (await LabProcess.RunAsync("qemu-img", ["create", "-q", "-f", "qcow2", image, "24M"], Token)).Succeeded();
        var raw = Path.Combine(lab.Folder, "upload.raw");
        await File.WriteAllBytesAsync(raw, RandomNumberGenerator.GetBytes(3_000_001), Token);

        var first = await world.CreateAsync(StorageWorld.Volume, "first", PropertyMap.Of(("name", "first"), ("pool", "uploads"), ("source", image)));
        var second = await world.CreateAsync(StorageWorld.Volume, "second", PropertyMap.Of(("name", "second"), ("pool", "uploads"), ("source", $"file://{raw}")));

        Assert.Equal(("qcow2", (double)(24 * Mebi)), (first.Outputs["format"].ToString(), (first.Outputs["size"] as PropertyValue.Number)?.Value));
        Assert.Equal(await File.ReadAllBytesAsync(raw, Token), await File.ReadAllBytesAsync(second.Id, Token));
        Assert.Empty((await world.PlanAsync(first)).Changes);
        Assert.Empty((await world.PlanAsync(second)).Changes);
        Assert.Equal(["first", "second"], Directory.GetFiles(Path.GetDirectoryName(first.Id) ?? "").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_upload_of_another_digest_or_format_leaves_nothing()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        await world.PoolAsync("refused");
        var raw = Path.Combine(lab.Folder, "refused.raw");
        await File.WriteAllBytesAsync(raw, RandomNumberGenerator.GetBytes(500_000), Token);
        var inputs = PropertyMap.Of(("name", "bad"), ("pool", "refused"), ("source", raw));

        var digest = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Volume, "bad", inputs.With("__digest", $"sha256:{new string('0', 64)}")));
        var format = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Volume, "bad", inputs.With("format", "qcow2")));
        var missing = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(StorageWorld.Volume, "bad", inputs.With("source", "/no/such/file")));

        Assert.Contains("its digest is not the", digest.Message, StringComparison.Ordinal);
        Assert.Contains("it is no qcow2 image but raw", format.Message, StringComparison.Ordinal);
        Assert.Contains("/no/such/file", missing.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.Combine(lab.Folder, "pools", "refused")));
        Assert.All([digest, format, missing], failure => Assert.IsType<Remainder.Untouched>(failure.Remainder));
    }

    [Fact]
    public async Task What_was_deleted_behind_libvirts_back_is_gone()
    {
        await using var world = await StorageWorld.OpenAsync(lab);
        await world.PoolAsync("behind");
        var volume = await world.CreateAsync(StorageWorld.Volume, "lost", PropertyMap.Of(("name", "lost"), ("pool", "behind"), ("size", Mebi)));
        File.Delete(volume.Id);

        Assert.Null(await world.ReadAsync(volume));
        await world.DeleteAsync(volume);
    }

    [Fact]
    public async Task Calls_go_on_over_a_new_connection_after_libvirtd_was_restarted()
    {
        await using var own = new LibvirtLab();
        await using var world = await StorageWorld.OpenAsync(own);
        var pool = await world.PoolAsync("restart");
        await own.RestartLibvirtdAsync();
        Assert.Empty((await world.PlanAsync(pool)).Changes);

        await own.KillLibvirtdAsync();
        await own.StartLibvirtdAsync();
        var volume = await world.CreateAsync(StorageWorld.Volume, "after", PropertyMap.Of(("name", "after"), ("pool", "restart"), ("size", Mebi)));
        await world.DeleteAsync(volume);

        await own.StopLibvirtdAsync();
        var refused = await Assert.ThrowsAsync<ProviderException>(() => world.ReadAsync(pool));
        Assert.Equal(ProviderFailure.Unreachable, refused.Failure);
        Assert.Contains("there is no libvirtd at", refused.Message, StringComparison.Ordinal);
        await own.StartLibvirtdAsync();
    }
}
