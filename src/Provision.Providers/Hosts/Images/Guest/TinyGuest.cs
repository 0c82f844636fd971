using System.Collections.Immutable;

namespace Provision.Providers.Hosts.Images.Guest;

/// <summary>
/// What makes a machine of a tiny root file system: busybox's init with scripts of ours, which give it a name, addresses, SSH, a shell on
/// the console, and a power button; and which run the seed's script at every boot.
/// </summary>
internal static class TinyGuest
{
    /// <summary>Programs that are copied in with their libraries, with the package they are fetched from where the host has none.</summary>
    public static readonly ImmutableArray<(string Program, string Package)> Programs =
        [("dropbear", "dropbear-bin"), ("mke2fs", "e2fsprogs"), ("resize2fs", "e2fsprogs")];

    private const string Common = """
        #!/bin/sh
        export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root
        say() { echo "provision: $*" >/dev/console; }

        """;

    // 1 file systems, 2 the disk's growth, 3 name and seed, 4 addresses, 5 the seed's script, 6 SSH and the power button.
    private const string Boot = Common + """
        mkdir -p /dev/pts /dev/shm /run /tmp # 1
        mount -t devpts -o mode=620,gid=5 devpts /dev/pts
        mount -t tmpfs -o mode=755 run /run
        mount -t tmpfs -o mode=1777 shm /dev/shm
        ln -sf /proc/self/fd /dev/fd
        ln -sf /proc/mounts /etc/mtab
        /etc/provision/grow / # 2
        mkdir /run/seed # 3
        seed=$(findfs LABEL=cidata 2>/dev/null) || seed=$(findfs LABEL=CIDATA 2>/dev/null) || seed=
        if [ -n "$seed" ] && ! mount -o ro -t iso9660 "$seed" /run/seed 2>/dev/null && ! mount -o ro "$seed" /run/seed 2>/dev/null; then
          say "the seed disk $seed cannot be mounted"
        fi
        name=$(sed -n 's/^"\{0,1\}local-hostname"\{0,1\} *: *//p' /run/seed/meta-data 2>/dev/null | tr -d "\"'\r")
        if [ -n "$name" ]; then echo "$name" >/etc/hostname; fi
        if [ -s /etc/hostname ]; then hostname -F /etc/hostname; else hostname tiny; fi
        [ -e /etc/hosts ] || printf '127.0.0.1 localhost\n::1 localhost\n' >/etc/hosts
        ip link set lo up # 4
        uevent /etc/provision/hotplug >/dev/null 2>&1 &
        links=
        for link in /sys/class/net/*; do
          [ "${link##*/}" = lo ] || links="$links ${link##*/}"
        done
        for link in $links; do /etc/provision/net "$link" & done
        # A script may want the network; an interface without a lease holds it up no longer than this.
        tries=0
        while [ -n "$links" ] && [ "$tries" -lt 60 ] && ! [ -e /run/net/ready ]; do usleep 50000; tries=$((tries + 1)); done
        if [ -f /run/seed/user-data ]; then # 5
          if [ "$(head -c 2 /run/seed/user-data)" = '#!' ]; then
            cp /run/seed/user-data /run/user-data
            chmod 0700 /run/user-data
            /run/user-data </dev/null >/dev/console 2>&1 || say "the first-boot script ended with exit code $?"
          elif [ -s /run/seed/user-data ]; then
            say "the seed's user data was not run: this guest runs scripts (#!), and no cloud-config"
          fi
        fi
        mkdir -p /etc/dropbear # 6
        dropbear -R -s -p 22 || say 'the SSH server does not start'
        acpid -d -c /etc/provision/acpi -l /dev/null >/dev/null 2>&1 &
        read -r up rest </proc/uptime
        say "$(hostname) is up after $up s"

        """;

