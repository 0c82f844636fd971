using System.Globalization;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>
/// Starts a service where nothing else does: in a session of its own under tini, which reaps what the daemon leaves and hands signals
/// on. It lives on when we end, however we end.
/// </summary>
internal sealed class DirectSupervisor(HostSession host) : ISupervisor
{
    private const string BootId = "/proc/sys/kernel/random/boot_id";

    // The inner shell becomes the reaper (exec keeps pid and start time), so its mark is true before the daemon begins. Until its exec
    // it holds our pipes: that they close says the mark is written. What our caller left open goes no further, or whoever waits for
    // that pipe's end (ssh, a CI runner) would wait for the daemon's; dash cannot name a descriptor above 9, hence bash where it is.
    internal const string Start = """
        shell=sh; command -v bash >/dev/null && shell=bash
        exec setsid -f "$shell" -c '
        set -e
        log=$1 mark=$2 owner=$3; shift 3
        mkdir -p -- "${log%/*}/" "${mark%/*}/"
        umask 027; : >>"$log"; umask 022
        read -r stat <"/proc/$$/stat"
        read -r boot </proc/sys/kernel/random/boot_id
        start=$(printf %s "${stat##*) }" | cut -d" " -f20)
        printf "%s %s %s %s\n" "$$" "$start" "$boot" "$owner" >"$mark.new"
        mv -f -- "$mark.new" "$mark"
        for f in /proc/$$/fd/*; do
          n=${f##*/}
          case $n in 0|1|2) ;; [3-9]) eval "exec $n>&-" ;; *) [ -z "$BASH_VERSION" ] || eval "exec $n>&-" ;; esac
        done
        exec "$@" </dev/null >>"$log" 2>&1
        ' sh "$@"
        """;

    // By session, for a daemon's children may have groups of their own. Field 6 of stat: the fourth after the name.
    private const string KillSession = """
        for f in /proc/[0-9]*/stat; do
          read -r line <"$f" 2>/dev/null || continue
          rest=${line##*) }; pid=${line%% *}
          set -- "$1" $rest
          [ "$5" = "$1" ] && kill -KILL "$pid" 2>/dev/null
        done; exit 0
        """;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public string Name => "direct";

    public async Task<SupervisorView> LookAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var exists = !inputs.Command.IsEmpty;
        if (await ReadMarkAsync(inputs, cancellationToken) is not { } mark)
        {
            return new SupervisorView { Exists = exists, IsAlive = false };
        }

        var alive = await IsAliveAsync(mark, cancellationToken);
        return new SupervisorView { Exists = exists, IsAlive = alive, HasEnded = !alive, Pid = alive ? mark.Pid : null, Owner = alive ? mark.Owner : null };
    }

    public async Task<string?> StartAsync(ServiceInputs inputs, Urn owner, CancellationToken cancellationToken)
    {
        if (await host.WhichAsync("tini", cancellationToken) is not { } reaper)
        {
            reaper = await host.WhichAsync("docker-init", cancellationToken);
            if (reaper is null)
            {
                return "there is no tini on the host to start it under; install the package tini";
            }
        }

        var program = inputs.Command[0];
        var found = program.StartsWith('/')
            ? await host.Transport.StatAsync(program, asRoot: false, cancellationToken) is not null
            : await host.WhichAsync(program, cancellationToken) is not null;
        if (!found)
        {
            return $"there is no program {program} on the host";
        }

        var result = await host.RunAsync(
            HostCommand.Script(Start, [inputs.LogFile, inputs.PidFile, owner.ToString(), reaper, "-s", "-g", "--", .. inputs.Command])
                with
            { Environment = inputs.Environment },
            cancellationToken);
        return result.Succeeded && string.IsNullOrWhiteSpace(result.Error) ? null : result.Complaint();
    }

    public async Task StopAsync(ServiceInputs inputs, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);
        if (await ReadMarkAsync(inputs, cancellationToken) is { } mark && await IsAliveAsync(mark, cancellationToken))
        {
            var pid = mark.Pid.ToString(CultureInfo.InvariantCulture);
            progress.Report($"asking {inputs.Name} (pid {pid}) to end");
            await host.RunAsync(new HostCommand("kill", "-TERM", pid), cancellationToken);
            if (!await EndsAsync(mark, limit, cancellationToken))
            {
                progress.Report($"{inputs.Name} did not end within {limit.TotalSeconds:0} s: killing it");
                await host.RunAsync(HostCommand.Script(KillSession, pid), cancellationToken);
                if (!await EndsAsync(mark, TimeSpan.FromSeconds(10), cancellationToken))
                {
                    throw new ProviderException(
                        ProviderFailure.Timeout, $"{inputs.Name} (pid {pid}) does not end, not even by force.",
                        $"See what it waits for: cat /proc/{pid}/stack.", Remainder.Untouched.Value);
                }
            }
        }

        await host.Transport.DeleteAsync(inputs.PidFile, access.CanBeRoot, cancellationToken);
    }

    public async Task<string> LogTailAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("tail", "-n", "15", "--", inputs.LogFile), cancellationToken);
        return result.Succeeded ? result.Output.Trim() : "";
    }

    private async Task<bool> EndsAsync(ProcessMark mark, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = host.Clock.GetTimestamp();
        while (await IsAliveAsync(mark, cancellationToken))
        {
            if (host.Clock.GetElapsedTime(began) > limit)
            {
                return false;
            }

            await Task.Delay(Look, host.Clock, cancellationToken);
        }

        return true;
    }

    private async Task<ProcessMark?> ReadMarkAsync(ServiceInputs inputs, CancellationToken cancellationToken) =>
        await ReadTextAsync(inputs.PidFile, cancellationToken) is { } text ? ProcessMark.Parse(text) : null;

    private async Task<bool> IsAliveAsync(ProcessMark mark, CancellationToken cancellationToken)
    {
        var stat = await ReadTextAsync($"/proc/{mark.Pid.ToString(CultureInfo.InvariantCulture)}/stat", cancellationToken);
        return mark.IsAlive(stat, await ReadTextAsync(BootId, cancellationToken) ?? "");
    }

    private async Task<string?> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var access = await host.AccessAsync(cancellationToken);
            var bytes = await host.Transport.ReadFileAsync(path, 8192, access.CanBeRoot, cancellationToken);
            return bytes is null ? null : Encoding.UTF8.GetString(bytes);
        }
        catch (IOException) when (path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            // It ended between the open and the read (ESRCH).
            return null;
        }
    }
}
