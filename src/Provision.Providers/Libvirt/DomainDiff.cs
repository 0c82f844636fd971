using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What would change of a domain, and how. Pure.</summary>
internal static class DomainDiff
{
    /// <summary>A path that no input has: whether libvirt keeps the domain when it ends.</summary>
    internal static readonly PropertyPath Persistent = PropertyPath.Of("__persistent");

    private static readonly PropertyPath Running = PropertyPath.Of("running");
    private static readonly PropertyPath Power = PropertyPath.Of("__power");

    /// <summary>Compared by themselves, or in another way than value by value.</summary>
    private static readonly ImmutableHashSet<string> Apart = ["disks", "networkInterfaces", "running"];

    /// <param name="request">What is, and what shall be.</param>
    /// <param name="hotPlugs">Whether the driver takes devices while the machine runs.</param>
    public static DiffResponse Compare(DiffRequest request, bool hotPlugs)
    {
        var reasons = new List<string>();
        ImmutableArray<PropertyDiff> changes =
        [
            .. PowerChanges(request, reasons),
            .. InputDiff.Compare(DomainTable.Table, request).Where(change => !Apart.Contains(change.Path.Top) && !IsNone(change)),
            .. DiskDiff.Compare(request, hotPlugs, reasons),
            .. InterfaceDiff.Compare(request, hotPlugs, reasons),
            .. HiddenChanges(request),
        ];
        return new DiffResponse
        {
            Changes = changes,

            // Two domains have neither one name nor one MAC address, and both would write to the disks.
            DeleteBeforeReplace = true,
            Stables = ["id", "name", "arch"],
            Reason = reasons.Count > 0 ? string.Join("; ", reasons.Distinct(StringComparer.Ordinal)) : null,
        };
    }

    private static bool IsNone(PropertyDiff change) => change switch
    {
        // What the host filled in once stays, whoever named it.
        { Kind: DiffKind.Delete, Path.Top: "arch" or "nvram" or "type" } => true,
        { Path.Top: "machine", Old: { } old, New: { } wanted } =>
            Values.Plain(old) is PropertyValue.String before && Values.Plain(wanted) is PropertyValue.String now && MachineTypes.IsTheSame(now.Value, before.Value),
        _ => false,
    };

    /// <summary>
    /// Running, off or paused, against what was seen. A domain of ours that was undefined while it runs is still there, but will not be after it ends.
    /// </summary>
    private static IEnumerable<PropertyDiff> PowerChanges(DiffRequest request, List<string> reasons)
    {
        if (Values.HasUnknown(request.NewInputs.Find("running")))
        {
            yield return new PropertyDiff(Running, DiffKind.Update, ApplyClass.Restart, request.OldOutputs.Find("running"), request.NewInputs.Find("running"));
            yield break;
        }

        var wanted = new InputReader(request.NewInputs);
        var meta = DomainMeta.Of(request.OldOutputs);
        var recorded = new InputReader(request.OldOutputs).Flag("running") ?? true;
        var state = meta.State ?? (recorded ? "running" : "shut off");
        var active = meta.State is null ? recorded : state is "running" or "blocked" or "paused" or "suspended" or "being shut down";
        var run = (wanted.Flag("running") ?? true) && wanted.Text("__power") != "off";
        var pause = run && wanted.Text("__power") == "paused";
        if (run && !active)
        {
            reasons.Add(state);
            yield return new PropertyDiff(Running, DiffKind.Update, ApplyClass.Restart, false, true);
        }
        else if (!run && active)
        {
            yield return new PropertyDiff(Running, DiffKind.Update, ApplyClass.Restart, true, false);
        }
        else if (run && pause != (state == "paused") && meta.State is not null)
        {
            if (!pause)
            {
                reasons.Add("paused");
            }

            yield return new PropertyDiff(Power, DiffKind.Update, ApplyClass.Live, state, pause ? "paused" : "running");
        }

        if (meta.Transient)
        {
            reasons.Add("undefined while it runs");
            yield return new PropertyDiff(Persistent, DiffKind.Update, ApplyClass.Live, false, true);
        }
    }

    /// <summary>Our own inputs, which Pulumi's schema does not have. The world does not show most of them: they are compared with what was last asked.</summary>
    private static IEnumerable<PropertyDiff> HiddenChanges(DiffRequest request)
    {
        foreach (var name in request.OldInputs.Keys.Union(request.NewInputs.Keys, StringComparer.Ordinal).Where(IsOwn))
        {
            var before = request.OldInputs.Find(name);
            var now = request.NewInputs.Find(name);
            if (name == "__firmware" && FirmwareOf(before) == FirmwareOf(now))
            {
                continue;
            }

            if (!Equals(Values.Plain(before), Values.Plain(now)))
            {
                yield return new PropertyDiff(
                    PropertyPath.Of(name),
                    Values.Plain(before) is null ? DiffKind.Add : Values.Plain(now) is null ? DiffKind.Delete : DiffKind.Update,
                    name == "__firmware" ? ApplyClass.Replace : ApplyClass.Live,
                    before, now);
            }
        }
    }

    private static bool IsOwn(string name) => name.StartsWith("__", StringComparison.Ordinal) && name is not ("__defaults" or "__power");

    private static string FirmwareOf(PropertyValue? value) => (Values.Plain(value) as PropertyValue.String)?.Value is { Length: > 0 } word ? word : "bios";
}
