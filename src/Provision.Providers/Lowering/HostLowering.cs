using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>A host: a component, the providers that reach it and its Docker engine, and what prepares it.</summary>
internal static class HostLowering
{
    private const string EngineService = "docker";
    private const string UnixScheme = "unix://";

    // Debian's and Fedora's own packages: the ones their security updates come for.
    private static readonly HostPackage EnginePackage = new("docker.io")
    {
        Names = new() { ["apt"] = "docker.io", ["dnf"] = "moby-engine" },
        Command = "dockerd",
    };

    // Without a command: a busybox that is there may be the dynamic one, which is of no use in an empty file system.
    private static readonly HostPackage BusyboxPackage = new("busybox-static")
    {
        Names = new() { ["apt"] = "busybox-static", ["dnf"] = "busybox" },
    };

    public static IEnumerable<ResourceGoal> Lower(Host host, StackNames names)
    {
        var component = names.UrnOf(host);
        var waitsFor = OptionsLowering.DependsOn(host, names, []);
        yield return new ResourceGoal
        {
            Urn = component,
            Custom = false,
            Parent = names.Root,
            Options = OptionsLowering.Lower(host, names, []),
            SourcePosition = names.SourceOf(host),
        };
        yield return new ResourceGoal
        {
            Urn = names.HostProviderOf(host),
            Custom = true,
            Parent = component,
            Inputs = PropertyMap.Of(("address", host.Address)),
            Options = new ResourceOptions { DependsOn = waitsFor },
            SourcePosition = names.SourceOf(host),
        };

        foreach (var package in Packages(host))
        {
            yield return Package(package, host, names);
        }

        foreach (var service in HypervisorPreparation.Services(host, names))
        {
            yield return service;
        }

        if (!host.UsesDocker)
        {
            yield break;
        }

        if (host.Docker.Prepare)
        {
            yield return Service(host, names);
        }

        yield return new ResourceGoal
        {
            Urn = names.DockerProviderOf(host),
            Custom = true,
            Parent = component,
            Inputs = PropertyMap.Of(("host", host.Docker.Endpoint)),
            Options = new ResourceOptions { DependsOn = host.Docker.Prepare ? [names.ServiceUrn(host, EngineService)] : waitsFor },
            SourcePosition = names.SourceOf(host),
        };
    }

    /// <summary>The package whose busybox goes into tiny images.</summary>
    public static Urn BusyboxUrn(Host host, StackNames names) => names.PackageUrn(host, BusyboxPackage.Name);

    private static IEnumerable<HostPackage> Packages(Host host)
    {
        // What the user says about a package of that name goes before what we would say.
        var own = host.Packages.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        var needsBusybox = ImageLowering.RootsOf(host).Any() || DiskImageLowering.ImagesOf(host).Any(image => image.IsBuilt);
        if (host.UsesDocker && host.Docker.Prepare && !own.Contains(EnginePackage.Name))
        {
            yield return EnginePackage with { Keep = host.Docker.KeepOnDestroy };
        }

        if (needsBusybox && !own.Contains(BusyboxPackage.Name))
        {
            yield return BusyboxPackage;
        }

        foreach (var package in HypervisorPreparation.Packages(host).Concat(DiskImageLowering.Packages(host)).DistinctBy(package => package.Name))
        {
            if (!own.Contains(package.Name))
            {
                yield return package;
            }
        }

        foreach (var package in host.Packages)
        {
            yield return package;
        }
    }

    private static ResourceGoal Package(HostPackage package, Host host, StackNames names) => new()
    {
        Urn = names.PackageUrn(host, package.Name),
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.HostProviderOf(host),
        Inputs = PropertyMap.Of(
            ("name", package.Name),
            ("names", OptionalInput.Map(package.Names)),
            ("command", OptionalInput.Text(package.Command)),
            ("version", OptionalInput.Text(package.Version)),
            ("keep", package.Keep)),
        Options = Kept(package.Keep, []),
        SourcePosition = names.SourceOf(host),
    };

    private static ResourceGoal Service(Host host, StackNames names) => new()
    {
        Urn = names.ServiceUrn(host, EngineService),
        Custom = true,
        Parent = names.UrnOf(host),
        Provider = names.HostProviderOf(host),
        Inputs = PropertyMap.Of(
            ("name", EngineService),
            ("unit", EngineService),
            ("command", PropertyValue.ListOf(["dockerd", "-H", host.Docker.Endpoint])),
            ("running", true),
            ("enabled", true),
            ("readySocket", host.Docker.Endpoint[UnixScheme.Length..]),
            ("readyHttpPath", "/_ping"),
            ("keep", host.Docker.KeepOnDestroy)),
        Options = Kept(host.Docker.KeepOnDestroy, [names.PackageUrn(host, EnginePackage.Name)]),
        SourcePosition = names.SourceOf(host),
    };

    public static ResourceOptions Kept(bool keep, ImmutableArray<Urn> dependsOn) =>
        new() { RetainOnDelete = keep ? true : null, DependsOn = dependsOn };
}
