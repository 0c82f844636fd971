using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>What a machine is told at its first boot, by itself and against what its image can do.</summary>
internal static partial class FirstBootChecks
{
    public static void Run(VirtualMachine machine, DiskImage image, Place place, ProblemList problems)
    {
        var boot = machine.FirstBoot;
        if (ReferenceEquals(boot, FirstBoot.Default))
        {
            return;
        }

        problems.AddIf(boot.Hostname is { } host && !NameChecks.IsHostLabel(host), () => StackProblems.HostName(
            place.Member("Hostname"), boot.Hostname ?? "", "is no part of a host name"));
        Image(boot, image, place, problems);
        Users(boot, place, problems);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < boot.Files.Length; i++)
        {
            var (file, at) = (boot.Files[i], place.Index("Files", i));
            ContainerChecks.File(file.Path, file.Mode, at, problems);
            problems.AddIf(file.Path.Any(char.IsControl), () => StackProblems.Path(at.Member("Path"), file.Path, "has a control character in it"));
            problems.AddIf(!paths.Add(file.Path), () => StackProblems.TargetTwice(at, file.Path, "another file of the same first boot"));
            problems.AddIf(file.Owner is { } owner && !OwnerPattern().IsMatch(owner), () => StackProblems.Text(
                at.Member("Owner"), $"'{file.Owner}' is no owner", "Write user or user:group."));
        }

        foreach (var package in boot.Packages)
        {
            problems.AddIf(!HostChecks.IsPackage(package), () => StackProblems.Text(
                place.Member("Packages"), $"'{package}' is no name of a package", "Write it as the package manager does."));
        }
    }

    /// <summary>What a Linux system takes for a user's name.</summary>
    public static bool IsUser(string name) => UserPattern().IsMatch(name);

    private static void Image(FirstBoot boot, DiskImage image, Place place, ProblemList problems)
    {
        if (image.Format == FirstBootFormat.None)
        {
            problems.Add(StackProblems.FirstBoot(place, image.Name, "says that it takes no first boot", "Leave FirstBoot out, or say in the image's FirstBoot how it takes one."));
            return;
        }

        var (why, remedy) = image.Format switch
        {
            null when image is DebianDiskImage => (
                "is built without cloud-init", "Put the packages into the image, DiskImage.Debian(suite, packages…), or 'cloud-init' among them."),
            null => ("is a tiny one, which has no package manager", "Put what is needed into the image's files, or use DiskImage.Debian(…) or a cloud image."),
            FirstBootFormat.Ignition => ("reads Ignition, which installs no packages", "Use containers on it, or an image that reads cloud-config."),
            _ => ("", ""),
        };
        problems.AddIf(why.Length > 0 && !boot.Packages.IsEmpty, () => StackProblems.FirstBoot(place.Member("Packages"), image.Name, why, remedy));
        problems.AddIf(why.Length > 0 && boot.UserData is not null, () => StackProblems.FirstBoot(
            place.Member("UserData"), image.Name, "does not read cloud-config", "Say it with files and commands."));
    }

    private static void Users(FirstBoot boot, Place place, ProblemList problems)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in boot.Users)
        {
            var at = place.Key("Users", user.Name);
            problems.AddIf(!IsUser(user.Name), () => StackProblems.UserName(at, user.Name, user.Name.Length == 0 ? "is empty" : "is no name that a Linux system takes"));
            problems.AddIf(!seen.Add(user.Name), () => StackProblems.NameTwice(at, user.Name, "another user of the same machine"));
            if (user.Shell is { } shell)
            {
                ContainerChecks.AbsolutePath(shell, at.Member("Shell"), problems);
                problems.AddIf(shell.Any(char.IsControl), () => StackProblems.Path(at.Member("Shell"), shell, "has a control character in it"));
            }
        }
    }

    [GeneratedRegex(@"\A[a-z_][a-z0-9_-]{0,31}\z")]
    private static partial Regex UserPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.-]*(:[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z")]
    private static partial Regex OwnerPattern();
}
