using System.Collections.Immutable;
using System.Globalization;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>Debian's and Ubuntu's packages.</summary>
internal sealed class AptPackages(HostSession host) : IPackages, IDisposable
{
    private const string PolicyFile = "/usr/sbin/policy-rc.d";
    private const string PolicyMark = "# Written by provision while it installs a package; safe to remove.";

    // Not 1: apt closes the stream it reports on to what dpkg runs, and a package's script that prints something would fail.
    private const int StatusNumber = 3;
    private const string AptGet = "exec 3>&1; exec apt-get \"$@\"";

    private static readonly TimeSpan ListsLimit = TimeSpan.FromMinutes(10);

    private static readonly ImmutableSortedDictionary<string, string> Quiet = ImmutableSortedDictionary<string, string>.Empty
        .Add("DEBIAN_FRONTEND", "noninteractive")
        .Add("NEEDRESTART_MODE", "l");

    // Whoever installs waits in a queue already; who wants the lists only does not, and would wait for apt's lock.
    private readonly SemaphoreSlim _one = new(1, 1);
    private bool _listsAreFresh;

    public string Name => "apt";

    public async Task<IReadOnlyDictionary<string, string>> InstalledAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        // "tini\tinstalled\t0.19.0-1+b3"; names it does not know go to stderr and make it end with 1.
        var result = await host.Transport.RunAsync(
            new HostCommand("dpkg-query", ["-W", "-f", @"${Package}\t${db:Status-Status}\t${Version}\n", "--", .. names]), cancellationToken);
        if (result.ExitCode is not (0 or 1))
        {
            throw Failed(result, "dpkg-query does not answer", null);
        }

