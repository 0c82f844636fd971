using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>What a host's package manager can do for us.</summary>
internal interface IPackages
{
    /// <summary>Its name, the first part of a package's id: <c>apt</c>.</summary>
    string Name { get; }

    /// <summary>The installed ones of these packages with their versions, asked for at once.</summary>
    Task<IReadOnlyDictionary<string, string>> InstalledAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken);

    /// <summary>Installs them all or fails, with what they need, never removing another.</summary>
    Task InstallAsync(ImmutableArray<WantedPackage> wanted, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken);

    /// <summary>Removes it alone; refuses where something installed needs it.</summary>
    Task RemoveAsync(string name, TimeSpan timeout, IStepProgress progress, CancellationToken cancellationToken);
}
