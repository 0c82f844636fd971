using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Schema;
using Provision.Tests.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>Domains on libvirt's test driver, driven as the engine drives them.</summary>
public sealed class DomainResourceTests
{
    private static readonly PropertyMap Inputs = PropertyMap.Of(
        ("name", "box"), ("memory", 64), ("description", "one"),
        ("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "lan"), ("waitForLease", true))])));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_made_read_changed_and_removed()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);

        var made = await kind.CreateAsync(Inputs);
        Assert.Equal(LibvirtStamp.Of(Inputs, kind.Urn).UuidText(), made.Id);
        Assert.Equal("test", made.Inputs["type"].ToString());
        Assert.StartsWith("192.0.2.", Text(Values.Items(Nic(made.Outputs)["addresses"])[0]), StringComparison.Ordinal);
        Assert.Empty(Kind.Said(kind.Diff(made, Inputs)));
        Assert.Equal(made, await kind.ReadAsync(made));

        var changed = await kind.UpdateAsync(made, Inputs.With("memory", 96).With("description", "other").With("autostart", true));
        Assert.Equal((96.0, "other", true), (Number(changed.Outputs["memory"]), Text(changed.Outputs["description"]), new InputReader(changed.Outputs).Flag("autostart")));
        Assert.Equal((made.Id, true), (changed.Id, new InputReader(changed.Outputs).Flag("running")));
        Assert.Empty(Kind.Said(kind.Diff(changed, changed.Inputs)));

        await kind.DeleteAsync(changed);
        Assert.Null(await kind.ReadAsync(changed));
        await kind.DeleteAsync(changed);
    }

    [Fact]
    public async Task What_a_person_does_by_hand_is_shown_and_put_back()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);
        var made = await kind.CreateAsync(Inputs);