        return result.OutputLines.Select(line => line.Split('\t'))
            .Where(parts => parts.Length == 3 && parts[1] == "installed")
            .GroupBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.First()[2], StringComparer.Ordinal);
    }

    /// <summary>
    /// 1 finish what an interrupted run left, 2 fetch the lists where they do not know it, 3 install without starting services
    /// that nothing supervises.
    /// </summary>
    public async Task InstallAsync(ImmutableArray<WantedPackage> wanted, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await RepairAsync(timeout, progress, cancellationToken); // 1
            var unknown = await UnknownAsync(wanted, cancellationToken);
            if (unknown is not null && !_listsAreFresh)
            {
                await UpdateListsAsync(timeout, progress, cancellationToken); // 2
                unknown = await UnknownAsync(wanted, cancellationToken);
            }

            if (unknown is not null)
            {
                throw new ProviderException(
                    ProviderFailure.Refused,
                    unknown.Version is null
                        ? $"No package source of this host has {unknown.Name}."
                        : $"No package source of this host has {unknown.Name} in version {unknown.Version}.",
                    $"See 'apt-cache policy {unknown.Name}', and add the source that has it to /etc/apt.", Remainder.Untouched.Value);
            }

            await using var policy = await ForbidStartsAsync(cancellationToken); // 3
            string[] downgrade = wanted.All(one => one.Version is null) ? [] : ["--allow-downgrades"];
            var result = await AptAsync(
                ["install", "-y", "--no-install-recommends", "--no-remove", .. downgrade, "--",
                    .. wanted.Select(one => one.Version is null ? one.Name : $"{one.Name}={one.Version}")],
                timeout, Percents(progress), cancellationToken);
            if (!result.Succeeded)
            {
                throw Failed(
                    result, $"{string.Join(", ", wanted.Select(one => one.Name))} could not be installed",
                    "Try the same with 'apt-get install' by hand, put right what it says, and run up again.");
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task RemoveAsync(string name, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await RepairAsync(timeout, progress, cancellationToken);

            // "Remv docker.io [20.10.24+dfsg1-1+deb12u1+b6]"
            var simulated = await AptAsync(["remove", "-s", "--", name], timeout, null, cancellationToken);
            if (!simulated.Succeeded)
            {
                throw Failed(simulated, $"{name} cannot be removed", null);
            }

            var others = simulated.OutputLines.Where(line => line.StartsWith("Remv ", StringComparison.Ordinal))
                .Select(line => line.Split(' ')[1]).Where(other => other != name).Order(StringComparer.Ordinal).ToList();
            if (others.Count > 0)
            {
                throw new ProviderException(
                    ProviderFailure.Refused, $"{name} is not removed: {string.Join(", ", others)} would go with it.",
                    "Remove those first, or set the package's keep to true.", Remainder.Untouched.Value);
            }

            var result = await AptAsync(["remove", "-y", "--", name], timeout, Percents(progress), cancellationToken);
            if (!result.Succeeded)
            {
                throw Failed(result, $"{name} could not be removed", null);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Fetches the lists, once a run: for who has looked for a name in them in vain.</summary>
    public async Task RefreshAsync(IStepProgress progress, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (!_listsAreFresh)
            {
                await UpdateListsAsync(ListsLimit, progress, cancellationToken);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    /// <summary>Lines of apt's status stream as progress: <c>pmstatus:tini:60.0000:Unpacking tini (amd64)</c>.</summary>
    internal static (string Text, long Done)? ParseStatus(string line)
    {
        var parts = line.Split(':', 4);
        return parts.Length == 4 && parts[0] is "pmstatus" or "dlstatus"
            && double.TryParse(parts[2], CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100
            ? (parts[3].Trim(), (long)percent)
            : null;
    }

    private static Action<string> Percents(IStepProgress progress) => line =>
    {
        if (ParseStatus(line) is var (text, done))
        {
            progress.Report(text, done, 100);
        }
    };

    private async Task RepairAsync(TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        var audit = await host.RunAsync(new HostCommand("dpkg", "--audit"), cancellationToken);
        if (string.IsNullOrWhiteSpace(audit.Output))
        {
            return;
        }

        progress.Report("finishing what an interrupted installation left");
        await using var policy = await ForbidStartsAsync(cancellationToken);
        var result = await AptAsync(["--fix-broken", "install", "-y", "--no-remove"], timeout, null, cancellationToken);
        if (result.Complaint(20).Contains("dpkg --configure -a", StringComparison.Ordinal))
        {
            // An interrupted dpkg makes apt refuse everything until this ran.
            result = await host.RunAsync(
                new HostCommand("dpkg", "--force-confdef", "--force-confold", "--configure", "-a") { Timeout = timeout, Environment = Quiet }, cancellationToken);
        }

        if (!result.Succeeded)
        {
            throw Failed(result, "The host's package database is not in order", "Run 'dpkg --configure -a' and 'apt-get -f install' there, then up again.");
        }
    }

    /// <summary>The first that no list has; null where they have all.</summary>
    private async Task<WantedPackage?> UnknownAsync(ImmutableArray<WantedPackage> wanted, CancellationToken cancellationToken)
    {
        // "tini | 0.19.0-1+b3 | http://… bookworm/main amd64 Packages"; nothing at all for a name no list has.
        var result = await host.Transport.RunAsync(new HostCommand("apt-cache", ["madison", "--", .. wanted.Select(one => one.Name)]), cancellationToken);
        var known = result.OutputLines.Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(parts => parts.Length == 3)
            .ToLookup(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        return wanted.FirstOrDefault(one => one.Version is null ? !known.Contains(one.Name) : !known[one.Name].Contains(one.Version));
    }

    private async Task UpdateListsAsync(TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        progress.Report("fetching the package lists");
        var began = host.Clock.GetTimestamp();
        var result = await AptAsync(["update"], timeout, null, cancellationToken);

        // DPkg::Lock::Timeout is for dpkg's locks; the lists have one that apt does not wait for.
        while (!result.Succeeded && result.Error.Contains("/var/lib/apt/lists/lock", StringComparison.Ordinal) && host.Clock.GetElapsedTime(began) < timeout / 2)
        {
            progress.Report("waiting for another package manager to finish with the lists");
            await Task.Delay(TimeSpan.FromSeconds(1), host.Clock, cancellationToken);
            result = await AptAsync(["update"], timeout, null, cancellationToken);
        }

        if (!result.Succeeded)
        {
            throw Failed(result, "The package lists could not be fetched", "Check the sources in /etc/apt and the way to them (proxy, DNS).", ProviderFailure.Unreachable);
        }

        _listsAreFresh = true;
    }

    private Task<CommandResult> AptAsync(ImmutableArray<string> arguments, TimeSpan timeout, Action<string>? onLine, CancellationToken cancellationToken)
    {
        var wait = ((int)Math.Max(1, timeout.TotalSeconds / 2)).ToString(CultureInfo.InvariantCulture);
        return host.RunAsync(
            HostCommand.Script(
                AptGet,
                ["-q", "-o", $"DPkg::Lock::Timeout={wait}", "-o", $"APT::Status-Fd={StatusNumber}", "-o", "Dpkg::Use-Pty=0",
                    "-o", "Dpkg::Options::=--force-confdef", "-o", "Dpkg::Options::=--force-confold", .. arguments])
            with
            {
                Timeout = timeout,
                Environment = Quiet,
                OnLine = onLine,
            },
            cancellationToken);
    }

    /// <summary>
    /// Where no init runs, a package's scripts would start its daemon with nobody to supervise it, and Docker's would mount every
    /// cgroup controller of the machine. Debian's own switch against that is a policy-rc.d; one that is there already stays.
    /// </summary>
    private async Task<IAsyncDisposable> ForbidStartsAsync(CancellationToken cancellationToken)
    {
        var access = await host.AccessAsync(cancellationToken);
        if (access.Init != InitSystem.None)
        {
            return new Lifted(null);
        }

        var present = await host.Transport.ReadFileAsync(PolicyFile, 4096, access.CanBeRoot, cancellationToken);
        if (present is not null && !System.Text.Encoding.UTF8.GetString(present).Contains(PolicyMark, StringComparison.Ordinal))
        {
            return new Lifted(null);
        }

        const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
        await host.Transport.WriteFileAsync(
            PolicyFile, System.Text.Encoding.UTF8.GetBytes($"#!/bin/sh\n{PolicyMark}\nexit 101\n"), Executable, access.CanBeRoot, cancellationToken);

        // Not the caller's token: it is taken away however the installation ends.
        return new Lifted(() => host.Transport.DeleteAsync(PolicyFile, access.CanBeRoot, CancellationToken.None));
    }

    private static ProviderException Failed(
        CommandResult result, string what, string? remedy, ProviderFailure failure = ProviderFailure.Refused)
    {
        // Status lines are for progress; what is wrong stands in those that start with E: and W:.
        var said = result.Error.Split('\n').Concat(result.OutputLines)
            .Where(line => line.StartsWith("E:", StringComparison.Ordinal) || line.StartsWith("dpkg:", StringComparison.Ordinal)).Distinct().Take(8).ToList();
        var why = said.Count > 0 ? string.Join('\n', said) : result.Complaint();
        var denied = why.Contains("Permission denied", StringComparison.Ordinal) || why.Contains("are you root", StringComparison.Ordinal);
        return new ProviderException(
            denied ? ProviderFailure.Unauthorized : failure, $"{what}: {why}",
            denied ? "Run as root, or as a user with passwordless sudo." : remedy, Remainder.Untouched.Value);
    }

    private sealed class Lifted(Func<Task>? lift) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => lift is null ? ValueTask.CompletedTask : new ValueTask(lift());
    }
}
