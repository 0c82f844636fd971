namespace Provision.Providers.Hosts.Images;

/// <summary>Shell functions for making guests' disks out of a folder <c>$work/stage</c>.</summary>
internal static class GuestScript
{
    /// <summary>
    /// <c>carry PROGRAM PACKAGE</c>: copies a program of the host into the stage with its libraries; where the host has none, out of the
    /// package, which is fetched and unpacked but not installed.
    /// </summary>
    public const string Carry = """
        library() {
          if [ ! -e "$work/stage$2" ]; then
            mkdir -p "$work/stage${2%/*}"
            cp -L -- "$1" "$work/stage$2"
          fi
        }
        carry() {
          local base path line names folder
          base= path=$(command -v "$1") || path=
          if [ -z "$path" ]; then
            echo "@ fetching $2"
            mkdir -p "$work/packages" "$work/unpacked"
            command -v apt-get >/dev/null || fail "There is no $1 on the host; it is in the package $2." 69
            # "Inst dropbear-bin (2022.83-1 Debian:12 [amd64])": it and those of its libraries the host lacks.
            names=$(apt-get -q -s --no-install-recommends install "$2" | awk '$1 == "Inst" { print $2 }')
            (cd "$work/packages" && apt-get -q -o APT::Sandbox::User=root download $names >/dev/null) || fail "There is no $1 on the host, and its package $2 could not be fetched." 69
            for path in "$work"/packages/*.deb; do dpkg-deb -x "$path" "$work/unpacked"; done
            base=$work/unpacked
            path=$(find "$base" -type f -name "$1" -perm -100 | head -n 1)
            [ -n "$path" ] || fail "There is no $1 in the package $2." 69
          fi
          mkdir -p "$work/stage/usr/sbin"
          rm -f "$work/stage/usr/sbin/$1" "$work/stage/sbin/$1"
          cp -L -- "$path" "$work/stage/usr/sbin/$1"
          folder=$(find "$work/unpacked" -type d -path '*/lib/*-linux-*' -prune 2>/dev/null | tr '\n' ':')
          # "libz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x…)" and "/lib64/ld-linux-x86-64.so.2 (0x…)".
          for line in $(LD_LIBRARY_PATH="$folder" ldd "$path" | awk '$2 == "=>" && $3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }'); do
            library "$line" "${line#"$base"}"
            # Loaded by name at run time where the C library is old.
            case $line in */libc.so.6) [ ! -e "${line%/*}/libnss_files.so.2" ] || library "${line%/*}/libnss_files.so.2" "${line%/*}/libnss_files.so.2" ;; esac
          done
        }

        """;

    /// <summary>
    /// <c>make_disk MIB [keep]</c>: <c>$work/stage</c> as the ext4 file system of <c>$made/disk.qcow2</c>, whose numbers become facts.
    /// All files are root's, unless owners are to be kept.
    /// </summary>
    public const string MakeDisk = """
        settle_disk() {
          fact digest "sha256:$(sha256sum -- "$made/disk.qcow2" | cut -d ' ' -f 1)"
          fact virtualSize "$(qemu-img info --output=json "$made/disk.qcow2" | sed -n 's/.*"virtual-size": *\([0-9]*\).*/\1/p' | head -n 1)"
        }
        make_disk() {
          local as journal
          program mke2fs e2fsprogs
          program qemu-img qemu-utils
          room "$(($1 * 2048))"
          echo '@ making the disk'
          # mke2fs takes the owners it sees; who is not root is root in a namespace of his own.
          as=
          if [ "${2:-}" = keep ]; then :; elif [ "$(id -u)" = 0 ]; then chown -R -h 0:0 "$work/stage"; else as='unshare --map-root-user'; fi
          journal=4
          [ "$1" -lt 512 ] || journal=16
          # Tables are written here once, so that no guest writes them into its overlay.
          $as mke2fs -q -t ext4 -b 4096 -m 0 -E root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0 -J "size=$journal" -L root -d "$work/stage" "$work/disk.raw" "${1}M" \
            || fail "mke2fs could not make a file system of $1 MiB: what goes into it may be larger."
          rm -rf -- "$work/stage"
          qemu-img convert -f raw -O qcow2 "$work/disk.raw" "$made/disk.qcow2"
          settle_disk
        }

        """;
}
