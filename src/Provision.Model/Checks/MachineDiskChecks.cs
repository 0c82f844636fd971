using System.Text.RegularExpressions;

namespace Provision.Model.Checks;

/// <summary>A machine's disks, and that no two of a hypervisor are one file.</summary>
internal static partial class MachineDiskChecks
{
    // What the disks of every machine are called; the last is the label of the one that first boot data is on.
    private static readonly string[] Reserved = ["root", "seed", "cidata"];

    private static readonly DataSize LeastSize = 1.MiB;

    // What qcow2 and ext4 hold by far, and what no typing error reaches by chance.
    private static readonly DataSize MostSize = 1024.TiB;

    public static void Run(VirtualMachine machine, Place place, ProblemList problems)
    {
        if (machine.Disk is { } root)
        {
            var least = machine.Image is CatalogDiskImage catalog ? DiskImageCatalog.Find(catalog.Entry)?.LeastDisk ?? default : default;
            Size(root, place.Member("Disk"), problems);
            problems.AddIf(root >= LeastSize && root < least, () => StackProblems.DiskSize(
                place.Member("Disk"), root, $"is less than the {least} of the image '{machine.Image?.Name}'"));
        }

        var (names, mounts) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, Place>(StringComparer.Ordinal));
        foreach (var disk in machine.Disks)
        {
            var at = place.Key("Disks", disk.Name);
            var why = disk.Name switch
            {
                _ when !NamePattern().IsMatch(disk.Name) => disk.Name.Length > 20 ? $"has {disk.Name.Length} characters" : "has no letter or digit at its start, or a character in it that is not allowed",
                _ when Reserved.Contains(disk.Name) => "is what every machine has already",
                _ => null,
            };
            problems.AddIf(why is not null, () => StackProblems.MachineDisk(at, disk.Name, why ?? ""));
            problems.AddIf(!names.Add(disk.Name), () => StackProblems.NameTwice(at, disk.Name, "another disk of the same machine"));
            Size(disk.Size, at.Member("Size"), problems);
            if (disk.Mount is { } mount)
            {
                ContainerChecks.AbsolutePath(mount, at.Member("Mount"), problems);
                problems.AddIf(mount.Trim('/').Length == 0 || mount.Any(char.IsControl), () => StackProblems.Path(
                    at.Member("Mount"), mount, mount.Any(char.IsControl) ? "has a control character in it" : "is the machine's whole file system"));
                problems.AddIf(!mounts.TryAdd(mount.TrimEnd('/'), at), () => StackProblems.TargetTwice(at.Member("Mount"), mount, mounts[mount.TrimEnd('/')].ToString()));
                problems.AddIf(machine.Image?.Format == FirstBootFormat.None, () => StackProblems.FirstBoot(
                    at.Member("Mount"), machine.Image?.Name ?? "", "takes no first boot, and so mounts nothing", "Leave Mount out, and mount the disk by hand."));
            }
        }
    }

    /// <summary>'a' with a disk 'b-root' and 'a-b' with its root disk would both lie in a-b-root.</summary>
    public static void RunFiles(Hypervisor hypervisor, Place place, ProblemList problems)
    {
        var files = new Dictionary<string, Place>(StringComparer.Ordinal);
        foreach (var machine in hypervisor.Machines)
        {
            var at = place.Of("Machines", machine);
            foreach (var name in machine.Disks.Select(disk => disk.Name).Distinct().Except(Reserved).Concat(Reserved))
            {
                var file = $"{machine.Name}-{name}";
                problems.AddIf(
                    !files.TryAdd(file, at) && !ReferenceEquals(files[file], at) && files[file].ToString() != at.ToString(),
                    () => StackProblems.DisksAlike(at, file, $"a disk of {files[file]}"));
            }
        }
    }

    private static void Size(DataSize size, Place place, ProblemList problems) => problems.AddIf(
        size < LeastSize || size > MostSize, () => StackProblems.DiskSize(place, size, size < LeastSize ? $"is less than {LeastSize}" : $"is more than {MostSize}"));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{0,19}\z")]
    private static partial Regex NamePattern();
}
