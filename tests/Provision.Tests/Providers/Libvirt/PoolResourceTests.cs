using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Tests.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

public sealed class PoolResourceTests
{
    private static readonly PropertyMap Inputs = PropertyMap.Of(("name", "dev-disks"), ("type", "dir"), ("target", PropertyMap.Of(("path", "/pools/dev-disks"))));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pool_is_made_seen_without_a_difference_and_removed()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        var seen = await pools.ReadAsync(made);

        Assert.NotNull(seen);
        Assert.Equal(made.Outputs, seen.Outputs);
        Assert.Empty(pools.Diff(seen, Inputs).Changes);
        Assert.Equal(["__meta", "allocation", "available", "capacity", "id", "name", "path", "source", "target", "type", "xml"], seen.Outputs.Keys.Order(StringComparer.Ordinal));
        Assert.True(await world.Connection.AskAsync("look", connect => connect.PoolByUuid(made.Id).Autostart(), Token));
        await pools.DeleteAsync(made);
        Assert.Null(await pools.ReadAsync(made));
        await pools.DeleteAsync(made);
    }

    [Fact]
    public async Task How_full_it_is_now_is_no_difference_to_what_was_recorded()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        var recorded = made with { Outputs = made.Outputs.With("available", 17).With("allocation", 4) };

        var seen = await pools.ReadAsync(recorded);

        Assert.Equal(recorded.Outputs, seen?.Outputs);
    }

    [Fact]
    public async Task A_leftover_is_found_by_its_uuid_and_taken_up()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        Assert.Null(await pools.FindAsync(Inputs));
        var made = await pools.CreateAsync(Inputs);
        await StopAsync(world, made.Id);

        Assert.Equal((made.Id, false), await pools.FindAsync(Inputs) is { } found ? (found.Id, found.Complete) : default);
        Assert.Equal(made.Id, (await pools.CreateAsync(Inputs)).Id);
        Assert.True((await pools.FindAsync(Inputs))?.Complete);
    }

    [Fact]
    public async Task One_that_is_not_ours_is_a_conflict_and_stays()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var byName = await Assert.ThrowsAsync<ProviderException>(() => pools.CreateAsync(Inputs.With("name", "store")));
        var byFolder = await Assert.ThrowsAsync<ProviderException>(() => pools.CreateAsync(Inputs.With("target", PropertyMap.Of(("path", "/store/")))));

        Assert.Equal((ProviderFailure.Conflict, ProviderFailure.Conflict), (byName.Failure, byFolder.Failure));
        Assert.Contains("there is one of that name", byName.Message, StringComparison.Ordinal);
        Assert.Contains("is that of the pool 'store' already", byFolder.Message, StringComparison.Ordinal);
        Assert.Null(await pools.FindAsync(Inputs.With("name", "store")));
    }

    [Fact]
    public async Task Stopped_by_hand_it_is_shown_and_started_again()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        await StopAsync(world, made.Id);
        var seen = Assert.IsType<Made>(await pools.ReadAsync(made));

        var diff = pools.Diff(seen, Inputs);
        Assert.Equal("inactive", diff.Reason);
        var repaired = await pools.UpdateAsync(seen, Inputs);
        Assert.Empty(pools.Diff(repaired, Inputs).Changes);
    }

    [Fact]
    public async Task Trap_25_what_others_put_into_it_is_never_deleted()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        await world.Connection.ChangeAsync(
            "put something in",
            connect =>
            {
                using var pool = connect.PoolByUuid(made.Id);
                using var volume = pool.CreateVolume("<volume><name>precious</name><capacity>1024</capacity></volume>");
            },
            Token);

        var refused = await Assert.ThrowsAsync<ProviderException>(() => pools.DeleteAsync(made));
        Assert.Contains("still holds 'precious', which this stack did not make", refused.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(refused.Remainder);
        Assert.Empty(pools.Diff(Assert.IsType<Made>(await pools.ReadAsync(made)), Inputs).Changes);
    }

    /// <summary>Its name alone makes nobody's file one of ours, and where the pool stays all of it does.</summary>
    [Theory]
    [InlineData("thesis.console.log", true)]
    [InlineData("dev-box-1.console.log", false)]
    [InlineData("dev-box-1.console.log.0", false)]
    public async Task Trap_25_of_console_logs_only_those_of_the_stacks_own_lost_machines_go(string file, bool refuses)
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        await world.Connection.ChangeAsync(
            "put something in",
            connect =>
            {
                using var pool = connect.PoolByUuid(made.Id);
                using var volume = pool.CreateVolume($"<volume><name>{file}</name><capacity>1024</capacity></volume>");
            },
            Token);

        var refused = await Record.ExceptionAsync(() => pools.DeleteAsync(made));

        Assert.Equal(refuses, refused is ProviderException);
        Assert.Equal(refuses, await pools.ReadAsync(made) is not null);
    }

    [Fact]
    public async Task The_folder_by_either_name_is_one_folder_and_another_one_replaces()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);

        Assert.Empty(pools.Diff(made, PropertyMap.Of(("name", "dev-disks"), ("type", "dir"), ("path", "/pools/dev-disks/"))).Changes);
        var other = pools.Diff(made, Inputs.With("target", PropertyMap.Of(("path", "/elsewhere"))));
        Assert.True(other is { Replaces: true, DeleteBeforeReplace: true });
    }

    [Fact]
    public async Task An_import_gives_inputs_that_change_nothing()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var made = await pools.CreateAsync(Inputs);
        var imported = await pools.ImportAsync(made.Id);

        Assert.Equal(Inputs, imported.Inputs);
        Assert.Empty(pools.Diff(new Made(imported.Id, imported.Inputs ?? PropertyMap.Empty, imported.Outputs), Inputs).Changes);
    }

    [Fact]
    public async Task Mistakes_are_all_told_at_once()
    {
        await using var world = TestLibvirt.Open();
        var pools = new Kind(new PoolResource(), world.Connection);
        var failures = pools.Check(PropertyMap.Of(
            ("name", "a/b"), ("type", "nfs"), ("path", "/x"), ("target", PropertyMap.Of(("path", "relative"))), ("capacity", 5), ("xml", PropertyMap.Of(("xslt", "<no"))))).Failures;

        Assert.Equal(["capacity", "name", "path", "target.path", "type", "xml.xslt"], failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_driver_without_pools_says_so_in_the_plan()
    {
        var failures = new PoolResource().Check(
            LibvirtEndpoint.Of("vmwareplayer:///session"), new CheckRequest(Urn.Parse("urn:pulumi:dev::lab::libvirt:index/pool:Pool::disks"), PropertyMap.Empty, Inputs)).Failures;

        Assert.Equal("libvirt's VMware driver has no pools that can be made", Assert.Single(failures).Reason);
    }

    private static Task StopAsync(TestLibvirt world, string uuid) => world.Connection.ChangeAsync(
        "stop it",
        connect =>
        {
            using var pool = connect.PoolByUuid(uuid);
            pool.Stop();
        },
        Token);
}
