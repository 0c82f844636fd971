using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>A container's own settings, apart from what it refers to.</summary>
internal static partial class ContainerChecks
{
    public static void Run(Container container, Place place, ProblemList problems)
    {
        LimitChecks.Run(container.Limits, place.Member("Limits"), problems);
        LabelChecks.Run(container.Owner, container.Labels, place, problems);
        LifecycleChecks.Run(container, place, problems);
        foreach (var name in container.Environment.Keys)
        {
            problems.AddIf(
                name.Length == 0 || name.Any(c => c == '=' || char.IsWhiteSpace(c) || char.IsControl(c)),
                () => StackProblems.EnvironmentName(place.Key("Environment", name), name));
        }

        Targets(container, place, problems);
        Names(container, place, problems);
        Restart(container, place, problems);
        Duplicates(container, place, problems);
        if (container.Health is { } health)
        {
            Health(health, place.Member("Health"), problems);
        }

        problems.AddIf(
            container.StopTimeout is { } stop && stop < TimeSpan.Zero, () => StackProblems.Duration(place.Member("StopTimeout"), container.StopTimeout.GetValueOrDefault(), "is less than nothing"));
    }

    public static void AbsolutePath(string path, Place place, ProblemList problems)
    {
        var why = path switch
        {
            _ when !path.StartsWith('/') => "is not absolute",
            _ when path.Split('/').Contains("..") => "goes up by '..'",
            _ when path.Contains('\0', StringComparison.Ordinal) => "has a null character in it",
            _ => null,
        };
        problems.AddIf(why is not null, () => StackProblems.Path(place, path, why ?? ""));
    }

    public static void File(string path, string mode, Place place, ProblemList problems)
    {
        AbsolutePath(path, place.Member("Path"), problems);
        problems.AddIf(path.EndsWith('/'), () => StackProblems.Path(place.Member("Path"), path, "is a folder, not a file"));
        problems.AddIf(!ModePattern().IsMatch(mode), () => StackProblems.Text(place.Member("Mode"), $"'{mode}' is no file mode", "Write four octal digits that start with 0, such as 0644."));
    }

    /// <summary>Whether it is the path of a URL, from its slash.</summary>
    public static bool IsUrlPath(string path) => PathPattern().IsMatch(path);

    private static void Targets(Container container, Place place, ProblemList problems)
    {
        var targets = new Dictionary<string, Place>(StringComparer.Ordinal);
        for (var i = 0; i < container.Mounts.Length; i++)
        {
            var (mount, at) = (container.Mounts[i], place.Index("Mounts", i));
            AbsolutePath(mount.Target, at.Member("Target"), problems);
            problems.AddIf(mount.Target.TrimEnd('/').Length == 0, () => StackProblems.Path(at.Member("Target"), mount.Target, "is the container's whole file system"));
            if (mount is Mount.OfBind bind)
            {
                AbsolutePath(bind.Source, at.Member("Source"), problems);
            }

            problems.AddIf(mount is Mount.OfTmpfs { Size: { Bytes: <= 0 } }, () => StackProblems.Limit(at.Member("Size"), "It has to be more than nothing"));
            Once(mount.Target, at, targets, problems);
        }

        for (var i = 0; i < container.Files.Length; i++)
        {
            var (file, at) = (container.Files[i], place.Index("Files", i));
            File(file.Path, file.Mode, at, problems);
            Once(file.Path, at, targets, problems);
            problems.AddIf(container.ReadOnlyRoot, () => StackProblems.ReadOnlyFiles(at, file.Path));
        }
    }

    private static void Once(string target, Place place, Dictionary<string, Place> targets, ProblemList problems)
    {
        var path = target.TrimEnd('/');
        problems.AddIf(!targets.TryAdd(path, place), () => StackProblems.TargetTwice(place, target, targets[path].ToString()));
    }