        foreach (var (act, path, reason) in new (Action<DomainHandle>, string, string)[]
        {
            (domain => domain.PowerOff(), "running", "shut off"),
            (domain => domain.Suspend(), "__power", "paused"),
        })
        {
            await world.Connection.ChangeAsync("act by hand", connect =>
            {
                using var domain = connect.DomainByUuid(made.Id);
                act(domain);
            }, Token);
            var seen = await kind.ReadAsync(made) ?? throw new InvalidOperationException("gone");
            var diff = kind.Diff(seen, Inputs);
            Assert.Equal((path, reason), (Assert.Single(Kind.Said(diff)).Item1, diff.Reason));
            var repaired = await kind.UpdateAsync(seen, Inputs);
            Assert.Empty(Kind.Said(kind.Diff(repaired, Inputs)));
        }
    }

    [Fact]
    public async Task What_an_interrupted_run_left_is_found_by_uuid_and_stamp_and_taken_over()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);
        Assert.Null(await kind.FindAsync(Inputs));
        var made = await kind.CreateAsync(Inputs);

        var found = await kind.FindAsync(Inputs);
        Assert.Equal((made.Id, true), (found?.Id, found?.Complete));
        await world.Connection.ChangeAsync("power off", connect =>
        {
            using var domain = connect.DomainByUuid(made.Id);
            domain.PowerOff();
        }, Token);
        Assert.False((await kind.FindAsync(Inputs))?.Complete);
        Assert.Equal(made.Id, (await kind.CreateAsync(Inputs)).Id);
    }

    [Fact]
    public async Task A_domain_that_is_not_ours_is_named_and_not_touched()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);

        var failure = await Assert.ThrowsAsync<ProviderException>(() => kind.CreateAsync(Inputs.With("name", "here")));

        Assert.Equal("Cannot create domain 'here': there is one of that name, and it is not made by provision.", failure.Message);
        Assert.Equal(ProviderFailure.Conflict, failure.Failure);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.Equal(["here"], await NamesAsync(world));
    }

    [Fact]
    public async Task One_that_shall_be_off_is_only_defined()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);

        var made = await kind.CreateAsync(Inputs.With("running", false));

        Assert.False(new InputReader(made.Outputs).Flag("running"));
        Assert.Empty(Kind.Said(kind.Diff(made, Inputs.With("running", false))));
        Assert.Equal([("running", ApplyClass.Restart)], Kind.Said(kind.Diff(made, Inputs)));
    }

    [Fact]
    public async Task An_address_is_held_by_the_network_and_let_go_again()
    {
        await using var world = TestLibvirt.Open();
        var kind = KindOn(world.Connection);
        var held = Inputs.With("networkInterfaces", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("networkName", "lan"), ("mac", "52:54:00:00:00:07"), ("addresses", PropertyValue.ListOf(["192.0.2.77"])), ("hostname", "box"))]));
        var made = await kind.CreateAsync(held);
        Assert.Contains("192.0.2.77", await NetworkAsync(world), StringComparison.Ordinal);
        Assert.Empty(Kind.Said(kind.Diff(await kind.ReadAsync(made) ?? made, held)));

        var taken = await Assert.ThrowsAsync<ProviderException>(() => kind.Named("other").CreateAsync(held.With("name", "other").With(
            "networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "lan"), ("addresses", PropertyValue.ListOf(["192.0.2.77"])))]))));
        Assert.Equal("Cannot hold 192.0.2.77 for domain 'other': network 'lan' holds it for box.", taken.Message);
        Assert.Equal(["box", "here"], await NamesAsync(world));

        await kind.DeleteAsync(made);
        Assert.DoesNotContain("192.0.2.77", await NetworkAsync(world), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_are_read_at_once_in_the_order_of_the_requests()
    {
        await using var world = TestLibvirt.Open();
        var made = new List<(Kind Kind, Made Made)>();
        for (var i = 0; i < 40; i++)
        {
            var kind = KindOn(world.Connection).Named($"box-{i}");
            made.Add((kind, await kind.CreateAsync(PropertyMap.Of(("name", $"box-{i}")))));
        }

        await made[7].Kind.DeleteAsync(made[7].Made);
        var resource = Resource();
        var answers = await resource.ReadAsync(
            world.Connection, [.. made.Select(one => new ReadRequest(one.Kind.Urn, one.Made.Id, one.Made.Inputs, one.Made.Outputs))], Token);

        Assert.Equal(
            made.Select((one, i) => i == 7 ? null : $"box-{i}"),
            answers.Select(answer => answer is ReadResponse.Found found ? Text(found.Outputs["name"]) : null));
    }

    [Fact]
    public async Task One_that_is_imported_has_inputs_that_would_make_it()
    {
        await using var world = TestLibvirt.Open();

        var found = await KindOn(world.Connection).ImportAsync(TestLibvirt.Domain);

        Assert.Equal(("here", "test", 8.0), (Text(found.Inputs?["name"]), Text(found.Inputs?["type"]), Number(found.Inputs?["memory"])));
    }

    private static DomainResource Resource() => new(TimeProvider.System, new HostVirtualization(false, "none here"), new DirectDial());

    private static Kind KindOn(LibvirtConnection connection) => new(Resource(), connection);

    private static PropertyMap Nic(PropertyMap outputs) => Values.Members(Values.Items(outputs["networkInterfaces"])[0]);

    private static string Text(PropertyValue? value) => (Values.Plain(value) as PropertyValue.String)?.Value ?? "";

    private static double Number(PropertyValue? value) => (Values.Plain(value) as PropertyValue.Number)?.Value ?? 0;

    private static Task<ImmutableArray<string>> NamesAsync(TestLibvirt world) => world.Connection.AskAsync(
        "list",
        connect =>
        {
            using var domains = connect.ListDomains();
            return domains.Select(domain => domain.Name()).Order(StringComparer.Ordinal).ToImmutableArray();
        },
        Token);

    private static Task<string> NetworkAsync(TestLibvirt world) => world.Connection.AskAsync(
        "look",
        connect =>
        {
            using var network = connect.NetworkByName("lan");
            return network.Xml(inactive: false);
        },
        Token);
}
