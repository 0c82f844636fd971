using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Provision.Providers.Hosts.Images.Guest;
using Xunit;

namespace Provision.Tests.Providers.Hosts.Images;

public sealed class TinyGuestTests
{
    [Fact]
    public void A_machine_runs_what_the_container_of_the_same_root_would()
    {
        ImmutableArray<string> Command(params Property[] inputs) =>
            TinyCommand.Of(RootFileSystemArchive.Dockerfile(RootFileSystemInputs.Read(PropertyMap.Of(inputs))));

        Assert.Equal(["httpd", "-f", "it's \"a\"\n$HOME"], Command(("command", PropertyValue.ListOf(["httpd", "-f", "it's \"a\"\n$HOME"]))));
        Assert.Equal(["/bin/app", "-v"], Command(("entrypoint", PropertyValue.ListOf(["/bin/app"])), ("command", PropertyValue.ListOf(["-v"]))));
        Assert.Equal(["/bin/app"], Command(("entrypoint", PropertyValue.ListOf(["/bin/app"]))));
        Assert.Empty(Command());
    }

    [Fact]
    public void Words_of_a_command_are_words_whatever_is_in_them()
    {
        Assert.Equal("'it'\\''s'", GuestFile.Quote("it's"));
        var script = TinyGuest.Files(["echo", "a b", "$(reboot)"]).Single(file => file.Path == "etc/provision/command").Content;

        Assert.Contains("\n'echo' 'a b' '$(reboot)' </dev/null >/dev/console 2>&1\n", script, StringComparison.Ordinal);
        Assert.StartsWith("#!/bin/sh\n", script, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_command_nothing_is_respawned_but_the_shell()
    {
        var table = TinyGuest.Files([]).Single(file => file.Path == "etc/inittab").Content;

        Assert.DoesNotContain("command", table, StringComparison.Ordinal);
        Assert.Contains("::respawn:/etc/provision/shell\n", table, StringComparison.Ordinal);
        Assert.EndsWith("::respawn:/etc/provision/command\n", TinyGuest.Files(["a"])[0].Content, StringComparison.Ordinal);
    }

    [Fact]
    public void A_debian_with_cloud_init_leaves_the_first_boot_to_it()
    {
        Assert.True(DebianGuest.UsesCloudInit(["cloud-init"]));
        Assert.Contains(DebianGuest.Files([]), file => file.Path == "usr/lib/provision/first-boot");
        Assert.DoesNotContain(DebianGuest.Files(["cloud-init"]), file => file.Path.StartsWith("usr/lib/provision/", StringComparison.Ordinal));
        Assert.Equal(["systemd-networkd", "systemd-resolved", "ssh"], DebianGuest.Units(["cloud-init"]));
        Assert.DoesNotContain("systemd-resolved", DebianGuest.Packages("bullseye", []));
        Assert.Equal("docker.io", DebianGuest.Packages("bookworm", ["docker.io", "udev"])[^1]);
    }
}
