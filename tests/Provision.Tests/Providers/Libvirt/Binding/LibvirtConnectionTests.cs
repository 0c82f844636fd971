using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt.Binding;

public sealed class LibvirtConnectionTests
{
    private const string Other = "51d3bd38-1f9d-4f4a-8e93-58a1a2d3f0ff";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_lists_what_there_is_and_frees_every_handle()
    {
        await using var world = TestLibvirt.Open();
        var (domains, handles) = await world.Connection.AskAsync(
            "list",
            connect =>
            {
                using var list = connect.ListDomains();
                return (list.Select(domain => (domain.Name(), domain.Uuid(), domain.State().Run)).ToArray(), list.ToArray());
            },
            Token);

        Assert.Equal([("here", TestLibvirt.Domain, DomainRunState.Running)], domains);
        Assert.All(handles, handle => Assert.True(handle.IsClosed));
    }

    [Fact]
    public async Task A_domain_is_defined_started_suspended_powered_off_and_undefined()
    {
        await using var world = TestLibvirt.Open();
        var seen = await world.Connection.ChangeAsync(
            "try everything",
            connect =>
            {
                var states = new List<DomainRunState>();
                using var domain = connect.DefineDomain(TestLibvirt.Xml("box", Other));
                states.Add(domain.State().Run);
                domain.Start();
                states.Add(domain.State().Run);
                domain.Suspend();
                states.Add(domain.State().Run);
                domain.Resume();
                domain.SetAutostart(true);
                Assert.True(domain.Autostart());
                domain.PowerOff();
                states.Add(domain.State().Run);
                domain.Undefine(UndefineFlags.ManagedSave | UndefineFlags.SnapshotsMetadata);
                Assert.Null(connect.FindDomain(Other));
                return states;
            },
            Token);

        Assert.Equal([DomainRunState.Off, DomainRunState.Running, DomainRunState.Paused, DomainRunState.Off], seen);
    }

    [Fact]
    public async Task What_does_not_exist_is_a_typed_not_found()
    {
        await using var world = TestLibvirt.Open();
        Func<ConnectHandle, object>[] lookups =
        [
            connect => connect.DomainByUuid(Other), connect => connect.DomainByName("nobody"), connect => connect.NetworkByName("nowhere"),
            connect => connect.PoolByName("nothing"), connect => connect.VolumeByKey("/no/such"),
            connect =>
            {
                using var pool = connect.PoolByName("store");
                return pool.VolumeByName("none");
            },
        ];

        foreach (var lookup in lookups)
        {
            var failure = await Assert.ThrowsAsync<ProviderException>(() => world.Connection.AskAsync("look", lookup, Token));
            Assert.True(failure.IsNotFound(), failure.Message);
            Assert.IsType<Remainder.Untouched>(failure.Remainder);
        }

        Assert.Null(await world.Connection.AskAsync("look", connect => connect.FindDomain(Other), Token));
    }

    [Fact]
    public async Task A_refusal_keeps_libvirts_words_and_is_typed()
    {
        await using var world = TestLibvirt.Open();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.Connection.ChangeAsync(
            "power off the domain 'here'",
            connect =>
            {
                using var domain = connect.DomainByUuid(TestLibvirt.Domain);
                domain.PowerOff();
                domain.PowerOff();
            },
            Token));

        Assert.True(failure.IsInvalidNow());
        Assert.StartsWith("Cannot power off the domain 'here': libvirt says: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderFailure.Refused, failure.Failure);
    }

    [Fact]
    public async Task A_call_the_driver_lacks_says_so()
    {
        await using var world = TestLibvirt.Open();
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.Connection.ChangeAsync(
            "add a disk",
            connect =>
            {
                using var domain = connect.DomainByUuid(TestLibvirt.Domain);
                domain.AttachDevice("<disk type='file' device='disk'><source file='/x'/><target dev='vda'/></disk>", Affect.Live);
            },
            Token));