    private static void Names(Container container, Place place, ProblemList problems)
    {
        problems.AddIf(
            container.Hostname is { } host && (host.Length > 63 || !HostnamePattern().IsMatch(host)),
            () => StackProblems.Text(place.Member("Hostname"), $"'{container.Hostname}' is no host name", "Use up to 63 letters, digits and '-', with '.' between parts."));
        problems.AddIf(
            container.User is { } user && (user.Length == 0 || user.Any(c => char.IsWhiteSpace(c) || char.IsControl(c))),
            () => StackProblems.Text(place.Member("User"), $"'{container.User}' is no user", "Write user, uid or uid:gid."));
        problems.AddIf(
            container.StopSignal is { } signal && !SignalPattern().IsMatch(signal),
            () => StackProblems.Text(place.Member("StopSignal"), $"'{container.StopSignal}' is no signal", "Write one such as SIGTERM."));
        if (container.WorkingDirectory is { } folder)
        {
            AbsolutePath(folder, place.Member("WorkingDirectory"), problems);
        }

        foreach (var capability in container.Capabilities.Add.Concat(container.Capabilities.Drop))
        {
            problems.AddIf(
                !CapabilityPattern().IsMatch(capability),
                () => StackProblems.Text(place.Member("Capabilities"), $"'{capability}' is no capability", "Write one such as NET_ADMIN, or ALL."));
        }
    }

    private static void Restart(Container container, Place place, ProblemList problems)
    {
        var (restart, at) = (container.Restart, place.Member("Restart"));
        problems.AddIf(restart.MaximumRetries < 0, () => StackProblems.Restart(at, $"{restart.MaximumRetries} retries are less than none", "Give 0 for any number of times."));
        problems.AddIf(
            container.Kind == ContainerKind.Job && restart.Name is "always" or "unless-stopped",
            () => StackProblems.Restart(at, $"A job ends, and '{restart.Name}' would run it again for ever", "Use RestartPolicy.OnFailure(…), or make it a service."));
    }

    private static void Duplicates(Container container, Place place, ProblemList problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < container.Networks.Length; i++)
        {
            var (attachment, at) = (container.Networks[i], place.Index("Networks", i));
            problems.AddIf(!seen.Add(attachment.Network), () => StackProblems.NameTwice(at, attachment.Network, "another entry of the same container"));
            foreach (var alias in attachment.Aliases)
            {
                problems.AddIf(!NameChecks.IsAllowed(alias), () => StackProblems.Name(at.Member("Aliases"), alias, "cannot be a name on a network"));
            }
        }
    }

    private static void Health(HealthCheck health, Place place, ProblemList problems)
    {
        switch (health)
        {
            case HealthCheck.OfCommand { Arguments: var arguments } when arguments.IsDefaultOrEmpty || string.IsNullOrWhiteSpace(arguments[0]):
                problems.Add(StackProblems.Health(place, "It has no command", "Write one, such as HealthCheck.Command(\"true\")."));
                break;
            case HealthCheck.OfHttp http:
                problems.AddIf(http.Port is < 1 or > 65535, () => StackProblems.PortRange(place.Member("Port"), http.Port));
                problems.AddIf(
                    !IsUrlPath(http.Path), () => StackProblems.Health(place, $"'{http.Path}' is no path of a URL", "Start with '/', and write other characters than those of a URL as %XX."));
                break;
            case HealthCheck.OfTcp tcp:
                problems.AddIf(tcp.Port is < 1 or > 65535, () => StackProblems.PortRange(place.Member("Port"), tcp.Port));
                break;
        }

        problems.AddIf(
            health.Retries is < 1 or > 100, () => StackProblems.Health(place.Member("Retries"), $"{health.Retries} retries are not between 1 and 100", "Give between 1 and 100."));

        // The engine refuses anything below a millisecond, and takes 0 as "my own default".
        AtLeastMillisecond(health.Interval, place.Member("Interval"), problems);
        AtLeastMillisecond(health.Timeout, place.Member("Timeout"), problems);
        LifecycleChecks.Positive(health.WaitLimit, place.Member("WaitLimit"), problems);
        problems.AddIf(health.StartPeriod < TimeSpan.Zero, () => StackProblems.Duration(place.Member("StartPeriod"), health.StartPeriod, "is less than nothing"));
    }

    private static void AtLeastMillisecond(TimeSpan time, Place place, ProblemList problems) =>
        problems.AddIf(time < TimeSpan.FromMilliseconds(1), () => StackProblems.Duration(place, time, "is less than a millisecond"));

    [GeneratedRegex(@"\A0[0-7]{3}\z")]
    private static partial Regex ModePattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\z")]
    private static partial Regex HostnamePattern();

    [GeneratedRegex(@"\A(SIG)?[A-Z][A-Z0-9+-]*\z|\A[0-9]{1,2}\z")]
    private static partial Regex SignalPattern();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z_0-9]*\z")]
    private static partial Regex CapabilityPattern();

    // The path is put into a shell command of the check, so it takes nothing that a shell would read.
    [GeneratedRegex(@"\A/[A-Za-z0-9._~!:@%/?=+,-]*\z")]
    private static partial Regex PathPattern();
}
