using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>What a change of a domain means: live, restart or replace, and why.</summary>
public sealed class DomainDiffTests
{
    /// <summary>Two values of each input; the second is wanted where the first is.</summary>
    private static readonly Dictionary<string, (PropertyValue Old, PropertyValue New, string Class)> Changes = new()
    {
        ["arch"] = ("x86_64", "aarch64", "replace"),
        ["autostart"] = (false, true, "live"),
        ["bootDevices"] = (Boot("hd"), Boot("network"), "restart"),
        ["cloudinit"] = (Domains.Seed, Domains.Seed.Replace("0190a3f0", "0190a3f1", StringComparison.Ordinal), "restart"),
        ["cmdlines"] = (Words("a"), Words("b"), "restart"),
        ["consoles"] = (Console("1"), Console("2"), "restart"),
        ["coreosIgnition"] = ("/p/a;0190a3f0-1111-8222-8333-444455556666", "/p/b;0190a3f0-1111-8222-8333-444455556666", "restart"),
        ["cpu"] = (PropertyMap.Of(("mode", "maximum")), PropertyMap.Of(("mode", "host-model")), "restart"),
        ["description"] = ("one", "other", "live"),
        ["disks"] = (Disks(Domains.Root), Disks("/p/other"), "replace"),
        ["emulator"] = ("/usr/bin/a", "/usr/bin/b", "restart"),
        ["filesystems"] = (Shared("/a"), Shared("/b"), "restart"),
        ["firmware"] = ("/usr/share/a.fd", "/usr/share/b.fd", "replace"),
        ["fwCfgName"] = ("opt/a", "opt/b", "restart"),
        ["graphics"] = (PropertyMap.Of(("type", "vnc")), PropertyMap.Of(("type", "spice")), "restart"),
        ["initrd"] = ("/a", "/b", "restart"),
        ["kernel"] = ("/a", "/b", "restart"),
        ["machine"] = ("q35", "pc", "restart"),
        ["memory"] = (96, 128, "restart"),
        ["metadata"] = ("<a xmlns='urn:a'/>", "<b xmlns='urn:a'/>", "live"),
        ["name"] = ("dev-box", "dev-bix", "replace"),
        ["networkInterfaces"] = (Nics("a"), Nics("b"), "restart"),
        ["nvram"] = (PropertyMap.Of(("file", "/a")), PropertyMap.Of(("file", "/b")), "replace"),
        ["qemuAgent"] = (false, true, "live"),
        ["running"] = (true, false, "restart"),
        ["tpm"] = (PropertyMap.Of(("backendType", "emulator")), PropertyMap.Of(("backendType", "passthrough")), "restart"),
        ["type"] = ("qemu", "kvm", "restart"),
        ["vcpu"] = (1, 2, "restart"),
        ["video"] = (PropertyMap.Of(("type", "vga")), PropertyMap.Of(("type", "virtio")), "restart"),
        ["xml"] = (PropertyMap.Of(("xslt", Sheet("1"))), PropertyMap.Of(("xslt", Sheet("2"))), "restart"),
    };

    public static TheoryData<string> Inputs => [.. DomainTable.Table.Top.Select(row => row.Name)];

    [Fact]
    public void What_was_made_is_what_is_wanted()
    {
        Assert.Empty(Domains.Classes(Domains.Diff(Domains.Inputs, Domains.Inputs)));
        Assert.Null(Domains.Diff(Domains.Inputs, Domains.Inputs).Reason);
    }

    [Theory]
    [MemberData(nameof(Inputs))]
    public void Every_input_that_stays_is_no_change_and_every_other_is_one_of_its_class(string name)
    {
        var (old, wanted, apply) = Changes[name];
        var before = Base(name).With(name, old);
        var outputs = Domains.Outputs(before).With(name, Domains.Outputs(before)[name] is PropertyValue.Null ? old : Domains.Outputs(before)[name]);

        Assert.Empty(Domains.Classes(Domains.Diff(before, before, outputs: outputs)));
        var changes = Domains.Diff(before, before.With(name, wanted), outputs: outputs).Changes;
        Assert.NotEmpty(changes);
        Assert.Equal(apply, changes.Max(change => change.Apply).ToString().ToLowerInvariant());
        Assert.All(changes, change => Assert.Equal(name, change.Path.Top));
    }

