namespace Provision.Model.Checks;

/// <summary>Every problem a stack can have, one factory each; codes PROV1101 to PROV1199. A test holds that no code is used twice.</summary>
internal static class StackProblems
{
    public static Problem Empty() => new(
        "PROV1101", ProblemSeverity.Error, "Hosts", "The stack declares no host.",
        "Everything in a stack runs on a host, so there is nothing that could be brought up.",
        "Add a host: Hosts = [new Host(\"here\")]. To take a stack away, use destroy.");

    public static Problem Name(Place place, string name, string rule) => Error(
        "PROV1102", place, "A name is not allowed.", $"'{name}' {rule}.",
        "Start with a letter or a digit, and go on with letters, digits, '_', '.' and '-'.");

    public static Problem NameTwice(Place place, string name, string first) => Error(
        "PROV1103", place, "A name is used twice.", $"'{name}' is taken by {first}; the state could not tell them apart.", "Rename one of them.");

    public static Problem UnknownNetwork(Place place, string name, IEnumerable<string> known) => Error(
        "PROV1104", place, "The network is not declared on this host.", $"There is no network '{name}' here; {Known("networks", known)}.",
        $"Declare it in the host's Networks, or correct the name.");

    public static Problem UnknownVolume(Place place, string name, IEnumerable<string> known) => Error(
        "PROV1105", place, "The volume is not declared on this host.", $"There is no volume '{name}' here; {Known("volumes", known)}.",
        "Declare it in the host's Volumes, or correct the name.");

    public static Problem NotInStack(Place place, string kind, string name) => Error(
        "PROV1106", place, "Something is referred to that is not in the stack.",
        $"The {kind} '{name}' is declared, but no host of this stack has it. A copy made by 'with' is another object.",
        "Put that very object into the stack.");

    public static Problem PortTaken(Place place, int port, string protocol, string ip, string first) => Error(
        "PROV1107", place, "Two containers publish one port.",
        $"Port {port}/{protocol} on {ip} is published by {first} too; the second of them could not start.",
        "Publish it on another host port, or leave Host out for one that is free.");

    public static Problem PortRange(Place place, int port) => Error(
        "PROV1108", place, "A port is out of range.", $"{port} is no port.", "Take one from 1 to 65535.");

    public static Problem PublishAddress(Place place, string ip) => Error(
        "PROV1109", place, "A port is published on something that is no address.", $"'{ip}' is no IP address of a host.",
        "Write an address such as 127.0.0.1, or leave Ip out for all of them.");

    public static Problem PortNotPublished(Place place, string container, int port, IEnumerable<int> published) => Error(
        "PROV1110", place, "A port is referred to that is not published.",
        $"'{container}' does not publish {port}; {Known("ports", published.Select(one => one.ToString(System.Globalization.CultureInfo.InvariantCulture)))}.",
        $"Add {port} to its Ports, or use InternalUrl({port}) from a container on the same network.");

    public static Problem NetworkNotJoined(Place place, string container, string network) => Error(
        "PROV1111", place, "An address is referred to on a network that the container is not on.", $"'{container}' is not on the network '{network}'.",
        "Add the network to its Networks, or correct the name.");

    public static Problem Subnet(Place place, string subnet, string why) => Error(
        "PROV1112", place, "A subnet is not valid.", $"'{subnet}' {why}.", "Write the first address and the length of the prefix, such as 10.20.0.0/24.");

    public static Problem SubnetsOverlap(Place place, string subnet, string other, string first) => Error(
        "PROV1113", place, "Two subnets of one host overlap.", $"{subnet} and {other} ({first}) have addresses in common; the host could not route them.",
        "Give one of them another range.");

    public static Problem Address(Place place, string address, string why) => Error(
        "PROV1114", place, "A fixed address cannot be used.", $"{address} {why}.", "Take a free address of the network's Subnet.");

    public static Problem MemoryTooSmall(Place place, DataSize memory) => Error(
        "PROV1115", place, "The memory limit is below what the engine takes.", $"{memory} is less than 6MiB.", "Give it 6.MiB or more.");

    public static Problem OverCapacity(Place place, string what, string wanted, string available) => Error(
        "PROV1116", place, "More is wanted than the host has.", $"{what}: {wanted} wanted, {available} there with the declared capacity and overcommit.",
        "Lower the limits, spread the containers over more hosts, or raise Capacity or Overcommit if the host has more.");

