namespace Provision.Providers.Hosts.Images;

/// <summary>Makes <c>disk.qcow2</c> of a tiny root file system: no loop device, no mount, and all files root's whoever builds.</summary>
internal static class TinyImageScript
{
    /// <summary>Parameters: 1 the root file system's folder, 2 MiB or "-", then pairs of program and package. Stdin is a tar of what is added.</summary>
    public const string Body = GuestScript.Carry + GuestScript.MakeDisk + """
        root=$1 size=$2
        shift 2
        [ -f "$root/rootfs/bin/busybox" ] || fail "$root holds no tiny root file system." 65
        mkdir "$work/stage"
        cp -a -- "$root/rootfs/." "$work/stage/"
        tar -x -p -f - -C "$work/stage" --no-same-owner
        while [ "$#" -gt 1 ]; do
          carry "$1" "$2"
          shift 2
        done
        if [ "$size" = - ]; then
          size=$(($(du -s -m "$work/stage" | cut -f 1) * 5 / 4 + 24))
          [ "$size" -ge 64 ] || size=64
        fi
        make_disk "$size"
        """;
}
