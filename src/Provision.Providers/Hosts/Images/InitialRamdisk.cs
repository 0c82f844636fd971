using System.Collections.Immutable;

namespace Provision.Providers.Hosts.Images;

/// <summary>What runs between the kernel and a guest's own init: it loads the drivers, finds the root disk, and hands over.</summary>
internal static class InitialRamdisk
{
    /// <summary>The disk a guest boots from says this when asked for its serial number.</summary>
    public const string RootSerial = "root";

    /// <summary>Loaded in every guest: a disk or an interface may be plugged in later, and a guest may have no modules of its own.</summary>
    public static readonly ImmutableArray<string> Always = ["virtio_pci", "virtio_blk", "virtio_net", "ext4", "isofs", "button", "evdev"];

    /// <summary>Loaded where such a device is there, by vendor and device of PCI (virtio 1.2, section 4.1.2.1: transitional and modern).</summary>
    public static readonly ImmutableArray<(string Module, string Devices)> WherePresent =
    [
        ("virtio_scsi sd_mod", "0x1004|0x1048"),
        ("virtio_console", "0x1003|0x1043"),
        ("virtio_rng", "0x1005|0x1044"),
    ];

    /// <summary>There for who asks by <c>provision.modules=vfat,overlay</c> on the kernel's command line.</summary>
    public static readonly ImmutableArray<string> OnDemand = ["overlay", "vfat", "nls_ascii", "nls_cp437", "nls_iso8859_1", "nls_utf8"];

    /// <summary>All modules to pack; those the kernel has built in are passed over.</summary>
    public static IEnumerable<string> Modules => Always.Concat(WherePresent.SelectMany(row => row.Module.Split(' '))).Concat(OnDemand);

    /// <summary>The ramdisk's <c>/init</c>.</summary>
    public static string Init => $$"""
        #!/bin/sh
        export PATH=/bin
        mount -t devtmpfs dev /dev
        mount -t proc proc /proc
        mount -t sysfs sys /sys
        say() { echo "provision: $*" >/dev/console; }
        stop() { say "$*"; sync; poweroff -f; }
        read -r cmdline </proc/cmdline
        extra=
        for word in $cmdline; do
          case $word in provision.modules=*) extra=$(echo "${word#*=}" | tr , ' ') ;; esac
        done
        for device in /sys/bus/pci/devices/*; do
          read -r vendor <"$device/vendor"
          [ "$vendor" = 0x1af4 ] || continue
          read -r kind <"$device/device"
          case $kind in
            {{string.Join("\n            ", WherePresent.Select(row => $"{row.Devices}) extra=\"$extra {row.Module}\" ;;"))}}
          esac
        done
        modprobe -a {{string.Join(' ', Always)}} $extra 2>/dev/null
        find_root() {
          for file in /sys/block/vd*/serial; do
            serial=
            read -r serial <"$file"
            [ "$serial" = {{RootSerial}} ] || continue
            file=${file%/serial}
            root=/dev/${file##*/}
            return 0
          done
          root=/dev/vda
          [ -b /dev/vda ]
        }
        tries=0
        until find_root 2>/dev/null; do
          [ "$tries" -lt 100 ] || stop "no root disk: there is neither a disk with the serial number '{{RootSerial}}' nor /dev/vda"
          tries=$((tries + 1))
          usleep 100000
        done
        mount -t ext4 -o rw "$root" /root || stop "the root disk $root cannot be mounted: it holds no file system, or a broken one"
        [ -e /root/sbin/init ] || [ -L /root/sbin/init ] || stop "the root disk $root has no /sbin/init"
        for folder in dev proc sys; do
          mkdir -p "/root/$folder"
          mount --move "/$folder" "/root/$folder"
        done
        exec switch_root /root /sbin/init

        """;

    /// <summary>What of busybox the ramdisk needs, and what makes it.</summary>
    public static readonly ImmutableArray<string> Applets =
        ["sh", "mount", "modprobe", "switch_root", "poweroff", "sync", "tr", "usleep", "mkdir", "depmod", "cpio"];
}
