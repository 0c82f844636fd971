using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.IntegrationTests.Libvirt;

/// <summary>Machines on a real libvirtd, under plain emulation: made, changed, broken by hand, repaired, and taken away without a trace.</summary>
public sealed class DomainTests(LibvirtLab lab)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_machine_boots_is_changed_repaired_and_taken_away()
    {
        await using var world = await DomainWorld.OpenAsync(lab, "life", 1);
        var root = (await world.VolumeAsync("root", root: true)).Id;
        var key = Path.Combine(lab.Folder, "life-key");
        (await LabProcess.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key], Token)).Succeeded();
        var seed = await world.CreateAsync("cloudInitDisk:CloudInitDisk", "seed", PropertyMap.Of(
            ("name", "seed.iso"), ("pool", "life"),
            ("__firstBoot", PropertyMap.Of(("format", "script"), ("hostname", "life-box"), ("sshKeys", PropertyValue.ListOf([await File.ReadAllTextAsync(key + ".pub", Token)])),
                ("users", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("name", "ada"), ("password", new PropertyValue.Secret("it's $ecret")))])),
                ("files", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("path", "/etc/it's"), ("content", "$HOME `id`\n"), ("mode", "0600"))])),
                ("commands", PropertyValue.ListOf(["echo it\\'s $(hostname) >/dev/console"]))))));
        var inputs = world.Domain(root, ("cloudinit", seed.Id), ("__shutdownSeconds", 60));
        var made = await world.DomainAsync(inputs);

        // Up, with an address, first boot data taken in, and nothing to change.
        var address = Address(made.Outputs, 0);
        Assert.StartsWith("10.97.1.", address, StringComparison.Ordinal);
        Assert.Contains(world.Texts, text => text.StartsWith("IPv4 on nic0: no lease yet, ", StringComparison.Ordinal));
        Assert.Equal("qemu", (await world.XmlAsync(live: true)).Attribute("type")?.Value);
        Assert.Contains("it's life-box", await LogAsync(world, "it's life-box"), StringComparison.Ordinal);
        await LogAsync(world, "life-box is up after");
        Assert.Equal(
            "life-box\n600 $HOME `id`\nada\n",
            (await lab.RunInsideAsync(
                "ssh", "-i", key, "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", $"root@{address}",
                "hostname; stat -c %a \"/etc/it's\" | tr '\\n' ' '; cat \"/etc/it's\"; id -un ada")).Succeeded());
        var outputs = await world.ReadAsync(made.Id, inputs, made.Outputs) ?? PropertyMap.Empty;
        Assert.Empty(world.Diff(made.Id, inputs, outputs, inputs).Changes);

        // A disk and a NIC more, as it runs.
        var emulator = (await world.XmlAsync(live: true)).Attribute("id")?.Value;
        var data = (await world.VolumeAsync("data", root: false)).Id;
        var more = inputs
            .With("disks", PropertyValue.ListOf([.. Values.Items(inputs["disks"]), PropertyMap.Of(("volumeId", data), ("__serial", "data"))]))
            .With("networkInterfaces", PropertyValue.ListOf([.. Values.Items(inputs["networkInterfaces"]), PropertyMap.Of(("networkName", "life"))]));
        Assert.All(world.Diff(made.Id, inputs, outputs, more).Changes, change => Assert.Equal(ApplyClass.Live, change.Apply));
        outputs = await world.UpdateAsync(made.Id, inputs, outputs, more);
        foreach (var live in new[] { true, false })
        {
            var xml = await world.XmlAsync(live);
            Assert.Equal(["root", "data"], xml.Descendants("disk").Select(disk => disk.Element("serial")?.Value).OfType<string>().Where(serial => !serial.StartsWith("cidata", StringComparison.Ordinal)).OrderDescending());
            Assert.Equal(2, xml.Descendants("interface").Count());
        }

        Assert.Equal(emulator, (await world.XmlAsync(live: true)).Attribute("id")?.Value);
        Assert.Empty(world.Diff(made.Id, more, outputs, more).Changes);

        // More memory, by a restart: it is the same machine, at the same address, with its devices where they were.
        var before = await world.XmlAsync(live: false);
        var larger = more.With("memory", 112);
        Assert.All(world.Diff(made.Id, more, outputs, larger).Changes, change => Assert.Equal(ApplyClass.Restart, change.Apply));
        outputs = await world.UpdateAsync(made.Id, more, outputs, larger);
        var after = await world.XmlAsync(live: true);
        Assert.Equal((112 * 1024).ToString(System.Globalization.CultureInfo.InvariantCulture), after.Element("memory")?.Value);
        Assert.Equal(made.Id, after.Element("uuid")?.Value);
        Assert.Equal(before.Descendants("mac").Select(mac => mac.Attribute("address")?.Value), after.Descendants("mac").Select(mac => mac.Attribute("address")?.Value));
        Assert.Equal(
            before.Descendants("interface").Concat(before.Descendants("disk")).Select(device => device.Element("address")?.ToString()),
            after.Descendants("interface").Concat(after.Descendants("disk")).Select(device => device.Element("address")?.ToString()));
        Assert.Equal(address, Address(outputs, 0));
        Assert.DoesNotContain(world.Texts, text => text.StartsWith("powering off", StringComparison.Ordinal));
        Assert.Empty(world.Diff(made.Id, larger, outputs, larger).Changes);

        // Switched off, paused and undefined by hand: shown with the reason, and repaired.
        await lab.VirshAsync("destroy", world.Name);
        outputs = await RepairAsync(world, made.Id, larger, outputs, "shut off");
        await lab.VirshAsync("suspend", world.Name);
        outputs = await RepairAsync(world, made.Id, larger, outputs, "paused");
        await lab.VirshAsync("undefine", world.Name);
        outputs = await RepairAsync(world, made.Id, larger, outputs, "undefined while it runs");
        Assert.Contains("yes", (await lab.VirshAsync("dominfo", world.Name)).Split('\n').Single(line => line.StartsWith("Persistent", StringComparison.Ordinal)), StringComparison.Ordinal);

        // Gone, by the guest's own shutting down.
        await world.DeleteAsync(made.Id, larger);
        Assert.DoesNotContain(world.Texts, text => text.StartsWith("powering off", StringComparison.Ordinal));
        Assert.DoesNotContain(world.Name, await lab.NamesAsync("list", "--all"));
        Assert.Equal(["data.qcow2", "root.qcow2", "seed.iso"], Directory.GetFiles(world.PoolFolder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Null(await world.ReadAsync(made.Id, larger, outputs));
        await world.DeleteAsync(made.Id, larger);
    }

    [Fact]
    public async Task A_machine_that_does_not_start_leaves_nothing()
    {
        await using var world = await DomainWorld.OpenAsync(lab, "broken", 2);
        var root = (await world.VolumeAsync("root", root: true)).Id;
        await File.WriteAllBytesAsync(root, new byte[4096], Token);
        var inputs = world.Domain(root).With("networkInterfaces", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("networkName", "broken"), ("addresses", PropertyValue.ListOf(["10.97.2.77"])), ("waitForLease", true))]));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(inputs));

        Assert.StartsWith($"Cannot start domain '{world.Name}': libvirt says: ", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.DoesNotContain(world.Name, await lab.NamesAsync("list", "--all"));
        Assert.DoesNotContain("10.97.2.77", await lab.VirshAsync("net-dumpxml", "broken"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kernel_panic_ends_the_wait_and_is_what_the_error_says()
    {
        await using var world = await DomainWorld.OpenAsync(lab, "panic", 3);
        var root = (await world.VolumeAsync("root", root: true)).Id;

        // Without its first file system the kernel finds no root.
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root).Without("initrd")));

        Assert.Contains("its kernel gave up (Kernel panic - not syncing: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("The end of its console:", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderFailure.Refused, failure.Failure);
        Assert.IsType<Remainder.Partial>(failure.Remainder);
    }

    [Fact]
    public async Task The_wait_goes_on_when_libvirtd_is_restarted_and_an_address_that_is_held_is_given()
    {
        // In a lab of its own: whoever is at work in the other would lose the connection. The guest is of the one that stays.
        await DomainWorld.BuildGuestAsync(lab);
        await using var own = new LibvirtLab();
        await using var world = await DomainWorld.OpenAsync(own, "held", 4);
        var root = (await world.VolumeAsync("root", root: true)).Id;
        var inputs = world.Domain(root).With("networkInterfaces", PropertyValue.ListOf(
            [(PropertyValue)PropertyMap.Of(("networkName", "held"), ("addresses", PropertyValue.ListOf(["10.97.4.77"])), ("hostname", "held-box"), ("waitForLease", true))]));
        var making = world.DomainAsync(inputs);
        while (!making.IsCompleted && !world.Texts.Any(text => text.StartsWith("IPv4 on nic0", StringComparison.Ordinal)))
        {
            await Task.WhenAny(making, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Token));
        }

        await own.RestartLibvirtdAsync();
        var made = await making;

        Assert.Equal("10.97.4.77", Address(made.Outputs, 0));
        Assert.Empty(world.Diff(made.Id, inputs, made.Outputs, inputs).Changes);
        await world.DeleteAsync(made.Id, inputs.With("__shutdownSeconds", 0));
        Assert.DoesNotContain("10.97.4.77", await own.VirshAsync("net-dumpxml", "held"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_stands_in_the_way_is_named_and_not_touched()
    {
        await using var world = await DomainWorld.OpenAsync(lab, "clash", 5);
        var root = (await world.VolumeAsync("root", root: true)).Id;
        var foreign = Path.Combine(lab.Folder, "foreign.xml");
        await File.WriteAllTextAsync(
            foreign,
            $"<domain type='qemu'><name>{world.Name}</name><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='q35'>hvm</type></os><devices><interface type='network'><mac address='52:54:00:77:77:77'/><source network='clash'/></interface></devices></domain>",
            Token);
        await lab.VirshAsync("define", foreign);
        try
        {
            var name = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root)));
            Assert.Equal($"Cannot create domain '{world.Name}': there is one of that name, and it is not made by provision.", name.Message);
            var mac = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root).With("name", "other").With(
                "networkInterfaces", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("networkName", "clash"), ("mac", "52:54:00:77:77:77"))]))));
            Assert.Contains($"its MAC address 52:54:00:77:77:77 is that of domain '{world.Name}'", mac.Message, StringComparison.Ordinal);
            Assert.Equal(ProviderFailure.Conflict, mac.Failure);
            var memory = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root).With("name", "large").With("memory", 1 << 26)));
            Assert.Contains("MiB in all", memory.Message, StringComparison.Ordinal);
            var machine = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root).With("name", "old").With("machine", "pc-1998")));
            Assert.Contains("no machine type 'pc-1998'", machine.Message, StringComparison.Ordinal);
            var arch = await Assert.ThrowsAsync<ProviderException>(() => world.DomainAsync(world.Domain(root).With("name", "vax").With("arch", "vax")));
            Assert.Contains("no emulator for the architecture 'vax'", arch.Message, StringComparison.Ordinal);
            Assert.Equal([world.Name], (await lab.NamesAsync("list", "--all")).Where(one => one is "other" or "large" or "old" or "vax" || one == world.Name));
        }
        finally
        {
            await lab.VirshAsync("undefine", world.Name);
        }
    }

    private static async Task<PropertyMap> RepairAsync(DomainWorld world, string id, PropertyMap inputs, PropertyMap outputs, string reason)
    {
        var seen = await world.ReadAsync(id, inputs, outputs) ?? PropertyMap.Empty;
        var diff = world.Diff(id, inputs, seen, inputs);
        Assert.True(diff.HasChanges);
        Assert.False(diff.Replaces);
        Assert.Equal(reason, diff.Reason);
        var repaired = await world.UpdateAsync(id, inputs, seen, inputs);
        Assert.Empty(world.Diff(id, inputs, repaired, inputs).Changes);
        return repaired;
    }

    private static string Address(PropertyMap outputs, int nic) =>
        (Values.Plain(Values.Items(Values.Members(Values.Items(outputs["networkInterfaces"])[nic]).Find("addresses"))[0]) as PropertyValue.String)?.Value ?? "";

    /// <summary>The console so far, as soon as it says what is waited for.</summary>
    private static async Task<string> LogAsync(DomainWorld world, string says)
    {
        var path = Path.Combine(world.PoolFolder, $"{world.Name}.console.log");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, Token);
        while (true)
        {
            var text = await File.ReadAllTextAsync(path, Token);
            if (text.Contains(says, StringComparison.Ordinal))
            {
                return text;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, either.Token);
        }
    }
}
