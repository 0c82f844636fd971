using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>A host's own settings.</summary>
internal static partial class HostChecks
{
    public static void Run(Host host, Place place, ProblemList problems)
    {
        problems.AddIf(host.Address != Host.Local, () => StackProblems.HostAddress(place.Member("Address"), host.Address));
        Endpoint(host.Docker, place.Member("Docker.Endpoint"), problems);
        Positive(host.Capacity?.Cpus, place.Member("Capacity.Cpus"), problems);
        Positive(host.Capacity?.Memory?.Bytes, place.Member("Capacity.Memory"), problems);
        Positive(host.Capacity?.Disk?.Bytes, place.Member("Capacity.Disk"), problems);
        Positive(host.Overcommit.Cpu, place.Member("Overcommit.Cpu"), problems);
        Positive(host.Overcommit.Memory, place.Member("Overcommit.Memory"), problems);
        Positive(host.Overcommit.Disk, place.Member("Overcommit.Disk"), problems);
        LifecycleChecks.Run(host, place, problems);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var package in host.Packages)
        {
            var at = place.Key("Packages", package.Name);
            foreach (var name in package.Names.Values.Prepend(package.Name))
            {
                problems.AddIf(!IsPackage(name), () => StackProblems.Text(at, $"'{name}' is no name of a package", "Write it as the package manager does."));
            }

            problems.AddIf(!seen.Add(package.Name), () => StackProblems.NameTwice(at, package.Name, "another package of this host"));
        }

        foreach (var network in host.Networks)
        {
            var at = place.Of("Networks", network);
            LifecycleChecks.Run(network, at, problems);
            LabelChecks.Run(network.Owner, network.Labels, at, problems);
        }

        foreach (var volume in host.Volumes)
        {
            var at = place.Of("Volumes", volume);
            LifecycleChecks.Run(volume, at, problems);
            LabelChecks.Run(volume.Owner, volume.Labels, at, problems);
        }
    }

    /// <summary>What a package manager takes for the name of a package.</summary>
    public static bool IsPackage(string name) => PackagePattern().IsMatch(name);

    private static void Endpoint(DockerEngine engine, Place place, ProblemList problems)
    {
        if (!Uri.TryCreate(engine.Endpoint, UriKind.Absolute, out var uri) || uri.Scheme is not ("unix" or "tcp" or "http" or "https"))
        {
            problems.Add(StackProblems.Endpoint(place, engine.Endpoint, "is no unix or tcp endpoint"));
        }
        else if (uri.Scheme == "unix" && uri.AbsolutePath.Length < 2)
        {
            problems.Add(StackProblems.Endpoint(place, engine.Endpoint, "has no path of a socket"));
        }
        else if (uri.Scheme != "unix" && engine.Prepare)
        {
            problems.Add(StackProblems.Endpoint(place, engine.Endpoint, "would open a freshly prepared engine, and with it the whole machine, to the network without a key"));
        }
    }

    private static void Positive(double? number, Place place, ProblemList problems) => problems.AddIf(
        number is { } value && !(value > 0 && double.IsFinite(value)), () => StackProblems.Limit(place, "It has to be more than nothing"));

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9+._:@-]*\z")]
    private static partial Regex PackagePattern();
}
