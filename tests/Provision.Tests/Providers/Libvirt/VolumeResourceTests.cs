using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Tests.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

public sealed class VolumeResourceTests
{
    private const long Mebi = 1 << 20;

    private static readonly PropertyMap Inputs = PropertyMap.Of(("name", "root"), ("pool", "store"), ("size", 16 * Mebi), ("format", "qcow2"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_volume_is_made_seen_without_a_difference_and_deleted()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var made = await volumes.CreateAsync(Inputs);
        var seen = Assert.IsType<Made>(await volumes.ReadAsync(made));

        Assert.Equal("/store/root", made.Id);
        Assert.Empty(volumes.Diff(seen, Inputs).Changes);
        Assert.Equal(
            ["baseVolumeId", "baseVolumeName", "baseVolumePool", "format", "id", "name", "pool", "size", "source", "xml"], seen.Outputs.Keys.Order(StringComparer.Ordinal));
        await volumes.DeleteAsync(made);
        Assert.Null(await volumes.ReadAsync(made));
        await volumes.DeleteAsync(made);
    }

    [Fact]
    public async Task Trap_25_the_base_of_a_clone_is_not_deleted()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var below = await volumes.CreateAsync(Inputs.With("name", "base"));
        var clone = await volumes.Named("clone").CreateAsync(PropertyMap.Of(("name", "clone"), ("pool", "store"), ("size", 16 * Mebi), ("baseVolumeId", below.Id)));

        var refused = await Assert.ThrowsAsync<ProviderException>(() => volumes.DeleteAsync(below));
        Assert.Equal("Cannot delete the volume 'base': it is the base of 'clone' in pool 'store'.", refused.Message);
        await volumes.Named("clone").DeleteAsync(clone);
        await volumes.DeleteAsync(below);
        Assert.Null(await volumes.ReadAsync(below));
    }

    [Theory]
    [InlineData("baseVolumeId", "/store/base", "/store/other")]
    [InlineData("baseVolumeId", "/store/base", null)]
    [InlineData("baseVolumeName", "base", "/store/other")]
    public async Task A_clone_that_stands_on_another_base_is_made_anew(string input, string declared, string? path)
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        await volumes.CreateAsync(Inputs.With("name", "base"));
        var wanted = PropertyMap.Of(("name", "clone"), ("pool", "store"), ("size", 16 * Mebi), (input, declared));
        var made = await volumes.Named("clone").CreateAsync(wanted);
        Assert.Equal(made, await volumes.Named("clone").ReadAsync(made));
        await volumes.Named("clone").DeleteAsync(made);
        await world.Connection.ChangeAsync(
            "make another of that name by hand",
            connect =>
            {
                using var pool = connect.PoolByName("store");
                using var byHand = pool.CreateVolume(VolumeXml.Write(PropertyMap.Empty, "clone", "qcow2", 16 * Mebi, path is null ? null : new VolumeBase(path, "qcow2")));
            },
            Token);

        var diff = volumes.Named("clone").Diff(Assert.IsType<Made>(await volumes.Named("clone").ReadAsync(made)), wanted);

