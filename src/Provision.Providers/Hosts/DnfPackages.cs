using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>Fedora's and Red Hat's packages. dnf waits for its own lock and fetches its own lists.</summary>
internal sealed class DnfPackages(HostSession host) : IPackages
{
    public string Name => "dnf";

    public async Task<IReadOnlyDictionary<string, string>> InstalledAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        // "tini\t0.19.0-5.fc40"; "package nope is not installed" for the others, and their number as exit code.
        var result = await host.Transport.RunAsync(
            new HostCommand("rpm", ["-q", "--qf", @"%{NAME}\t%{VERSION}-%{RELEASE}\n", "--", .. names]), cancellationToken);
        if (result.ExitCode == 127)
        {
            throw new ProviderException(ProviderFailure.Refused, $"rpm does not answer: {result.Complaint()}", null, Remainder.Untouched.Value);
        }

        return result.OutputLines.Select(line => line.Split('\t')).Where(parts => parts.Length == 2)
            .GroupBy(parts => parts[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last()[1], StringComparer.Ordinal);
    }

    public async Task InstallAsync(ImmutableArray<WantedPackage> wanted, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            "dnf", ["install", "-y", "--setopt=install_weak_deps=False", "--", .. wanted.Select(one => one.Version is null ? one.Name : $"{one.Name}-{one.Version}")], timeout, progress, cancellationToken);
        if (!result.Succeeded)
        {
            throw Failed(result, $"{string.Join(", ", wanted.Select(one => one.Name))} could not be installed", "Try the same with 'dnf install' by hand, put right what it says, and run up again.");
        }
    }

    public async Task RemoveAsync(string name, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken)
    {
        // "\ttini is needed by (installed) docker-20.10-1.x86_64"
        var test = await RunAsync("rpm", ["-e", "--test", "--", name], timeout, progress, cancellationToken);
        if (!test.Succeeded)
        {
            throw Failed(test, $"{name} is not removed", "Remove what needs it first, or set the package's keep to true.");
        }

        var result = await RunAsync("dnf", ["remove", "-y", "--noautoremove", "--", name], timeout, progress, cancellationToken);
        if (!result.Succeeded)
        {
            throw Failed(result, $"{name} could not be removed", null);
        }
    }

    private Task<CommandResult> RunAsync(
        string file, ImmutableArray<string> arguments, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken) =>
        host.RunAsync(new HostCommand(file, arguments) { Timeout = timeout, OnLine = line => progress.Report(line.Trim()) }, cancellationToken);

    private static ProviderException Failed(CommandResult result, string what, string? remedy) =>
        new(ProviderFailure.Refused, $"{what}: {result.Complaint()}", remedy, Remainder.Untouched.Value);
}
