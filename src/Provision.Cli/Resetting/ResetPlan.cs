using System.Collections.Immutable;
using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Model.Policies;

namespace Provision.Cli.Resetting;

/// <summary>Which disks of a machine a reset makes anew and which it leaves alone, as the state records them. Pure.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Dropped">The volumes that are deleted and made again, the root disk's first.</param>
/// <param name="Kept">The names of the disks that are marked to be kept.</param>
internal sealed record ResetPlan(Workload Machine, ImmutableArray<ResourceState> Dropped, ImmutableArray<string> Kept)
{
    private static readonly ResourceType Volume = new(ResourceTypes.Disk);

    /// <exception cref="CliException">A disk that would be dropped cannot be made again, or is not this machine's alone.</exception>
    public static ResetPlan Of(Snapshot snapshot, Workload machine)
    {
        var volumes = snapshot.Resources.Where(state => state.Type == Volume && !state.Delete).ToLookup(state => state.Id, StringComparer.Ordinal);
        var others = Workload.All(snapshot).Where(one => one.Kind == WorkloadKind.Machine && one.State.Urn != machine.State.Urn).ToArray();
        var dropped = ImmutableArray.CreateBuilder<ResourceState>();
        var kept = ImmutableArray.CreateBuilder<string>();
        foreach (var disk in DisksOf(machine))
        {
            var volume = volumes[disk.VolumeId].FirstOrDefault();
            var name = volume?.Urn.Name ?? disk.Serial ?? disk.VolumeId;
            if (disk.Keep)
            {
                kept.Add(name);
            }
            else if (volume is null)
            {
                throw Refused(machine, $"its disk {name} is no volume of this stack, so nobody knows how to make it again");
            }
            else if (others.FirstOrDefault(other => DisksOf(other).Any(shared => shared.VolumeId == disk.VolumeId)) is { } sharer)
            {
                throw Refused(machine, $"its disk {name} is also a disk of '{sharer.Name}'");
            }
            else
            {
                dropped.Add(volume);
            }
        }

        return dropped.Count > 0 ? new ResetPlan(machine, dropped.ToImmutable(), kept.ToImmutable()) : throw Refused(machine, "no disk of it may be dropped");
    }

    /// <summary>What is dropped and what is kept, in words.</summary>
    public string Describe() =>
        $"drops {string.Join(", ", Dropped.Select(volume => volume.Urn.Name))}{(Kept.IsEmpty ? "" : $", keeps {string.Join(", ", Kept)}")}";

    private static CliException Refused(Workload machine, string why) => new(ExitCode.Resource, CliDiagnostics.CannotReset(machine.Name, why));

    private static IEnumerable<(string VolumeId, string? Serial, bool Keep)> DisksOf(Workload machine) =>
        from disk in (machine.State.Inputs.Find("disks") as PropertyValue.List)?.Items ?? []
        where disk is PropertyValue.Map
        let properties = ((PropertyValue.Map)disk).Properties
        where properties.Find("volumeId") is PropertyValue.String
        select (
            ((PropertyValue.String)properties["volumeId"]).Value,
            (properties.Find("__serial") as PropertyValue.String)?.Value,
            properties.Find("__keep") is PropertyValue.Bool { Value: true });
}
