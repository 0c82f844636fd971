using System.Collections.Immutable;

namespace Provision.Providers.Hosts.Images.Guest;

/// <summary>What makes a machine of a Debian root: a name, addresses, SSH, a shell on the console, and its first boot by cloud-init or by a unit of ours.</summary>
internal static class DebianGuest
{
    private const string CloudInit = "cloud-init";

    // resolved became a package of its own with Debian 12.
    private static readonly ImmutableArray<string> WithResolved = ["jessie", "stretch", "buster", "bullseye"];

    private static readonly ImmutableArray<string> Always =
        ["systemd-sysv", "udev", "dbus", "kmod", "iproute2", "openssh-server", "e2fsprogs"];

    private const string Name = """
        #!/bin/sh
        # The seed disk's name for this machine, before anybody asks for an address under another.
        seed=$(blkid -L cidata || blkid -L CIDATA) || exit 0
        mkdir -p /run/provision/seed
        mount -o ro "$seed" /run/provision/seed || { echo "the seed disk $seed cannot be mounted" >&2; exit 1; }
        name=$(sed -n 's/^"\{0,1\}local-hostname"\{0,1\} *: *//p' /run/provision/seed/meta-data | tr -d "\"'\r")
        [ -n "$name" ] || exit 0
        echo "$name" >/etc/hostname
        hostname -F /etc/hostname
        printf '127.0.0.1 localhost\n127.0.1.1 %s\n::1 localhost\n' "$name" >/etc/hosts

        """;

    private const string FirstBoot = """
        #!/bin/sh
        # Host keys of this machine's own, and the seed's script at every boot.
        export HOME=/root
        [ -f /etc/ssh/ssh_host_ed25519_key ] || ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key
        data=/run/provision/seed/user-data
        [ -f "$data" ] || exit 0
        # A script may want the network; an interface without a lease holds it up no longer than this.
        tries=0
        while [ "$tries" -lt 50 ] && [ -z "$(ip -o address show scope global)" ] && [ -n "$(ls /sys/class/net | grep -v '^lo$')" ]; do
          sleep 0.1
          tries=$((tries + 1))
        done
        if [ "$(head -c 2 "$data")" = '#!' ]; then
          install -m 0700 "$data" /run/provision/user-data
          exec /run/provision/user-data
        elif [ -s "$data" ]; then
          echo "provision: the seed's user data was not run: this guest runs scripts (#!); for cloud-config its image needs the package cloud-init" >&2
          exit 1
        fi

        """;

    private const string MountDisk = """
        #!/bin/sh
        # mount-data SERIAL PATH: mounts the data disk of that serial number there; a blank one gets a file system first.
        [ "$#" = 2 ] || { echo 'mount-data SERIAL PATH' >&2; exit 2; }
        stop() { echo "provision: $1" >&2; exit 1; }
        tries=0 disk=
        while [ -z "$disk" ]; do
          for file in /sys/block/vd*/serial; do
            serial=
            read -r serial <"$file"
            if [ "$serial" = "$1" ]; then file=${file%/serial}; disk=/dev/${file##*/}; fi
          done 2>/dev/null
          [ "$tries" -lt 30 ] || stop "there is no disk with the serial number '$1' for $2"
          tries=$((tries + 1))
          [ -n "$disk" ] || sleep 0.1
        done
        mountpoint -q "$2" && exit 0
        mkdir -p "$2"
        if ! mount "$disk" "$2" 2>/dev/null; then
          # Only what holds nothing at all is formatted.
          [ "$(head -c 1048576 "$disk" | tr -d '\000' | wc -c)" = 0 ] || stop "the disk '$1' holds something that cannot be mounted on $2; it is left as it is"
          mkfs.ext4 -q -m 0 -F "$disk" || stop "the disk '$1' could not be formatted for $2"
          mount "$disk" "$2" || stop "the disk '$1' cannot be mounted on $2"
        fi
        resize2fs "$disk" >/dev/null 2>&1 || :

        """;

    private static readonly ImmutableArray<GuestFile> Common =
    [
        new("etc/fstab", "LABEL=root / ext4 rw,x-systemd.growfs 0 0\n", false),
        new("etc/hosts", "127.0.0.1 localhost\n::1 localhost\n", false),
        new("etc/hostname", "debian\n", false),
        new("etc/systemd/network/80-provision.network", """
            [Match]
            Type=ether

            [Network]
            DHCP=yes

            [DHCPv4]
            ClientIdentifier=mac

            """, false),
        // A second interface may be on a network that gives no addresses: nobody would come to it.
        new("etc/systemd/system/systemd-networkd-wait-online.service.d/provision.conf", """
            [Service]
            ExecStart=
            ExecStart=/lib/systemd/systemd-networkd-wait-online --any

            """, false),
        new("etc/systemd/system/serial-getty@.service.d/provision.conf", """
            [Service]
            ExecStart=
            ExecStart=-/sbin/agetty --autologin root --keep-baud 115200,57600,38400,9600 - $TERM

            """, false),
        new("usr/sbin/mount-data", MountDisk, true),
    ];

    private static readonly ImmutableArray<GuestFile> OwnFirstBoot =
    [
        new("usr/lib/provision/name", Name, true),
        new("usr/lib/provision/first-boot", FirstBoot, true),
        new("etc/systemd/system/provision-name.service", """
            [Unit]
            Description=This machine's name, from its seed disk
            DefaultDependencies=no
            After=local-fs.target systemd-udevd.service
            Before=systemd-networkd.service network-pre.target sysinit.target shutdown.target
            Wants=network-pre.target
            Conflicts=shutdown.target

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            ExecStart=/usr/lib/provision/name
            StandardError=journal+console

            [Install]
            WantedBy=sysinit.target

            """, false),
        new("etc/systemd/system/provision-first-boot.service", """
            [Unit]
            Description=What the seed disk says is to be done at boot
            After=systemd-networkd.service systemd-resolved.service
            Before=ssh.service

            [Service]
            Type=oneshot
            RemainAfterExit=yes
            TimeoutStartSec=infinity
            ExecStart=/usr/lib/provision/first-boot
            StandardOutput=journal+console
            StandardError=journal+console

            [Install]
            WantedBy=multi-user.target

            """, false),
    ];

    private static readonly ImmutableArray<GuestFile> ForCloudInit =
    [
        new("etc/cloud/cloud.cfg.d/90_provision.cfg", """
            datasource_list: [NoCloud, None]
            ssh_genkeytypes: [ed25519, ecdsa]
            # The image has no other than C.UTF-8.
            locale: false
            system_info:
              network:
                renderers: [networkd]

            """, false),
    ];

    /// <summary>Whether its first boot takes cloud-config; a script otherwise.</summary>
    public static bool UsesCloudInit(ImmutableArray<string> packages) => packages.Contains(CloudInit);

    public static IEnumerable<GuestFile> Files(ImmutableArray<string> packages) => Common.Concat(UsesCloudInit(packages) ? ForCloudInit : OwnFirstBoot);

    /// <summary>All packages to install, for a release.</summary>
    public static ImmutableArray<string> Packages(string suite, ImmutableArray<string> asked) =>
        [.. Always.Concat(WithResolved.Contains(suite) ? [] : ["systemd-resolved"]).Concat(asked).Distinct(StringComparer.Ordinal)];

    /// <summary>Units to switch on.</summary>
    public static ImmutableArray<string> Units(ImmutableArray<string> packages) =>
        ["systemd-networkd", "systemd-resolved", "ssh", .. UsesCloudInit(packages) ? [] : (string[])["provision-name", "provision-first-boot"]];
}
