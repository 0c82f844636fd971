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

    public static Problem UnknownVirtualNetwork(Place place, string name, IEnumerable<string> known) => Error(
        "PROV1134", place, "The network is not declared on this hypervisor.", $"There is no network '{name}' here; {Known("networks", known)}.",
        "Declare it in the hypervisor's Networks, or correct the name. Networks of containers are others.");

    public static Problem UnknownPool(Place place, string name, IEnumerable<string> known) => Error(
        "PROV1135", place, "The pool is not declared on this hypervisor.", $"There is no pool '{name}' here; {Known("pools", known)}.",
        "Declare it in the hypervisor's Pools, correct the name, or leave it out for the first one.");

    public static Problem NoImage(Place place, string machine) => Error(
        "PROV1136", place, "A machine has no image.", $"'{machine}' has nothing to boot from.",
        "Give it one: Image = DiskImage.Debian13, or DiskImage.Tiny() for a few megabytes that are made on the host.");

    public static Problem HardwareAddress(Place place, string mac, string why) => Error(
        "PROV1137", place, "A hardware address is not valid.", $"'{mac}' {why}.", "Write one such as 52:54:00:12:34:56, or leave it out for one of its own.");

    public static Problem MachineMemory(Place place, DataSize memory, string image, DataSize least) => Error(
        "PROV1138", place, "A machine has less memory than its image needs.", $"{memory} is less than {least}, below which '{image}' is known not to start.",
        $"Give it {least} or more.");

    public static Problem DiskSize(Place place, DataSize size, string why) => Error(
        "PROV1139", place, "A disk's size is not valid.", $"{size} {why}.", "Give it more, such as 10.GiB; a size left out is the image's own.");

    public static Problem MachineFirmware(Place place, string image) => Error(
        "PROV1140", place, "The firmware does not fit the image.", $"'{image}' is started with its kernel and without a boot loader that is signed, so secure boot would have nothing to verify.",
        "Use Firmware.Uefi, or a cloud image.");

    public static Problem FirstBoot(Place place, string image, string why, string remedy) => Error(
        "PROV1141", place, "The image cannot do what the first boot asks for.", $"'{image}' {why}.", remedy);

    public static Problem ImageArchitecture(Place place, string image, Architecture architecture, Architecture host) => Error(
        "PROV1142", place, "An image is for other processors than the host's.", $"'{image}' is for {architecture}, and the host says that it is {host}.",
        "Take the image for the host's processors, or correct the host's Architecture.");

    public static Problem BridgeMode(Place place, string what, string remedy) => Error(
        "PROV1143", place, "A bridged network is not valid.", $"{what}.", remedy);

    public static Problem Lacks(Place place, HypervisorKind kind, string what, string remedy) => Error(
        "PROV1144", place, "The hypervisor cannot do this.", $"libvirt's driver for {kind} {what}.", remedy);

    public static Problem OneHypervisor(Place place, string connection, string first) => Error(
        "PROV1145", place, "Two hypervisors are one.", $"{connection} is the connection of {first} too; their machines would take each other's names.",
        "Declare the machines on one of them, or give one another Connection.");

    public static Problem Connection(Place place, string connection, string why, string remedy) => Error(
        "PROV1146", place, "A hypervisor's connection is not valid.", $"'{connection}' {why}.", remedy);

    public static Problem DiskImage(Place place, string what, string remedy) => Error("PROV1147", place, "A disk image is not valid.", $"{what}.", remedy);

    public static Problem UnknownImage(Place place, string name, IEnumerable<string> known) => Error(
        "PROV1148", place, "The image is not in the catalogue.", $"There is no image '{name}'; {Known("names", known, all: true)}.",
        "Correct the name, or give the image by URL and digest.");

    public static Problem NoSubnetLeft(Place place) => Error(
        "PROV1149", place, "There is no subnet left for a network.", "All of 10.64.0.0/11 is taken by the networks of this host.", "Give the network a Subnet.");

    public static Problem NoAddress(Place place, string what) => Error(
        "PROV1150", place, "A machine without an address is waited for.", $"{what} has to have an address, and the machine is on no network that could give it one.",
        "Put it on a network, or leave this out.");

    public static Problem MachineDisk(Place place, string name, string why) => Error(
        "PROV1151", place, "The name of a disk is not allowed.", $"'{name}' {why}.",
        "Use up to 20 letters, digits, '_' and '-'; the machine finds the disk by it as its serial number.");

    public static Problem DisksAlike(Place place, string volume, string first) => Error(
        "PROV1152", place, "Two disks would be one file.", $"'{volume}' is what {first} is called too.", "Rename one of the disks or machines.");

    public static Problem UserName(Place place, string name, string why) => Error(
        "PROV1153", place, "The name of a user is not valid.", $"'{name}' {why}.", "Start with a small letter, and go on with small letters, digits, '_' and '-', up to 32.");

    public static Problem MachineElsewhere(Place place, string kind, string name, string hypervisor) => Error(
        "PROV1154", place, "Something of another hypervisor is used.", $"The {kind} '{name}' is on '{hypervisor}', and machines can only use what is on their own hypervisor.",
        $"Declare a {kind} on this hypervisor too.");

    public static Problem HostName(Place place, string name, string rule) => Error(
        "PROV1155", place, "A machine's name is no host name.", $"'{name}' {rule}.",
        "Use up to 63 letters, digits and '-', with a letter or a digit at both ends.");

    private static Problem Error(string code, Place place, string summary, string detail, string remedy) =>
        new(code, ProblemSeverity.Error, place.ToString(), summary, detail, remedy, place.Source);

    private static string Known(string what, IEnumerable<string> names, bool all = false)
    {
        // A class of 300 has 300 networks: a list of all of them helps nobody.
        var shown = all ? int.MaxValue - 1 : 8;
        var some = names.Take(shown + 1).ToArray();
        return some.Length == 0 ? $"it has no {what}" : $"its {what} are {string.Join(", ", some.Take(shown))}{(some.Length > shown ? ", …" : "")}";
    }
}
