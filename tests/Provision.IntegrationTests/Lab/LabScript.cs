namespace Provision.IntegrationTests.Lab;

/// <summary>The two shell programs of a lab. They are written into the lab's folder, so that nothing of them depends on where tests run.</summary>
internal static class LabScript
{
    /// <summary>
    /// Holds the lab: makes the network namespace, starts the daemon, waits for the end of its standard input, and takes everything down again.
    /// The end comes when the fixture closes the pipe, and also when the test process dies in whatever way.
    /// </summary>
    /// <remarks>
    /// A PID namespace makes the teardown certain: with its first process everything in it dies, containers included, and tini as that process reaps at once.
    /// Mounts are made in a mount namespace of their own and end with it. Only the network namespace's name, cgroups and the folder have to be removed by hand.
    /// </remarks>
    public const string Supervisor = """
        set -u
        trap '' INT HUP TERM
        ns=$1; dir=$2
        ip netns add "$ns" && ip -n "$ns" link set lo up || exit 1
        unshare --mount --pid --fork --kill-child=KILL -- tini -g -- bash "$dir/inside.sh" "$ns" "$dir" >"$dir/inside.log" 2>&1 </dev/null &
        lab=$!
        echo started
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

    /// <summary>Inside: own mounts, own /proc, own /sys of that network namespace with the machine's cgroups as they are, own /run and /etc/docker.</summary>
    public const string Inside = """
        set -eu
        ns=$1; dir=$2
        mount --make-rprivate /
        mount -t proc proc /proc
        mkdir -p "$dir/cg" "$dir/etc" "$dir/data" "$dir/exec" "$dir/probe/low" "$dir/probe/up" "$dir/probe/work" "$dir/probe/all" /etc/docker
        # ip netns exec and a fresh sysfs both hide /sys/fs/cgroup; it is carried over. Mounting controllers anew would change the whole machine.
        mount --rbind /sys/fs/cgroup "$dir/cg"
        exec nsenter --net="/run/netns/$ns" bash -eu -c '
          dir=$1; ns=$2
          mount -t sysfs sysfs /sys
          mount --rbind "$dir/cg" /sys/fs/cgroup
          umount -l "$dir/cg"
          mount -t tmpfs tmpfs /run
          mount --bind "$dir/etc" /etc/docker
          echo "{}" >"$dir/daemon.json"
          driver=vfs
          if mount -t overlay overlay -o "lowerdir=$dir/probe/low,upperdir=$dir/probe/up,workdir=$dir/probe/work" "$dir/probe/all"; then
            umount "$dir/probe/all"; driver=overlay2
          fi
          # Restarted when it ends: a test may kill it. The file "stopped" keeps it down.
          while :; do
            if [ ! -e "$dir/stopped" ]; then
              rm -f "$dir/dockerd.pid"
              dockerd --config-file "$dir/daemon.json" -H "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" -p "$dir/dockerd.pid" \
                --bip 10.77.0.1/16 --cgroup-parent "/$ns" --storage-driver "$driver" --log-level warn >>"$dir/dockerd.log" 2>&1 || true
            fi
            sleep 0.1
          done
        ' inside "$dir" "$ns"
        """;
}