    // The seed may be replaced and the disks may be others at the next boot, so nothing is remembered but the size.
    private const string Grow = Common + """
        # grow MOUNTPOINT: makes the file system as large as its disk.
        device=$(awk -v at="$1" '$2 == at { device = $1 } END { print device }' /proc/mounts)
        [ -b "$device" ] || exit 0
        read -r sectors <"/sys/class/block/${device##*/}/size"
        mark=$(echo "$1" | tr / -)
        if [ "$(cat "/etc/provision/size$mark" 2>/dev/null)" != "$sectors" ]; then
          if resize2fs "$device" >/run/grow 2>&1; then
            echo "$sectors" >"/etc/provision/size$mark"
          else
            say "$1 could not be made as large as its disk: $(tail -n 1 /run/grow)"
          fi
        fi

        """;

    private const string Net = Common + """
        # net INTERFACE: an address for it, once.
        [ "$1" != lo ] && [ -d "/sys/class/net/$1" ] && mkdir -p /run/net && mkdir "/run/net/$1" 2>/dev/null || exit 0
        ip link set "$1" up
        exec udhcpc -f -R -i "$1" -s /etc/provision/lease -p "/run/net/$1/pid" -x "hostname:$(hostname)" -t 5 -T 1 -A 2 -S >/dev/null 2>&1 </dev/null

        """;

    private const string Lease = Common + """
        # Called by udhcpc with what the server said in variables.
        read -r index <"/sys/class/net/$interface/ifindex"
        case $1 in
          deconfig)
            [ -n "$(cat "/run/net/$interface/address" 2>/dev/null)" ] || exit 0
            ip addr del "$(cat "/run/net/$interface/address")" dev "$interface" 2>/dev/null
            rm -f "/run/net/$interface/address" "/run/net/$interface/resolv"
            ;;
          bound | renew)
            address=$ip/${mask:-24}
            old=$(cat "/run/net/$interface/address" 2>/dev/null)
            if [ "$old" != "$address" ]; then
              [ -z "$old" ] || ip addr del "$old" dev "$interface" 2>/dev/null
              ip addr replace "$address" broadcast + dev "$interface"
              echo "$address" >"/run/net/$interface/address"
              say "$interface has $address"
            fi
            # The first interface's way out goes before the others'.
            for gateway in $router; do ip route replace default via "$gateway" dev "$interface" metric $((100 + index)); break; done
            {
              [ -z "$domain" ] || echo "search $domain"
              for server in $dns; do echo "nameserver $server"; done
            } >"/run/net/$interface/resolv"
            ;;
          *) exit 0 ;;
        esac
        cat /run/net/*/resolv 2>/dev/null >/run/net/resolv.conf
        cat /run/net/resolv.conf >/etc/resolv.conf
        [ "$1" = deconfig ] || : >/run/net/ready

        """;

    private const string Hotplug = Common + """
        # Called for each event of the kernel, with its words in variables.
        case $ACTION-$SUBSYSTEM in
          add-net) /etc/provision/net "$INTERFACE" >/dev/null 2>&1 & ;;
          remove-net)
            kill "$(cat "/run/net/$INTERFACE/pid" 2>/dev/null)" 2>/dev/null
            rm -rf "/run/net/$INTERFACE"
            ;;
          change-block)
            [ "$RESIZE" = 1 ] && for at in $(awk -v device="/dev/$DEVNAME" '$1 == device { print $2 }' /proc/mounts); do /etc/provision/grow "$at"; done
            ;;
        esac
        exit 0

        """;

