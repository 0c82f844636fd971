using System.Collections.Immutable;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary>A machine's snapshots by name.</summary>
internal static class SnapshotLookup
{
    /// <exception cref="CliException">There is none of that name.</exception>
    public static MachineSnapshot Find(ImmutableArray<MachineSnapshot> known, Workload machine, string name)
    {
        string[] names = [.. known.Select(one => one.Name)];
        return known.FirstOrDefault(one => one.Name == name)
            ?? throw new CliException(ExitCode.Configuration, CliDiagnostics.SnapshotUnknown(name, machine.Name, names, Suggestion.For(name, names)));
    }
}