    public static Problem Limit(Place place, string what) => Error(
        "PROV1117", place, "A limit is not valid.", $"{what}.", "Correct it, or leave it out for no limit.");

    public static Problem ImageReference(Place place, string reference, string why) => Error(
        "PROV1118", place, "An image reference is not valid.", $"'{reference}' {why}.", "Write it as one gives it to docker pull, such as nginx:1.27.");

    public static Problem ImageDefinition(Place place, string what, string remedy) => Error(
        "PROV1119", place, "An image cannot be built like this.", $"{what}.", remedy);

    public static Problem Cycle(Place place, IEnumerable<string> loop) => Error(
        "PROV1120", place, "Things wait for each other in a circle.", $"{string.Join(" -> ", loop)}: none of them could be the first.",
        "Take one of these references or DependsOn entries out; names on a network (DnsName) can be written as plain text.");

    public static Problem Health(Place place, string what, string remedy) => Error(
        "PROV1121", place, "A health check is not valid.", $"{what}.", remedy);

    public static Problem EnvironmentName(Place place, string name) => Error(
        "PROV1122", place, "The name of an environment variable is not valid.", $"'{name}' is empty or has '=', a blank or a control character in it.",
        "Use letters, digits and '_'.");

    public static Problem Path(Place place, string path, string why) => Error(
        "PROV1123", place, "A path is not valid.", $"'{path}' {why}.", "Write an absolute path without '..', such as /data.");

    public static Problem TargetTwice(Place place, string target, string first) => Error(
        "PROV1124", place, "Two things appear at one place in a container.", $"{target} is the target of {first} too; one would hide the other.",
        "Give one of them another target.");

    public static Problem Text(Place place, string what, string remedy) => Error("PROV1125", place, "A text is not valid.", $"{what}.", remedy);

    public static Problem Duration(Place place, TimeSpan duration, string rule) => Error(
        "PROV1126", place, "A time is not valid.", $"{duration} {rule}.", "Write a TimeSpan such as TimeSpan.FromSeconds(10).");

    public static Problem Restart(Place place, string what, string remedy) => Error(
        "PROV1127", place, "The restart policy does not fit.", $"{what}.", remedy);

    public static Problem HostAddress(Place place, string address) => Error(
        "PROV1128", place, "The host cannot be reached.", $"'{address}' is not 'local', and this version reaches no other machine.",
        "Leave Address out for the machine that provision runs on.");

    public static Problem OneDaemon(Place place, string endpoint, string first) => Error(
        "PROV1129", place, "Two hosts are one Docker engine.", $"{endpoint} is the engine of {first} too; their containers would take each other's names and ports.",
        "Declare the containers on one host, or give one of them another Docker.Endpoint.");

    public static Problem Endpoint(Place place, string endpoint, string why) => Error(
        "PROV1130", place, "The Docker engine's endpoint is not valid.", $"'{endpoint}' {why}.",
        "Write unix:///var/run/docker.sock or tcp://127.0.0.1:2375; of an engine that provision prepares, a unix socket.");

    public static Problem ReadOnlyFiles(Place place, string path) => Error(
        "PROV1131", place, "A file cannot be put into a read-only container.", $"{path} is written before the start, and ReadOnlyRoot forbids that.",
        "Mount a volume or a folder of the host there, put the file into the image, or leave ReadOnlyRoot out.");

    public static Problem ReservedLabel(Place place, string label) => Error(
        "PROV1132", place, "A label is reserved.", $"'{label}' is part of the stamp by which provision knows its own objects.", "Use another name for it.");

    public static Problem Elsewhere(Place place, string kind, string name, string host) => Error(
        "PROV1133", place, "Something of another host is used.", $"The {kind} '{name}' is on '{host}', and containers can only use what is on their own host.",
        $"Declare a {kind} on this host too.");

    private static Problem Error(string code, Place place, string summary, string detail, string remedy) =>
        new(code, ProblemSeverity.Error, place.ToString(), summary, detail, remedy, place.Source);

    private static string Known(string what, IEnumerable<string> names)
    {
        // A class of 300 has 300 networks: a list of all of them helps nobody.
        const int Shown = 8;
        var some = names.Take(Shown + 1).ToArray();
        return some.Length == 0 ? $"it has no {what}" : $"its {what} are {string.Join(", ", some.Take(Shown))}{(some.Length > Shown ? ", …" : "")}";
    }
}