        Assert.Equal([(input, ApplyClass.Replace)], Kind.Said(diff));
        Assert.Equal((path, declared), (diff.Changes[0].Old?.ToString(), diff.Changes[0].New?.ToString()));
        Assert.Equal((true, "its data is lost"), (diff.DeleteBeforeReplace, diff.Remark));
    }

    [Fact]
    public async Task A_base_that_is_gone_is_no_reason_to_make_what_stood_on_it_anew()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        await volumes.CreateAsync(Inputs.With("name", "base"));
        var wanted = PropertyMap.Of(("name", "clone"), ("pool", "store"), ("size", 16 * Mebi), ("baseVolumeName", "base"));
        var made = await volumes.Named("clone").CreateAsync(wanted);
        await world.Connection.ChangeAsync("delete its base by hand", connect => connect.VolumeByKey("/store/base").Delete(), Token);

        Assert.Equal(made, await volumes.Named("clone").ReadAsync(made));
    }

    [Fact]
    public async Task Trap_28_growing_is_live_and_shrinking_loses_the_data()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var made = await volumes.CreateAsync(Inputs);
        var grown = volumes.Diff(made, Inputs.With("size", 32 * Mebi));
        var shrunk = volumes.Diff(made, Inputs.With("size", 8 * Mebi));

        Assert.Equal([("size", ApplyClass.Live)], Kind.Said(grown));
        Assert.Equal([("size", ApplyClass.Replace)], Kind.Said(shrunk));
        Assert.Equal((null, "its data is lost"), (grown.Remark, shrunk.Remark));
        Assert.Empty(volumes.Diff(made, Inputs.Without("size").With("source", "/x")).Changes.Where(change => change.Path.Top == "size"));
        var refused = await Assert.ThrowsAsync<ProviderException>(() => volumes.UpdateAsync(made, Inputs.With("size", 32 * Mebi)));
        Assert.Contains("test driver does not grow volumes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_is_there_already_in_a_foreign_pool_is_a_conflict()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        await volumes.CreateAsync(Inputs);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => volumes.CreateAsync(Inputs));
        Assert.Equal(ProviderFailure.Conflict, refused.Failure);
        Assert.IsType<Remainder.Untouched>(refused.Remainder);
        Assert.Null(await volumes.FindAsync(Inputs));
    }

    [Fact]
    public async Task What_an_interrupted_run_left_in_a_pool_of_ours_is_found()
    {
        await using var world = TestLibvirt.Open();
        await new Kind(new PoolResource(), world.Connection).CreateAsync(PropertyMap.Of(("name", "ours"), ("type", "dir"), ("target", PropertyMap.Of(("path", "/ours")))));
        var volumes = Volumes(world);
        var inputs = Inputs.With("pool", "ours");
        Assert.Null(await volumes.FindAsync(inputs));
        var made = await volumes.CreateAsync(inputs);

        Assert.Equal((made.Id, true), await volumes.FindAsync(inputs) is { } found ? (found.Id, found.Complete) : default);
        Assert.Equal(made.Id, (await volumes.CreateAsync(inputs)).Id);
        await world.Connection.ChangeAsync(
            "leave the mark of an upload",
            connect =>
            {
                using var pool = connect.PoolByName("ours");
                using var mark = pool.CreateVolume($"<volume><name>{VolumeMaking.MarkOf("root")}</name><capacity>0</capacity></volume>");
            },
            Token);
        Assert.False((await volumes.FindAsync(inputs))?.Complete);
        await volumes.DeleteAsync(made);
        Assert.Equal(0, await world.Connection.AskAsync("look", connect => connect.PoolByName("ours").ListVolumes().Count, Token));
    }

    [Fact]
    public async Task Of_a_stopped_pool_nobody_says_that_its_volumes_are_gone()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var made = await volumes.CreateAsync(Inputs);
        await world.Connection.ChangeAsync("stop it", connect => connect.PoolByName("store").Stop(), Token);

        Assert.Equal(made, await volumes.ReadAsync(made));
        await volumes.DeleteAsync(made);
        Assert.Null(await volumes.ReadAsync(made));
    }

    [Fact]
    public async Task Without_its_pool_or_base_it_says_which_is_missing()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var noPool = await Assert.ThrowsAsync<ProviderException>(() => volumes.CreateAsync(Inputs.With("pool", "nowhere")));
        var noBase = await Assert.ThrowsAsync<ProviderException>(() => volumes.CreateAsync(PropertyMap.Of(("name", "x"), ("pool", "store"), ("baseVolumeName", "none"))));

        Assert.Contains("the pool 'nowhere': there is none of that name", noPool.Message, StringComparison.Ordinal);
        Assert.Contains("its base 'none' in the pool 'store' does not exist", noBase.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_size_is_said_to_be_in_bytes()
    {
        await using var world = TestLibvirt.Open();

        Assert.Equal([("size", SizedInput.Bytes)], Volumes(world).Check(Inputs).Sizes.Select(size => (size.Path.ToString(), size.Unit)));
    }

    [Fact]
    public async Task An_import_gives_inputs_that_change_nothing()
    {
        await using var world = TestLibvirt.Open();
        var volumes = Volumes(world);
        var made = await volumes.CreateAsync(Inputs);
        var imported = await volumes.ImportAsync(made.Id);

        Assert.Equal(Inputs, imported.Inputs);
    }

    [Fact]
    public async Task What_excludes_each_other_is_refused_and_a_driver_that_takes_no_uploads_says_so()
    {
        await using var world = TestLibvirt.Open();
        var failures = Volumes(world).Check(PropertyMap.Of(("name", "x"), ("size", 5), ("source", "relative/x"), ("baseVolumePool", "store"))).Failures;

        Assert.Equal(["baseVolumePool", "size", "source", "source"], failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
        Assert.Contains(failures, failure => failure.Reason == "libvirt's test driver has no uploads");
    }

    private static Kind Volumes(TestLibvirt world) => new(new VolumeResource(TimeProvider.System), world.Connection);
}
