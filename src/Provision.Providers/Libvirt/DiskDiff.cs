using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// What would change of a domain's disks, each by itself. Pure.
/// </summary>
/// <remarks>
/// <code>
/// another root disk                             replace
/// a disk whose volume is made anew (unknown)    replace: the machine must let go of the old one first
/// a disk with another source, bus or serial     restart
/// a disk taken out                              restart
/// a disk added                                  live, where the driver can
/// </code>
/// A disk is known by its serial, else by its source.
/// </remarks>
internal static class DiskDiff
{
    private static readonly PropertyPath Root = PropertyPath.Of("disks");
    private static readonly ImmutableArray<string> Sources = ["volumeId", "file", "blockDevice", "url"];

    public static IEnumerable<PropertyDiff> Compare(DiffRequest request, bool hotPlugs, List<string> reasons)
    {
        var wanted = Values.Plain(request.NewInputs.Find("disks"));
        var seen = request.OldOutputs.Find("disks") ?? request.OldInputs.Find("disks");
        if (wanted is PropertyValue.Unknown)
        {
            return [new PropertyDiff(Root, DiffKind.Update, ApplyClass.Replace, seen, wanted)];
        }

        var disks = Values.Items(wanted);
        var left = Values.Items(seen).Select((disk, at) => new Seen(at, Values.Members(disk), disk)).ToList();
        var matches = new Seen?[disks.Length];
        Match(disks, left, matches, (now, before) => Serial(now) is PropertyValue.String serial && serial.Equals(Serial(before.Members)));
        Match(disks, left, matches, (now, before) => Source(now) is PropertyValue.String source && source.Equals(Source(before.Members)));

        // Neither tells: a disk that is made anew stands where it stood.
        for (var i = 0; i < disks.Length; i++)
        {
            if (matches[i] is null && Source(Values.Members(disks[i])) is PropertyValue.Unknown && Serial(Values.Members(disks[i])) is not PropertyValue.String
                && left.FirstOrDefault(one => one.At == i) is { } there)
            {
                matches[i] = there;
                left.Remove(there);
            }
        }

        List<PropertyDiff> changes = [.. disks.SelectMany((disk, i) => CompareOne(i, disk, matches[i], hotPlugs, reasons))];
        foreach (var gone in left)
        {
            reasons.Add($"disk '{NameOf(gone.Members)}' is taken out");
            changes.Add(new PropertyDiff(Root.Child(gone.At), DiffKind.Delete, ApplyClass.Restart, gone.Value, null));
        }

        return changes;
    }

    private static void Match(ImmutableArray<PropertyValue> disks, List<Seen> left, Seen?[] matches, Func<PropertyMap, Seen, bool> same)
    {
        for (var i = 0; i < disks.Length; i++)
        {
            if (matches[i] is null && left.FirstOrDefault(one => same(Values.Members(disks[i]), one)) is { } there)
            {
                matches[i] = there;
                left.Remove(there);
            }
        }
    }

    private static IEnumerable<PropertyDiff> CompareOne(int i, PropertyValue disk, Seen? before, bool hotPlugs, List<string> reasons)
    {
        var at = Root.Child(i);
        var now = Values.Members(disk);
        if (Values.Plain(disk) is PropertyValue.Unknown || Serial(now) is PropertyValue.Unknown || (before is not null && Source(now) is PropertyValue.Unknown))
        {
            reasons.Add($"disk '{NameOf(now)}' is made anew");
            yield return new PropertyDiff(at, DiffKind.Update, ApplyClass.Replace, before?.Value, disk);
            yield break;
        }

        if (before is null)
        {
            var apply = i == 0 ? ApplyClass.Replace : hotPlugs && !IsCdrom(now) ? ApplyClass.Live : ApplyClass.Restart;
            if (apply == ApplyClass.Replace)
            {
                reasons.Add("another root disk");
            }

            yield return new PropertyDiff(at, DiffKind.Add, apply, null, disk);
            yield break;
        }

        if (!Equals(Source(now), Source(before.Members)))
        {
            reasons.Add(i == 0 ? "another root disk" : $"disk '{NameOf(now)}' is another one");
            yield return new PropertyDiff(at, DiffKind.Update, i == 0 ? ApplyClass.Replace : ApplyClass.Restart, before.Value, disk);
            yield break;
        }

        foreach (var name in new[] { "scsi", "wwn", "__serial" })
        {
            var wanted = Values.Plain(now.Find(name));
            var there = Values.Plain(before.Members.Find(name));
            if (name == "scsi" ? Values.IsEmpty(wanted) != Values.IsEmpty(there) : wanted is not null && !wanted.Equals(there))
            {
                yield return new PropertyDiff(at.Child(name), there is null ? DiffKind.Add : DiffKind.Update, ApplyClass.Restart, there, wanted);
            }
        }

        if (!Equals(Values.Plain(now.Find("__keep")), Values.Plain(before.Members.Find("__keep"))) && before.Members.ContainsKey("__keep"))
        {
            yield return new PropertyDiff(at.Child("__keep"), DiffKind.Update, ApplyClass.Live, before.Members.Find("__keep"), now.Find("__keep"));
        }
    }

    private static PropertyValue? Serial(PropertyMap disk) => Values.Plain(disk.Find("__serial"));

    private static PropertyValue? Source(PropertyMap disk) =>
        Sources.Select(name => Values.Plain(disk.Find(name))).FirstOrDefault(value => value is not (null or PropertyValue.String { Value: "" }));

    private static bool IsCdrom(PropertyMap disk) => Source(disk) is PropertyValue.String source && !disk.ContainsKey("volumeId")
        && source.Value.EndsWith(".iso", StringComparison.OrdinalIgnoreCase);

    private static string NameOf(PropertyMap disk) =>
        Serial(disk) is PropertyValue.String serial ? serial.Value : Source(disk) is PropertyValue.String source ? Path.GetFileName(source.Value) : "of an unknown name";

    private sealed record Seen(int At, PropertyMap Members, PropertyValue Value);
}
