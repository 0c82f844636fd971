using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>Names: what a daemon takes, and no two alike where they would be one thing.</summary>
internal static partial class NameChecks
{
    // A container's name is a host name on its networks, and that is what limits it: RFC 1035, section 2.3.4.
    private const int LongestLabel = 63;
    private const int LongestPhysicalName = 255;

    public static void Run(Stack stack, string? stackName, ProblemList problems)
    {
        Unique(stack.Hosts, Place.Of, problems);
        foreach (var host in stack.Hosts)
        {
            Allowed(host, Place.Of(host), null, problems);
        }

        // A resource is known by its kind and name in the whole stack, so names are unique over all hosts.
        Members(OfHosts(host => host.Networks), "Networks", stackName, problems);
        Members(OfHosts(host => host.Volumes), "Volumes", stackName, problems);
        Members(OfHosts(host => host.Containers), "Containers", stackName, problems);
        Members(OfHosts(host => host.Hypervisors), "Hypervisors", stackName, problems);
        Members(OfHypervisors(hypervisor => hypervisor.Networks), "Networks", stackName, problems);
        Members(OfHypervisors(hypervisor => hypervisor.Pools), "Pools", stackName, problems);
        Members(OfHypervisors(hypervisor => hypervisor.Machines), "Machines", stackName, problems);
        foreach (var name in stack.Outputs.Keys)
        {
            problems.AddIf(
                string.IsNullOrWhiteSpace(name) || name.Any(char.IsControl),
                () => StackProblems.Name(Place.Root("Outputs"), name, "is empty or has a control character in it"));
        }

        IEnumerable<Group> OfHosts(Func<Host, IEnumerable<Declared>> items) => stack.Hosts.Select(host => new Group(Place.Of(host), items(host)));

        IEnumerable<Group> OfHypervisors(Func<Hypervisor, IEnumerable<Declared>> items) =>
            stack.Hosts.SelectMany(host => host.Hypervisors.Select(hypervisor => new Group(Place.Of(host).Of("Hypervisors", hypervisor), items(hypervisor))));
    }

    /// <summary>What a Docker daemon takes for a name after the stack's own.</summary>
    public static bool IsAllowed(string name) => NamePattern().IsMatch(name);

    /// <summary>What RFC 1123 takes for one part of a host name.</summary>
    public static bool IsHostLabel(string name) => name.Length <= LongestLabel && HostLabelPattern().IsMatch(name);

    private static void Members(IEnumerable<Group> groups, string member, string? stackName, ProblemList problems)
    {
        // A host name means the same in capitals and in small letters.
        var first = new Dictionary<string, Place>(member == "Machines" ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var (outer, items) in groups)
        {
            foreach (var item in items)
            {
                var place = outer.Of(member, item);
                Allowed(item, place, stackName, problems);
                problems.AddIf(!first.TryAdd(item.Name, place), () => StackProblems.NameTwice(place, item.Name, Where(first[item.Name])));
            }
        }
    }

    private static void Unique(IEnumerable<Host> hosts, Func<Host, Place> placeOf, ProblemList problems)
    {
        var first = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var host in hosts)
        {
            problems.AddIf(!first.TryAdd(host.Name, placeOf(host)), () => StackProblems.NameTwice(placeOf(host), host.Name, Where(first[host.Name])));
        }
    }

    private static void Allowed(Declared item, Place place, string? stackName, ProblemList problems)
    {
        if (item is VirtualMachine)
        {
            problems.AddIf(!IsHostLabel(item.Name), () => StackProblems.HostName(
                place, item.Name, item.Name.Length > LongestLabel ? $"has {item.Name.Length} characters" : item.Name.Length == 0 ? "is empty" : "has a character in it that no host name has, or '-' at an end"));
        }
        else if (!IsAllowed(item.Name))
        {
            problems.Add(StackProblems.Name(place, item.Name, item.Name.Length == 0 ? "is empty" : "has a character in it that a daemon refuses"));
        }
        else if (item is Container && item.Name.Length > LongestLabel)
        {
            problems.Add(StackProblems.Name(place, item.Name, $"has {item.Name.Length} characters, and a container's name is its address on its networks, which takes {LongestLabel}"));
        }
        else if (stackName is not null && stackName.Length + 1 + item.Name.Length > LongestPhysicalName)
        {
            problems.Add(StackProblems.Name(place, item.Name, $"makes '{stackName}-{item.Name}' longer than {LongestPhysicalName} characters"));
        }

        foreach (var alias in item.Lifecycle.Aliases)
        {
            problems.AddIf(!IsAllowed(alias), () => StackProblems.Name(place.Member("Lifecycle.Aliases"), alias, "was never an allowed name"));
        }
    }

    private static string Where(Place place) => place.Source is { } source ? $"{place} (line {source.Line})" : place.ToString();

    /// <summary>What stands side by side.</summary>
    private sealed record Group(Place Place, IEnumerable<Declared> Items);

    [GeneratedRegex(@"\A[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\z")]
    private static partial Regex HostLabelPattern();

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]*\z")]
    private static partial Regex NamePattern();
}