    private const string MountDisk = Common + """
        # mount-data SERIAL PATH: mounts the data disk of that serial number there; a blank one gets a file system first.
        [ "$#" = 2 ] || { echo 'mount-data SERIAL PATH' >&2; exit 2; }
        stop() { say "$1"; echo "$1" >&2; exit 1; }
        find_disk() {
          for file in /sys/block/vd*/serial; do
            serial=
            read -r serial <"$file"
            if [ "$serial" = "$1" ]; then file=${file%/serial}; disk=/dev/${file##*/}; return 0; fi
          done
          return 1
        }
        disk= tries=0
        until find_disk "$1" 2>/dev/null; do
          [ "$tries" -lt 30 ] || stop "there is no disk with the serial number '$1' for $2"
          tries=$((tries + 1))
          usleep 100000
        done
        if awk -v at="$2" '$2 == at { found = 1 } END { exit !found }' /proc/mounts; then exit 0; fi
        mkdir -p "$2"
        if ! mount -t ext4 "$disk" "$2" 2>/dev/null && ! mount "$disk" "$2" 2>/dev/null; then
          # Only what holds nothing at all is formatted.
          [ "$(head -c 1048576 "$disk" | tr -d '\000' | wc -c)" = 0 ] || stop "the disk '$1' holds something that cannot be mounted on $2; it is left as it is"
          # By its path: busybox has one too, and that knows ext2 only.
          /usr/sbin/mke2fs -q -t ext4 -m 0 -F "$disk" >/dev/null || stop "the disk '$1' could not be formatted for $2"
          mount -t ext4 "$disk" "$2" || stop "the disk '$1' cannot be mounted on $2"
        fi
        /etc/provision/grow "$2"

        """;

    private const string Shell = Common + """
        cd /root
        echo $$ >/run/shell
        [ -f /etc/profile ] || export PS1='\h:\w\$ '
        exec cttyhack sh -l

        """;

    private const string PowerButton = Common + """
        : >/run/power-off
        poweroff

        """;

    // init would wait a fixed second between asking and killing. What runs is given up to ten to end by itself, and seldom needs them.
    private const string Stop = Common + """
        kill -TERM -1
        # A shell at a prompt ends with its terminal only.
        kill -HUP "$(cat /run/shell 2>/dev/null)" 2>/dev/null
        tries=0
        while [ "$tries" -lt 200 ]; do
          left=0
          for exe in /proc/[0-9]*/exe; do
            id=${exe#/proc/}
            id=${id%/exe}
            # The kernel's own threads have no program.
            [ "$id" = 1 ] || [ "$id" = $$ ] || ! [ -e "$exe" ] || left=$((left + 1))
          done
          [ "$left" -gt 0 ] || break
          usleep 50000
          tries=$((tries + 1))
        done
        if [ -e /run/power-off ]; then off=1; else off=; fi
        sync
        umount -a -r 2>/dev/null
        [ -z "$off" ] || poweroff -f

        """;

    private const string InitTable = """
        ::sysinit:/etc/provision/boot
        ::respawn:/etc/provision/shell
        ::ctrlaltdel:/sbin/reboot
        ::shutdown:/etc/provision/stop

        """;

    /// <summary>All of it. <paramref name="command"/> is started after boot and again whenever it ends; none where empty.</summary>
    public static ImmutableArray<GuestFile> Files(ImmutableArray<string> command)
    {
        var files = ImmutableArray.CreateBuilder<GuestFile>();
        files.AddRange(
            new("etc/inittab", command.IsEmpty ? InitTable : $"{InitTable}::respawn:/etc/provision/command\n", false),
            new("etc/provision/boot", Boot, true),
            new("etc/provision/grow", Grow, true),
            new("etc/provision/net", Net, true),
            new("etc/provision/lease", Lease, true),
            new("etc/provision/hotplug", Hotplug, true),
            new("etc/provision/shell", Shell, true),
            new("etc/provision/stop", Stop, true),
            new("etc/provision/acpi/PWRF/00000080", PowerButton, true),
            new("etc/provision/acpi/PWRB/00000080", PowerButton, true),
            new("sbin/mount-data", MountDisk, true),
            new("etc/shells", "/bin/sh\n", false));
        if (!command.IsEmpty)
        {
            files.Add(new("etc/provision/command", Command(command), true));
        }

        return files.ToImmutable();
    }

    private static string Command(ImmutableArray<string> command) => $$"""
        {{Common.TrimEnd()}}
        cd /
        {{string.Join(' ', command.Select(GuestFile.Quote))}} </dev/null >/dev/console 2>&1
        code=$?
        say "the command ended with exit code $code, and is started again"
        sleep 1

        """;
}
