namespace Provision.Providers.Hosts.Images;

/// <summary>Makes <c>disk.qcow2</c> of a Debian that is put together from its package mirror alone.</summary>
internal static class DebianImageScript
{
    /// <summary>
    /// Parameters: 1 suite, 2 MiB or "-", 3 mirror or "-", 4 a boot kernel's folder or "-", 5 packages, 6 units, both with commas between.
    /// Stdin is a tar of what is added.
    /// </summary>
    public const string Body = GuestScript.MakeDisk + """
        suite=$1 size=$2 mirror=$3 kernel=$4 packages=$5 units=$6
        [ "$(id -u)" = 0 ] || fail 'A Debian image is built as root: its files belong to many users. Run as root, or allow yourself sudo without a password.' 77
        program mke2fs e2fsprogs
        program qemu-img qemu-utils
        room 3145728
        cat >"$work/guest.tar"
        stage=$work/stage
        # The host's own sources of that release, its security updates among them; they are what is known to be reachable.
        sources() {
          command -v apt-get >/dev/null || return 0
          apt-get indextargets --format '$(CODENAME) $(REPO_URI) $(COMPONENT)' 'Created-By: Packages' 2>/dev/null \
            | awk -v suite="$suite" '$3 == "main" && ($1 == suite || $1 == suite "-updates" || $1 == suite "-security") && !seen[$1]++ { print "deb " $2 " " $1 " main" }'
        }
        list=
        if [ "$mirror" = - ]; then
          list=$(sources)
          mirror=$(echo "$list" | awk -v suite="$suite" '$3 == suite { print $2 }')
          [ -n "$mirror" ] || list=
        fi
        [ -n "$mirror" ] && [ "$mirror" != - ] || mirror=http://deb.debian.org/debian
        echo "@ putting Debian $suite together from $mirror"
        if command -v mmdebstrap >/dev/null; then
          # By stdin the sources; a tool of its own looks after the packages' scripts, so nothing is started.
          [ -n "$list" ] || list="deb $mirror $suite main"
          echo "$list" | mmdebstrap --variant=minbase --mode=root --format=directory --include="$packages" --aptopt='APT::Install-Recommends "false"' \
            --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
            --dpkgopt='path-include=/usr/share/doc/*/copyright' "$suite" "$stage" - >"$work/log" 2>&1 \
            || fail "Debian $suite could not be put together from $mirror: $(grep -E '^(E|W|Err):' "$work/log" | tail -n 4 | tr '\n' ' ')" 75
        else
          program debootstrap mmdebstrap
          debootstrap --variant=minbase --include="$packages" "$suite" "$stage" "$mirror" >"$work/log" 2>&1 \
            || fail "Debian $suite could not be put together from $mirror: $(grep -E '^(E|W):' "$work/log" | tail -n 4 | tr '\n' ' ')" 75
        fi
        # Names for the guest's own use: what the host reaches the mirror by need not be reachable from there.
        tar -x -p -f "$work/guest.tar" -C "$stage" --no-same-owner --keep-directory-symlink
        if [ "$kernel" != - ]; then
          echo '@ adding the modules of its kernel'
          mkdir "$work/kernel"
          for package in "$kernel"/package-*; do
            case $package in
              *.deb) program dpkg-deb dpkg; dpkg-deb -x "$package" "$work/kernel" ;;
              *.rpm) program rpm2cpio rpm; program cpio cpio; rpm2cpio "$package" | (cd "$work/kernel" && cpio -i -d -m -u --quiet) ;;
              *) fail "$kernel holds no kernel package." 65 ;;
            esac
          done
          mkdir -p "$stage/usr/lib/modules"
          for folder in "$work"/kernel/lib/modules/* "$work"/kernel/usr/lib/modules/*; do
            [ -d "$folder/kernel" ] || continue
            for useless in infiniband comedi target media gpu staging; do rm -rf "$folder/kernel/drivers/$useless"; done
            cp -a "$folder" "$stage/usr/lib/modules/"
            [ -e "$stage/lib/modules" ] || ln -s ../usr/lib/modules "$stage/lib/modules"
            chroot "$stage" depmod "${folder##*/}"
          done
          rm -rf "$work/kernel"
        fi
        for unit in $(echo "$units" | tr , ' '); do chroot "$stage" systemctl enable "$unit" >/dev/null 2>&1 || :; done
        # Nothing that works by itself in the background of a lab.
        chroot "$stage" systemctl mask apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service >/dev/null 2>&1 || :
        # Every machine makes its own.
        rm -f "$stage"/etc/ssh/ssh_host_*
        : >"$stage/etc/machine-id"
        rm -f "$stage/var/lib/dbus/machine-id"
        if [ -d "$stage/run/systemd" ] || [ -e "$stage/lib/systemd/systemd-resolved" ]; then ln -sf ../run/systemd/resolve/stub-resolv.conf "$stage/etc/resolv.conf"; fi
        rm -rf "$stage"/var/cache/apt/*.bin "$stage"/var/cache/apt/archives/*.deb "$stage"/var/lib/apt/lists/*
        find "$stage/var/log" -type f -delete
        if [ "$size" = - ]; then size=$(($(du -s -m "$stage" | cut -f 1) * 5 / 4 + 256)); fi
        make_disk "$size" keep
        """;
}