    [Fact]
    public void An_added_disk_and_an_added_nic_are_live()
    {
        var wanted = Domains.Inputs
            .With("disks", PropertyValue.ListOf([.. Values.Items(Domains.Inputs["disks"]), PropertyMap.Of(("volumeId", "/p/more"), ("__serial", "more"))]))
            .With("networkInterfaces", PropertyValue.ListOf([.. Values.Items(Domains.Inputs["networkInterfaces"]), PropertyMap.Of(("networkName", "other"), ("mac", "52:54:00:aa:bb:02"))]));

        Assert.Equal(["disks[2] live", "networkinterfaces[1] live"], Domains.Classes(Domains.Diff(Domains.Inputs, wanted)));
    }

    [Fact]
    public void An_added_disk_whose_volume_is_yet_to_be_made_is_live_too()
    {
        var wanted = Domains.Inputs
            .With("disks", PropertyValue.ListOf([.. Values.Items(Domains.Inputs["disks"]), PropertyMap.Of(("volumeId", PropertyValue.Unknown.Value), ("__serial", "more"))]))
            .With("networkInterfaces", PropertyValue.ListOf(
                [.. Values.Items(Domains.Inputs["networkInterfaces"]), PropertyMap.Of(("networkName", PropertyValue.Unknown.Value), ("mac", "52:54:00:aa:bb:02"))]));

        Assert.Equal(["disks[2] live", "networkinterfaces[1] live"], Domains.Classes(Domains.Diff(Domains.Inputs, wanted)));
    }

