using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts.Images;

/// <summary>A kernel as the distribution packs it.</summary>
/// <param name="Tool">Who fetches it: apt or dnf.</param>
/// <param name="Packages">What to fetch, each with its version: the kernel, and its modules where they are packed apart.</param>
/// <param name="Version">The package's version.</param>
internal sealed record KernelPackage(PackageTool Tool, ImmutableArray<string> Packages, string Version);

/// <summary>Finds out which package is the distribution's small kernel. Nothing is installed.</summary>
internal sealed partial class KernelPackages(HostSession host, AptPackages apt)
{
    public async Task<KernelPackage> ResolveAsync(string? package, IStepProgress progress, CancellationToken cancellationToken) =>
        (await host.AccessAsync(cancellationToken)).Packages switch
        {
            PackageTool.Apt => await ResolveAptAsync(package, progress, cancellationToken),
            PackageTool.Dnf => await ResolveDnfAsync(package ?? "kernel-core", cancellationToken),
            _ => throw new ProviderException(
                ProviderFailure.Refused, $"{host.Transport.Address} has neither apt nor dnf, so there is no kernel to be had from it.", null,
                Remainder.Untouched.Value),
        };

    /// <summary>Pure: the package that a kernel's name of convenience stands for, out of <c>apt-cache show</c>.</summary>
    /// <remarks><c>Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)</c>; Ubuntu's names several, the modules among them.</remarks>
    internal static ImmutableArray<string> Concrete(string name, string shown)
    {
        var fields = shown.Split('\n').Select(line => line.Split(": ", 2)).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First()[1].Trim(), StringComparer.Ordinal);
        if (!fields.TryGetValue("Version", out var version))
        {
            return [];
        }

        var needs = DependencyShape().Matches(fields.GetValueOrDefault("Depends", ""));
        var packed = needs.Select(match => (Name: match.Groups["name"].Value, Version: match.Groups["version"].Value)).ToList();
        return KernelShape().IsMatch(name)
            ? [$"{name}={version}", .. packed.Where(need => need.Name.StartsWith("linux-modules-", StringComparison.Ordinal)).Select(Spec)]
            : [.. packed.Where(need => need.Name.StartsWith("linux-image-", StringComparison.Ordinal)).Select(Spec)];

        static string Spec((string Name, string Version) need) => need.Version.Length > 0 ? $"{need.Name}={need.Version}" : need.Name;
    }

    private async Task<KernelPackage> ResolveAptAsync(string? package, IStepProgress progress, CancellationToken cancellationToken)
    {
        var architecture = (await host.Transport.RunAsync(new HostCommand("dpkg", "--print-architecture"), cancellationToken)).Output.Trim();

        // Debian's for virtual machines, Ubuntu's, and the one for all.
        ImmutableArray<string> names = package is not null ? [package] : [$"linux-image-cloud-{architecture}", "linux-image-virtual", $"linux-image-{architecture}"];
        if (await FirstKnownAsync(names, cancellationToken) is { } known)
        {
            return known;
        }

        await apt.RefreshAsync(progress, cancellationToken);
        return await FirstKnownAsync(names, cancellationToken) ?? throw new ProviderException(
            ProviderFailure.Refused, $"No package source of this host has {string.Join(" or ", names)}.",
            $"See 'apt-cache policy {names[0]}', add the source that has it to /etc/apt, or name another kernel (package).", Remainder.Untouched.Value);
    }

    private async Task<KernelPackage?> FirstKnownAsync(ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            var packages = Concrete(name, await ShowAsync(name, cancellationToken));
            if (packages is [var only] && !KernelShape().IsMatch(name))
            {
                var image = only.Split('=')[0];
                packages = Concrete(image, await ShowAsync(only, cancellationToken));
            }

            if (!packages.IsEmpty)
            {
                return new KernelPackage(PackageTool.Apt, packages, packages[0].Split('=') is [_, var version] ? version : packages[0]);
            }
        }

        return null;
    }

    private async Task<string> ShowAsync(string name, CancellationToken cancellationToken) =>
        (await host.Transport.RunAsync(new HostCommand("apt-cache", "show", "--no-all-versions", "--", name), cancellationToken)).Output;

    private async Task<KernelPackage> ResolveDnfAsync(string name, CancellationToken cancellationToken)
    {
        // "6.8.5-301.fc40.x86_64"
        var result = await host.Transport.RunAsync(
            new HostCommand("dnf", "-q", "repoquery", "--latest-limit=1", "--qf", @"%{version}-%{release}.%{arch}\n", "--", name) { Timeout = TimeSpan.FromMinutes(5) },
            cancellationToken);
        var version = result.OutputLines.LastOrDefault();
        if (!result.Succeeded || version is null)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"No package source of this host has {name}: {result.Complaint(3)}",
                "Check the host's repositories, or name another kernel (package).", Remainder.Untouched.Value);
        }

        return new KernelPackage(
            PackageTool.Dnf, name == "kernel-core" ? [$"{name}-{version}", $"kernel-modules-core-{version}"] : [$"{name}-{version}"], version);
    }

    [GeneratedRegex(@"\Alinux-image-[0-9]")]
    private static partial Regex KernelShape();

    [GeneratedRegex(@"(?<name>linux-(image|modules)-[0-9][A-Za-z0-9.+~-]*)( \(= (?<version>[^)]+)\))?")]
    private static partial Regex DependencyShape();
}
