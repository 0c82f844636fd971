using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Model.Policies;

namespace Provision.Providers.Lowering;

/// <summary>
/// What everything in a stack is called: URNs, physical names and stamps. What is declared keeps its name; what is only derived for a host
/// (images, packages, services) is called <c>host/what</c>, for another host may have the same.
/// </summary>
internal sealed class StackNames
{
    public static readonly ResourceType HostComponent = new("provision:index:Host");
    public static readonly ResourceType PackageType = new("host:index/package:Package");
    public static readonly ResourceType ServiceType = new("host:index/service:Service");
    public static readonly ResourceType RootFileSystemType = new("host:index/rootFileSystem:RootFileSystem");
    public static readonly ResourceType BootKernelType = new("host:index/bootKernel:BootKernel");
    public static readonly ResourceType DiskImageType = new("host:index/diskImage:DiskImage");
    public static readonly ResourceType HypervisorComponent = new("provision:index:Hypervisor");
    public static readonly ResourceType MachineComponent = new("provision:index:VirtualMachine");
    public static readonly ResourceType DomainType = new(ResourceTypes.Machine);
    public static readonly ResourceType PoolType = new(ResourceTypes.Pool);
    public static readonly ResourceType DiskType = new(ResourceTypes.Disk);
    public static readonly ResourceType VirtualNetworkType = new(ResourceTypes.MachineNetwork);
    public static readonly ResourceType CloudInitDiskType = new("libvirt:index/cloudInitDisk:CloudInitDisk");
    public static readonly ResourceType IgnitionType = new("libvirt:index/ignition:Ignition");
    public static readonly ResourceType KeyType = new("tls:index/privateKey:PrivateKey");
    public static readonly ResourceType ContainerType = new(ResourceTypes.Container);
    public static readonly ResourceType ImageType = new(ResourceTypes.BuiltImage);
    public static readonly ResourceType RemoteImageType = new(ResourceTypes.RegistryImage);
    public static readonly ResourceType NetworkType = new(ResourceTypes.ContainerNetwork);
    public static readonly ResourceType VolumeType = new(ResourceTypes.ContainerVolume);