        Assert.True(failure.IsUnsupported());
        Assert.Contains("test driver", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Errors_of_calls_at_once_do_not_mix()
    {
        await using var world = TestLibvirt.Open();
        var failures = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
            await Assert.ThrowsAsync<ProviderException>(() => world.Connection.AskAsync("look", connect => connect.NetworkByName($"nobody-{i}"), Token))));

        Assert.All(failures.Index(), failure => Assert.Contains($"'nobody-{failure.Index}'", failure.Item.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Events_come_in_order_to_who_subscribed_before_acting()
    {
        await using var world = TestLibvirt.Open();
        using var watch = await world.Connection.WatchAsync(Other, Token);
        using var elsewhere = await world.Connection.WatchAsync(TestLibvirt.Domain, Token);
        await world.Connection.ChangeAsync(
            "make a domain come and go",
            connect =>
            {
                using var domain = connect.DefineDomain(TestLibvirt.Xml("box", Other));
                domain.Start();
                domain.PowerOff();
                domain.Undefine();
            },
            Token);

        Assert.True(watch.Delivers);
        var kinds = new List<DomainEventKind>();
        while (kinds.Count < 4)
        {
            kinds.Add((await watch.Events.ReadAsync(Token)).Kind);
        }

        Assert.Equal([DomainEventKind.Defined, DomainEventKind.Started, DomainEventKind.Stopped, DomainEventKind.Undefined], kinds);
        Assert.False(elsewhere.Events.TryRead(out _));
    }

    [Fact]
    public async Task Figures_of_all_domains_come_in_one_call()
    {
        await using var world = TestLibvirt.Open();
        var stats = Assert.Single(await world.Connection.AskAsync("ask", connect => connect.AllStats(DomainStatsGroups.State), Token));

        Assert.Equal((TestLibvirt.Domain, "here"), (stats.Uuid, stats.Name));
        Assert.Equal((int)DomainRunState.Running, stats.Number("state.state"));
    }

    [Fact]
    public async Task Capabilities_are_read_and_parsed_once()
    {
        await using var world = TestLibvirt.Open();
        var capabilities = await world.Connection.CapabilitiesAsync(Token);

        Assert.Same(capabilities, await world.Connection.CapabilitiesAsync(Token));
        Assert.Contains("test", Assert.Single(capabilities.Guests, guest => guest.Arch == "i686" && guest.OsType == "hvm").DomainTypes);
        Assert.Null(await world.Connection.DomainCapabilitiesAsync("i686", "pc", "test", Token));
    }

    [Fact]
    public async Task A_connection_nobody_answers_says_where_and_leaves_nothing()
    {
        Assert.SkipUnless(TestLibvirt.IsInstalled(), "libvirt.so.0 is not installed");
        await using var connection = new LibvirtConnection(LibvirtEndpoint.Of("qemu:///system?socket=/nowhere/libvirt-sock"), TimeProvider.System);
        var failure = await Assert.ThrowsAsync<ProviderException>(() => connection.ChangeAsync("make a pool", connect => connect.HostName(), Token));

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.Contains("there is no libvirtd at qemu:///system?socket=/nowhere/libvirt-sock", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    [Fact]
    public async Task Snapshots_are_made_listed_and_removed()
    {
        await using var world = TestLibvirt.Open();
        var (before, after) = await world.Connection.ChangeAsync(
            "snapshot",
            connect =>
            {
                using var domain = connect.DomainByUuid(TestLibvirt.Domain);
                using var made = domain.CreateSnapshot("<domainsnapshot><name>clean</name></domainsnapshot>");
                using (var all = domain.ListSnapshots())
                {
                    var names = all.Select(one => one.Name()).ToArray();
                    made.RevertTo();
                    made.Delete();
                    return (names, domain.FindSnapshot("clean"));
                }
            },
            Token);

        Assert.Equal(["clean"], before);
        Assert.Null(after);
    }

    [Fact]
    public async Task After_disposal_it_refuses()
    {
        var world = TestLibvirt.Open();
        await world.Connection.AskAsync("look", connect => connect.HostName(), Token);
        await world.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => world.Connection.AskAsync("look", connect => connect.HostName(), Token));
    }
}
