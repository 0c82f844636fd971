namespace Provision.IntegrationTests.Lab;

/// <summary>The shell programs of a lab. They are written into the lab's folder, so that nothing of them depends on where tests run.</summary>
internal static class LabScript
{
    /// <summary>
    /// Holds the lab: makes the network namespace, starts what is inside, waits for the end of its standard input, and takes everything down again.
    /// The end comes when the fixture closes the pipe, and also when the test process dies in whatever way.
    /// </summary>
    /// <remarks>
    /// A PID namespace makes the teardown certain: with its first process everything in it dies, containers and machines included, and tini as that process
    /// reaps at once: libvirt waits for the end of a machine's process. Mounts are made in a mount namespace of their own and end with it, as bridges and
    /// rules end with the network namespace. Only that one's name, cgroups and the folder have to be removed by hand.
    /// </remarks>
    public const string Supervisor = """
        set -u
        trap '' INT HUP TERM
        ns=$1; dir=$2
        ip netns add "$ns" && ip -n "$ns" link set lo up || exit 1
        unshare --mount --pid --fork --kill-child=KILL -- tini -g -- bash "$dir/inside.sh" "$ns" "$dir" >"$dir/inside.log" 2>&1 </dev/null &
        lab=$!
        # A fixture that is gone reads nothing; that must not end this shell.
        trap '' PIPE
        until [ -e "$dir/inside.up" ] || ! kill -0 "$lab" 2>/dev/null; do sleep 0.02; done
        [ -e "$dir/inside.up" ] && echo "started $lab"
        cat >/dev/null
        kill -KILL "$lab" 2>/dev/null
        wait "$lab" 2>/dev/null
        # A dying namespace takes a moment to let its cgroups and mounts go.
        for i in $(seq 100); do
          find /sys/fs/cgroup -depth -type d -path "*/$ns*" -exec rmdir {} + 2>/dev/null
          [ -z "$(find /sys/fs/cgroup -maxdepth 2 -type d -name "$ns" 2>/dev/null)" ] && break
          sleep 0.05
        done
        ip netns del "$ns"
        rm -rf --one-file-system "$dir"
        """;

    /// <summary>Inside: own mounts and own /proc; the rest needs the network namespace, for a fresh /sys shows the one it is mounted in.</summary>
    public const string Inside = """
        set -eu
        ns=$1; dir=$2
        mount --make-rprivate /
        mount -t proc proc /proc
        mkdir -p "$dir/cg"
        # ip netns exec and a fresh sysfs both hide /sys/fs/cgroup; it is carried over. Mounting controllers anew would change the whole machine.
        mount --rbind /sys/fs/cgroup "$dir/cg"
        exec nsenter --net="/run/netns/$ns" bash -eu "$dir/daemons.sh" "$ns" "$dir"
        """;

    /// <summary>
    /// Own /run and own folders of the daemons, over the paths that are compiled into them; they lie in the lab's folder, where they are seen from outside
    /// too. Then each daemon as long as its file <c>….wanted</c> is there.
    /// </summary>
    public const string Daemons = """
        ns=$1; dir=$2
        mount -t sysfs sysfs /sys
        mount --rbind "$dir/cg" /sys/fs/cgroup
        umount -l "$dir/cg"
        mount -t tmpfs -o mode=0755 tmpfs /run
        mkdir -m 1777 /run/lock
        for folder in run/libvirt etc/docker etc/libvirt var/lib/libvirt var/cache/libvirt var/log/libvirt var/log/swtpm var/lib/swtpm-localca var/lib/provision; do
          mkdir -p "/$folder" "$dir/$folder"
          mount --bind "$dir/$folder" "/$folder"
        done
        ln -s "$dir/docker.sock" /run/docker.sock

        mkdir -p "$dir/data" "$dir/exec" "$dir/probe/low" "$dir/probe/up" "$dir/probe/work" "$dir/probe/all"
        echo "{}" >"$dir/daemon.json"
        driver=vfs
        if mount -t overlay overlay -o "lowerdir=$dir/probe/low,upperdir=$dir/probe/up,workdir=$dir/probe/work" "$dir/probe/all"; then
          umount "$dir/probe/all"; driver=overlay2
        fi

        chown tss:tss /var/lib/swtpm-localca
        mkdir -p /var/lib/libvirt/images /var/lib/libvirt/qemu /var/lib/libvirt/dnsmasq /var/lib/libvirt/network /var/cache/libvirt/qemu/capabilities /etc/libvirt/qemu/networks /etc/libvirt/hooks "$dir/refused"
        cat >/etc/libvirt/libvirtd.conf <<'end'
        auth_unix_rw = "none"
        auth_unix_ro = "none"
        log_outputs = "2:stderr"
        log_filters = "3:object 3:event 3:util"
        end
        # No cgroups: libvirt's lie beside those of other labs and would stay where a lab is killed.
        cat >/etc/libvirt/qemu.conf <<'end'
        user = "root"
        group = "root"
        dynamic_ownership = 0
        security_driver = "none"
        cgroup_controllers = [ ]
        end

        # A machine of whose name there is a file does not start, and its error says so: libvirt asks this program first.
        cat >/etc/libvirt/hooks/qemu <<end
        #!/bin/sh
        cat >/dev/null
        [ "\$2" != prepare ] || [ ! -e "$dir/refused/\$1" ]
        end
        chmod 0755 /etc/libvirt/hooks/qemu

        # A pause that starts no program: several of these shells wait all the time. Nobody ever writes to it.
        mkfifo "$dir/never"
        pause() { read -r -t 0.1 _ <>"$dir/never" || true; }

        # Restarted when it ends: a test may kill it.
        keep() {
          name=$1; shift
          while :; do
            if [ -e "$dir/$name.wanted" ]; then
              rm -f "$dir/$name.pid"
              "$@" >>"$dir/$name.log" 2>&1 || true
            fi
            pause
          done
        }
        keep dockerd dockerd --config-file "$dir/daemon.json" -H "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" -p "$dir/dockerd.pid" \
          --bip 10.77.0.1/16 --cgroup-parent "/$ns" --storage-driver "$driver" --log-level warn &
        keep virtlogd virtlogd -p "$dir/virtlogd.pid" &
        keep libvirtd libvirtd -p "$dir/libvirtd.pid" &
        touch "$dir/inside.up"
        wait
        """;
}
