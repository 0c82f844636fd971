using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>The package's name and the types it handles.</summary>
public static class HostTypes
{
    /// <summary>The provider package.</summary>
    public const string PackageName = "host";

    public static readonly ResourceType Package = new("host:index/package:Package");
    public static readonly ResourceType Service = new("host:index/service:Service");
    public static readonly ResourceType RootFileSystem = new("host:index/rootFileSystem:RootFileSystem");
    public static readonly ResourceType BootKernel = new("host:index/bootKernel:BootKernel");
    public static readonly ResourceType DiskImage = new("host:index/diskImage:DiskImage");
}
