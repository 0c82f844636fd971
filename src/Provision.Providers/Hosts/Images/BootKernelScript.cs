namespace Provision.Providers.Hosts.Images;

/// <summary>Fetches a kernel package without installing it, and makes <c>vmlinuz</c>, <c>initrd.img</c> and <c>package</c> of it.</summary>
internal static class BootKernelScript
{
    /// <summary>Parameters: 1 apt or dnf, 2 busybox, 3 modules, 4 its applets, 5 version, then the packages. Stdin is the ramdisk's init.</summary>
    public const string Body = """
        tool=$1 busybox=$2 wanted=$3 applets=$4 version=$5
        shift 5
        cat >"$work/init"
        room 262144
        mkdir "$work/packages" "$work/root"
        cd "$work/packages"
        echo "@ fetching $1"
        if [ "$tool" = apt ]; then
          program dpkg-deb dpkg
          # Fetched by root, for its sandbox's user may not write here; what it fetches is checked against the signed lists all the same.
          apt-get -q -o APT::Sandbox::User=root download "$@" >/dev/null
          for package in *.deb; do dpkg-deb -x "$package" "$work/root"; done
        else
          program rpm2cpio rpm
          dnf -q download --destdir=. "$@" >/dev/null
          for package in *.rpm; do rpm2cpio "$package" | (cd "$work/root" && "$busybox" cpio -i -d -m -u 2>/dev/null); done
        fi
        cd "$work"
        echo '@ making the ramdisk'
        modules=
        for folder in root/lib/modules/* root/usr/lib/modules/*; do
          if [ -d "$folder/kernel" ]; then modules=$folder; fi
        done
        [ -n "$modules" ] || fail "The package $1 holds no kernel modules." 65
        release=${modules##*/}
        kernel=
        for file in "root/boot/vmlinuz-$release" "root/boot/vmlinux-$release" "$modules/vmlinuz"; do
          if [ -f "$file" ]; then kernel=$file; break; fi
        done
        [ -n "$kernel" ] || fail "The package $1 holds no kernel." 65
        mkdir -p ramdisk/bin ramdisk/dev ramdisk/proc ramdisk/sys ramdisk/root "ramdisk/lib/modules/$release"
        find "$modules" -name '*.ko' -o -name '*.ko.*' \
          | awk '{ name = $0; sub(/.*\//, "", name); sub(/\.ko.*/, "", name); gsub(/-/, "_", name); print name, $0 }' >index
        seen=
        need() {
          local name file plain other
          name=$(echo "$1" | tr - _)
          case " $seen " in *" $name "*) return 0 ;; esac
          seen="$seen $name"
          # None of that name: the kernel has it built in, or does not have it.
          file=$(awk -v name="$name" '$1 == name { print $2; exit }' index)
          [ -n "$file" ] || return 0
          plain=ramdisk/lib/modules/$release/$name.ko
          # busybox loads plain ones only.
          case $file in
            *.xz) program xz xz-utils; xz -dc "$file" >"$plain" ;;
            *.zst) program zstd zstd; zstd -qdc "$file" >"$plain" ;;
            *.gz) gzip -dc "$file" >"$plain" ;;
            *) cp "$file" "$plain" ;;
          esac
          # The section .modinfo is a row of texts: "depends=virtio,virtio_ring".
          for other in $(tr '\0' '\n' <"$plain" | sed -n 's/^depends=//p' | tr , ' '); do need "$other"; done
        }
        for module in $wanted; do need "$module"; done
        "$busybox" depmod -b "$work/ramdisk" "$release"
        rm -f "ramdisk/lib/modules/$release/modules.alias" "ramdisk/lib/modules/$release/modules.symbols"
        cp "$busybox" ramdisk/bin/busybox
        for applet in $applets; do ln -s busybox "ramdisk/bin/$applet"; done
        cp init ramdisk/init
        chmod 0755 ramdisk/init ramdisk/bin/busybox
        (cd ramdisk && find . | LC_ALL=C sort | "$busybox" cpio -o -H newc 2>/dev/null | gzip -n -9) >"$made/initrd.img"
        cp "$kernel" "$made/vmlinuz"
        # Guests with a user space of their own take their modules from it: a mirror keeps no old versions.
        number=0
        for package in packages/*; do
          number=$((number + 1))
          mv "$package" "$made/package-$number.${package##*.}"
        done
        fact version "$version"
        fact release "$release"
        """;
}