    [Fact]
    public void A_volume_or_network_that_is_made_anew_takes_the_machine_away_first()
    {
        var disk = Domains.Inputs.With("disks", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("volumeId", Domains.Root), ("__serial", "root")), PropertyMap.Of(("volumeId", PropertyValue.Unknown.Value), ("__serial", "data"))]));
        var net = Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", PropertyValue.Unknown.Value), ("mac", Domains.Mac))]));

        Assert.Equal(["disks[1] replace"], Domains.Classes(Domains.Diff(Domains.Inputs, disk)));
        Assert.Equal("disk 'data' is made anew", Domains.Diff(Domains.Inputs, disk).Reason);
        Assert.Contains("networkinterfaces[0] replace", Domains.Classes(Domains.Diff(Domains.Inputs, net)));
        Assert.Equal("its network is made anew; disks stay", Domains.Diff(Domains.Inputs, net).Reason);
    }

    [Fact]
    public void A_disk_taken_out_needs_a_restart_and_its_neighbours_stay()
    {
        var wanted = Domains.Inputs.With("disks", Disks(Domains.Root, "root"));

        var diff = Domains.Diff(Domains.Inputs, wanted);

        Assert.Equal(["disks[1] restart"], Domains.Classes(diff));
        Assert.Equal("disk 'data' is taken out", diff.Reason);
    }

    [Fact]
    public void Trap_10_nics_are_known_by_their_mac_and_not_by_their_place()
    {
        PropertyMap one = PropertyMap.Of(("networkName", "a"), ("mac", "52:54:00:00:00:01")), other = PropertyMap.Of(("networkName", "b"), ("mac", "52:54:00:00:00:02"));
        var before = Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)one, other]));

        Assert.Empty(Domains.Classes(Domains.Diff(before, before.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)other, one.With("mac", "52:54:00:00:00:01")])))));
        Assert.Equal(["networkinterfaces[0] restart"], Domains.Classes(Domains.Diff(before, before.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)other])))));
    }

    [Fact]
    public void Upper_case_macs_are_the_same_and_derived_ones_stay()
    {
        var unset = Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "a"))]));

        Assert.Empty(Domains.Classes(Domains.Diff(Domains.Inputs, Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("networkName", "dev-net"), ("mac", Domains.Mac.ToUpperInvariant()), ("waitForLease", true))])))));
        Assert.Empty(Domains.Classes(Domains.Diff(unset, unset)));
    }

    [Theory]
    [InlineData("shut off", "running restart", "shut off")]
    [InlineData("crashed", "running restart", "crashed")]
    [InlineData("paused", "__power live", "paused")]
    [InlineData("running", null, null)]
    [InlineData("blocked", null, null)]
    public void What_a_person_did_by_hand_is_shown(string state, string? change, string? reason)
    {
        var diff = Domains.Diff(Domains.Inputs, Domains.Inputs, new DomainSight { State = state, Autostart = false });

        Assert.Equal(change is null ? [] : [change], Domains.Classes(diff));
        Assert.Equal(reason, diff.Reason);
    }

    [Fact]
    public void A_machine_that_was_undefined_while_it_runs_is_shown()
    {
        var diff = Domains.Diff(Domains.Inputs, Domains.Inputs, new DomainSight { State = "running", Persistent = false });

        Assert.Equal(["__persistent live"], Domains.Classes(diff));
        Assert.Equal("undefined while it runs", diff.Reason);
    }

    [Fact]
    public void A_machine_that_shall_be_off_or_paused_may_be()
    {
        var off = Domains.Inputs.With("running", false);
        var paused = Domains.Inputs.With("__power", "paused");

        Assert.Empty(Domains.Classes(Domains.Diff(off, off, new DomainSight { State = "shut off", Autostart = false })));
        Assert.Equal(["running restart"], Domains.Classes(Domains.Diff(off, off)));
        Assert.Empty(Domains.Classes(Domains.Diff(paused, paused, new DomainSight { State = "paused", Autostart = false })));
        Assert.Equal(["__power live"], Domains.Classes(Domains.Diff(paused, paused)));
    }

    [Fact]
    public void A_reservation_that_somebody_took_away_is_put_back_and_another_one_needs_a_restart()
    {
        PropertyMap With(string address) => Domains.Inputs.With("networkInterfaces", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("networkName", "dev-net"), ("mac", Domains.Mac), ("addresses", PropertyValue.ListOf([address])))]));
        var sight = Domains.Running with { Reserved = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(Domains.Mac, ["10.0.0.5"]) };

        Assert.Empty(Domains.Classes(Domains.Diff(With("10.0.0.5"), With("10.0.0.5"), sight)));
        Assert.Equal(["networkinterfaces[0].addresses restart"], Domains.Classes(Domains.Diff(With("10.0.0.5"), With("10.0.0.6"), sight)));
        Assert.Equal(
            ["networkinterfaces[0].addresses live"],
            Domains.Classes(Domains.Diff(With("10.0.0.5"), With("10.0.0.5"), Domains.Running with { Reserved = ImmutableDictionary<string, ImmutableArray<string>>.Empty })));
    }

    [Theory]
    [InlineData("__user", "live")]
    [InlineData("__image", "live")]
    [InlineData("__shutdownSeconds", "live")]
    [InlineData("__ready", "live")]
    [InlineData("__stamp", "live")]
    [InlineData("__firmware", "replace")]
    public void Our_own_inputs_are_compared_with_what_was_asked_last(string name, string apply) =>
        Assert.Equal([$"{name} {apply}".ToLowerInvariant()], Domains.Classes(Domains.Diff(Domains.Inputs, Domains.Inputs.With(name, "efi"))));

    [Fact]
    public void What_a_driver_cannot_plug_in_needs_a_restart()
    {
        var wanted = Domains.Inputs.With("disks", PropertyValue.ListOf([.. Values.Items(Domains.Inputs["disks"]), PropertyMap.Of(("volumeId", "/p/more"))]));

        var diff = DomainDiff.Compare(new DiffRequest(Domains.Urn, "id", Domains.Inputs, Domains.Outputs(Domains.Inputs), wanted), hotPlugs: false);

        Assert.Equal(["disks[2] restart"], Domains.Classes(diff));
    }

    [Fact]
    public void Trap_15_what_libvirt_fills_in_is_no_change()
    {
        var few = PropertyMap.Of(("name", "dev-box"), ("type", "qemu"));

        Assert.Empty(Domains.Classes(Domains.Diff(few, few, Domains.Running with { Autostart = true })));
    }

    private static PropertyMap Base(string name) => name switch
    {
        "fwCfgName" => Domains.Inputs.With("coreosIgnition", "/p/a"),
        "disks" or "networkInterfaces" => Domains.Inputs,
        _ => Domains.Inputs,
    };

    private static PropertyValue Boot(string device) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("devs", PropertyValue.ListOf([device])))]);

    private static PropertyValue Words(string word) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("_", word))]);

    private static PropertyValue Console(string port) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("type", "pty"), ("targetType", "virtio"), ("targetPort", port))]);

    private static PropertyValue Disks(string path, string? serial = null) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("volumeId", path), ("__serial", serial))]);

    private static PropertyValue Shared(string path) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("source", path), ("target", "t"))]);

    private static PropertyValue Nics(string network) => PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", network), ("mac", Domains.Mac))]);

    private static string Sheet(string vcpus) =>
        $"<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template><xsl:template match='vcpu/@n{vcpus}'/></xsl:stylesheet>";
}
