using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>A machine: hardware and operating system, and what runs on it.</summary>
public sealed record Host : Declared
{
    /// <summary>The address that means this machine.</summary>
    public const string Local = "local";

    /// <summary>A machine of that name.</summary>
    public Host(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>How it is reached; <c>local</c> is the machine that Provision runs on.</summary>
    public string Address { get; init; } = Local;

    /// <summary>Its Docker engine.</summary>
    public DockerEngine Docker { get; init; } = new();

    /// <summary>Its processors; null where nobody says, which is taken for x86.</summary>
    public Architecture? Architecture { get; init; }

    /// <summary>How much of it the stack may use. Null: what it reports of itself.</summary>
    public HostCapacity? Capacity { get; init; }

    /// <summary>How far declared limits may exceed the capacity.</summary>
    public Overcommit Overcommit { get; init; } = new();

    /// <summary>Packages of its distribution that have to be there, beside those that the engine needs.</summary>
    public ImmutableArray<HostPackage> Packages { get; init; } = [];

    /// <summary>Networks between its containers.</summary>
    public ImmutableArray<ContainerNetwork> Networks { get; init; } = [];

    /// <summary>Volumes that outlive its containers.</summary>
    public ImmutableArray<ContainerVolume> Volumes { get; init; } = [];

    /// <summary>Images to have there, beside those that its containers use.</summary>
    public ImmutableArray<ContainerImage> Images { get; init; } = [];

    /// <summary>Containers that share its kernel.</summary>
    public ImmutableArray<Container> Containers { get; init; } = [];

    /// <summary>Hypervisors, with the virtual machines on them.</summary>
    public ImmutableArray<Hypervisor> Hypervisors { get; init; } = [];

    /// <summary>Whether anything needs its Docker engine; a host of which nothing is said is one of containers.</summary>
    internal bool UsesDocker => Hypervisors.IsEmpty || !(Networks.IsEmpty && Volumes.IsEmpty && Images.IsEmpty && Containers.IsEmpty);

    /// <summary>Its machines, with the hypervisor of each.</summary>
    internal IEnumerable<PlacedMachine> Machines =>
        Hypervisors.SelectMany(hypervisor => hypervisor.Machines.Select(machine => new PlacedMachine(hypervisor, machine)));
}

/// <summary>A machine and the hypervisor it is on.</summary>
internal sealed record PlacedMachine(Hypervisor Hypervisor, VirtualMachine Machine);

/// <summary>How much a host has, or how much of it a stack may use; null for what the host reports of itself.</summary>
public sealed record HostCapacity
{
    /// <summary>Processors.</summary>
    public double? Cpus { get; init; }

    /// <summary>Memory.</summary>
    public DataSize? Memory { get; init; }

    /// <summary>Storage.</summary>
    public DataSize? Disk { get; init; }
}

/// <summary>How far the limits of everything on a host may exceed its capacity, as ratios; 1 means not at all.</summary>
public sealed record Overcommit
{
    /// <summary>For processors.</summary>
    public double Cpu { get; init; } = 1;

    /// <summary>For memory.</summary>
    public double Memory { get; init; } = 1;

    /// <summary>For storage; the disks of machines fill up only as they are written to.</summary>
    public double Disk { get; init; } = 1;
}

/// <summary>A package of the host's distribution.</summary>
/// <param name="Name">Its name, where no other is given for the host's package manager.</param>
public sealed record HostPackage(string Name)
{
    /// <summary>Its name by package manager (<c>apt</c>, <c>dnf</c>), where it differs.</summary>
    public Map<string> Names { get; init; } = new();

    /// <summary>A command it brings: where that is on the path, nothing is installed.</summary>
    public string? Command { get; init; }

    /// <summary>The version wanted; null for any.</summary>
    public string? Version { get; init; }

    /// <summary>Leave it installed when the stack goes.</summary>
    public bool Keep { get; init; } = true;

    /// <summary>A name is a package.</summary>
    public static implicit operator HostPackage(string name) => new(name);
}

/// <summary>The Docker engine of a host.</summary>
public sealed record DockerEngine
{
    /// <summary>Where Docker's own packages make it listen.</summary>
    public const string DefaultEndpoint = "unix:///var/run/docker.sock";

    /// <summary>Where it listens.</summary>
    public string Endpoint { get; init; } = DefaultEndpoint;

    /// <summary>Install it where it is missing, and start it where it does not run.</summary>
    public bool Prepare { get; init; } = true;

    /// <summary>Leave it installed and running when the stack goes.</summary>
    public bool KeepOnDestroy { get; init; } = true;
}