    private readonly LoweringContext _context;
    private readonly Dictionary<Declared, Urn> _urns = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Declared, ImmutableArray<Urn>> _contents = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Host, string), ContainerNetwork> _networks = [];
    private readonly Dictionary<(Host, string), ContainerVolume> _volumes = [];
    private readonly Dictionary<(Urn Hypervisor, string), VirtualNetwork> _virtualNetworks = [];
    private readonly Dictionary<(Urn Hypervisor, string), StoragePool> _pools = [];
    private readonly Dictionary<Declared, Urn> _components = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Declared, Urn> _providers = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, string?> _files = new(StringComparer.Ordinal);

    public StackNames(Stack stack, LoweringContext context)
    {
        _context = context;
        Root = Urn.OfStack(context.StackName, context.Project);
        Addresses = MachineAddresses.Of(stack, context.StackName);
        foreach (var host in stack.Hosts)
        {
            var component = Create(Root, HostComponent, host.Name);
            _urns.Add(host, component);
            _providers.Add(host, Create(component, ResourceType.ProviderOf("docker"), host.Name));
            AddAll(component, NetworkType, host.Networks);
            AddAll(component, VolumeType, host.Volumes);
            AddAll(component, ContainerType, host.Containers);
            foreach (var hypervisor in host.Hypervisors)
            {
                AddHypervisor(component, hypervisor);
            }

            IEnumerable<Urn> docker = host.UsesDocker
                ? [.. host.Networks.Concat<Declared>(host.Volumes).Concat(host.Containers).Select(item => _urns[item]), DockerProviderOf(host)]
                : [];
            _contents.Add(host, [.. docker, .. host.Hypervisors.SelectMany(hypervisor => _contents[hypervisor])]);
            foreach (var network in host.Networks)
            {
                _networks.Add((host, network.Name), network);
            }

            foreach (var volume in host.Volumes)
            {
                _volumes.Add((host, volume.Name), volume);
            }
        }
    }

    public Urn Root { get; }

    /// <summary>Subnets and hardware addresses, where they follow from names.</summary>
    public MachineAddresses Addresses { get; }

    /// <summary>The resource that is meant by a reference: of a machine its domain.</summary>
    public Urn UrnOf(Declared declared) => _urns[declared];

    /// <summary>The component that a machine's disks and domain stand under.</summary>
    public Urn ComponentOf(VirtualMachine machine) => _components[machine];

    /// <summary>What to wait for to wait for it: a host or hypervisor is there when everything on it is.</summary>
    public ImmutableArray<Urn> WaitsFor(Declared declared) => declared is Host or Hypervisor ? _contents[declared] : [_urns[declared]];

    /// <summary>A network by the name that an interface gives.</summary>
    public VirtualNetwork NetworkOf(Hypervisor hypervisor, NetworkInterface networkInterface) =>
        networkInterface.Declared ?? _virtualNetworks[(_urns[hypervisor], networkInterface.Network)];

    /// <summary>A pool by name; without one the hypervisor's first, or the one it has without saying so.</summary>
    public Urn PoolUrn(Hypervisor hypervisor, string? name) =>
        name is not null ? _urns[_pools[(_urns[hypervisor], name)]]
        : hypervisor.Pools is [var first, ..] ? _urns[first]
        : Create(_urns[hypervisor], PoolType, hypervisor.Name);

    /// <summary>A disk of a machine, or what stands beside its disks.</summary>
    public Urn PartUrn(VirtualMachine machine, ResourceType type, string part) => Create(_components[machine], type, $"{machine.Name}/{part}");

    public Urn LibvirtProviderOf(Hypervisor hypervisor) => _providers[hypervisor];

    public Urn BootKernelUrn(Host host) => Derived(host, BootKernelType, "kernel");

    public Urn DiskImageUrn(Host host, DiskImage image) => Derived(host, DiskImageType, image.Name);

    /// <summary>The stack's key, and what makes it: one of each, on no host.</summary>
    public Urn KeyUrn => Create(Root, KeyType, "ssh");

    public Urn KeyProviderUrn => Create(Root, ResourceType.ProviderOf("tls"), "ssh");

    public Urn NetworkUrn(Host host, string name) => _urns[_networks[(host, name)]];

    public Urn VolumeUrn(Host host, string name) => _urns[_volumes[(host, name)]];

    public Urn DockerProviderOf(Host host) => _providers[host];

    public Urn HostProviderOf(Host host) => Create(_urns[host], ResourceType.ProviderOf("host"), host.Name);

    public Urn PackageUrn(Host host, string package) => Derived(host, PackageType, package);

    public Urn ServiceUrn(Host host, string service) => Derived(host, ServiceType, service);

    public Urn RootFileSystemUrn(Host host, TinyImage image) => Derived(host, RootFileSystemType, image.Name);

    public Urn ImageUrn(Host host, ContainerImage image) => image switch
    {
        TinyImage tiny => Derived(host, ImageType, tiny.Name),
        BuiltImage built => Derived(host, ImageType, built.Name),
        RegistryImage { Platform: { } platform } registry => Derived(host, RemoteImageType, $"{registry.Reference} ({platform})"),
        RegistryImage registry => Derived(host, RemoteImageType, registry.Reference),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The name of the real thing.</summary>
    public string Physical(string name) => $"{_context.StackName}-{name}";

    /// <summary>The reference of a built image: a repository has no capitals, and no two separators side by side.</summary>
    public string ImageName(string name) =>
        $"{_context.StackName.ToLowerInvariant().TrimEnd('.', '_', '-')}-{name.ToLowerInvariant()}:latest";

    /// <summary>The four facts by which we know what is ours, as a map.</summary>
    public PropertyMap Stamp(Urn urn, string? owner) => PropertyMap.Of(Facts(urn, owner));

    /// <summary>The stamp and the user's own labels, as Docker's resources take them.</summary>
    public PropertyValue Labels(Urn urn, string? owner, Map<string> labels)
    {
        var all = PropertyMap.Of([.. Facts(urn, owner), .. labels.Keys.Select(label => new Property(label, labels[label]))]);
        return PropertyValue.ListOf(all.Keys.Select(label => (PropertyValue)PropertyMap.Of(("label", label), ("value", all[label]))));
    }

    /// <summary>Where it was declared, relative to the workspace; null where it was declared elsewhere.</summary>
    public string? SourceOf(Declared declared)
    {
        if (declared.Source is not { } source)
        {
            return null;
        }

        if (!_files.TryGetValue(source.File, out var file))
        {
            _files[source.File] = file = PositionOf(source.File);
        }

        return file is null ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file}#{source.Line}");
    }

    private string? PositionOf(string source)
    {
        var file = Path.IsPathRooted(source) ? Path.GetRelativePath(_context.WorkspaceFolder, source) : source;
        var parts = file.Replace('\\', '/').Split('/');
        return Path.IsPathRooted(file) || parts.Contains("..") ? null : $"project:///{string.Join('/', parts.Select(Uri.EscapeDataString))}";
    }

    private Property[] Facts(Urn urn, string? owner) =>
    [
        ("provision.project", _context.Project),
        ("provision.stack", _context.StackName),
        ("provision.urn", urn.ToString()),
        ("provision.owner", OptionalInput.Text(owner)),
    ];

    private void AddHypervisor(Urn host, Hypervisor hypervisor)
    {
        var component = Create(host, HypervisorComponent, hypervisor.Name);
        _urns.Add(hypervisor, component);
        _providers.Add(hypervisor, Create(component, ResourceType.ProviderOf("libvirt"), hypervisor.Name));
        AddAll(component, VirtualNetworkType, hypervisor.Networks);
        AddAll(component, PoolType, hypervisor.Pools);
        foreach (var network in hypervisor.Networks)
        {
            _virtualNetworks.Add((component, network.Name), network);
        }

        foreach (var pool in hypervisor.Pools)
        {
            _pools.Add((component, pool.Name), pool);
        }

        foreach (var machine in hypervisor.Machines)
        {
            var machineComponent = Create(component, MachineComponent, machine.Name);
            _components.Add(machine, machineComponent);
            _urns.Add(machine, Create(machineComponent, DomainType, machine.Name));
        }

        _contents.Add(hypervisor,
        [
            .. hypervisor.Networks.Concat<Declared>(hypervisor.Pools).Concat(hypervisor.Machines).Select(item => _urns[item]), LibvirtProviderOf(hypervisor),
        ]);
    }

    private void AddAll(Urn component, ResourceType type, IEnumerable<Declared> items)
    {
        foreach (var item in items)
        {
            _urns.Add(item, Create(component, type, item.Name));
        }
    }

    private Urn Derived(Host host, ResourceType type, string what) => Create(_urns[host], type, $"{host.Name}/{what}");

    private Urn Create(Urn parent, ResourceType type, string name) => Urn.Create(_context.StackName, _context.Project, parent, type, name);
}
