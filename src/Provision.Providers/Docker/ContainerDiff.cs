using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>What would change of a container. Pure.</summary>
internal static class ContainerDiff
{
    /// <summary>Limits a daemon can change but never take off: zero means "as it is" to it, and less is refused.</summary>
    private static readonly ImmutableHashSet<string> Unliftable = ["cpuSet", "memory", "memoryReservation"];

    private static readonly PropertyPath MustRun = PropertyPath.Of("mustRun");

    public static DiffResponse Compare(DiffRequest request)
    {
        var state = DockerMeta.StateOf(request.OldOutputs);
        var down = state is { } && IsDown(request);
        var changes = InputDiff.Compare(ContainerTable.Table, request)
            .Where(change => change.Path != MustRun && !IsTheSameImage(change, request.OldOutputs))
            .Select(change => Soften(change, request))
            .Concat(MustRunChange(request, down, state))
            .Concat(PidsLimit.Changes(request))
            .ToImmutableArray();
        return new DiffResponse
        {
            Changes = changes,
            DeleteBeforeReplace = true,
            Stables = ["id", "name", "image"],
            Reason = down ? state == "exited" ? "stopped" : state : null,
        };
    }

    /// <summary>An image given by id is the image that runs, however it was called before.</summary>
    private static bool IsTheSameImage(PropertyDiff change, PropertyMap outputs) =>
        change.Path.Top == "image" && Values.Plain(change.New) is PropertyValue.String wanted
        && DockerMeta.ImageIdOf(outputs) is { } running && IdOf(wanted.Value) == IdOf(running);

    private static string IdOf(string image) => image.StartsWith("sha256:", StringComparison.Ordinal) ? image["sha256:".Length..] : image;

    /// <summary>
    /// What the program changes may need a new container; what a person changed behind its back in the one that runs can be put back in it.
    /// Going back to a default takes a new one where daemons have no word for it.
    /// </summary>
    private static PropertyDiff Soften(PropertyDiff change, DiffRequest request)
    {
        var name = change.Path.Top;
        if (name is "name" or "cpus" or "networksAdvanced" && Unchanged(request, name))
        {
            return change with { Apply = ApplyClass.Live };
        }

        return IsLifted(change) && Unliftable.Contains(name) ? change with { Apply = ApplyClass.Replace } : change;
    }

    /// <summary>No limit where there was one.</summary>
    private static bool IsLifted(PropertyDiff change) => Values.IsEmpty(change.New) && !Values.HasUnknown(change.New);

    private static bool Unchanged(DiffRequest request, string name) =>
        ContainerTable.Table.Find(name) is { } row && !Values.HasUnknown(request.NewInputs.Find(name))
        && Values.Plain(request.OldInputs.Find(name)) is not null
        && InputEquality.Same(ContainerTable.Table, row, request.OldInputs.Find(name), request.NewInputs.Find(name));

    private static bool IsDown(DiffRequest request)
    {
        var wanted = new InputReader(request.NewInputs);
        if (!ContainerState.IsKeptUp(wanted) || DockerMeta.StateOf(request.OldOutputs) is not { } state || state is "running" or "restarting")
        {
            return false;
        }

        var exit = Values.Plain(request.OldOutputs.Find("exitCode")) is PropertyValue.Number code ? code.Value : 0;
        return !(ContainerState.IsJob(wanted) && state == "exited" && exit == 0);
    }

    private static IEnumerable<PropertyDiff> MustRunChange(DiffRequest request, bool down, string? state)
    {
        if (down || (state is null && IsRecordedDown(request)))
        {
            // A dead one is beyond starting.
            yield return new PropertyDiff(MustRun, DiffKind.Update, state == "dead" ? ApplyClass.Replace : ApplyClass.Restart, false, true);
        }
        else if (Values.HasUnknown(request.NewInputs.Find("mustRun")) || Flag(request.OldInputs) != Flag(request.NewInputs))
        {
            yield return new PropertyDiff(MustRun, DiffKind.Update, ApplyClass.Live, Flag(request.OldInputs), request.NewInputs.Find("mustRun") ?? true);
        }
    }

    /// <summary>A state of the real provider does not name the container's state, but writes mustRun false for a stopped one.</summary>
    private static bool IsRecordedDown(DiffRequest request) =>
        Values.Plain(request.OldOutputs.Find("mustRun")) is PropertyValue.Bool { Value: false } && ContainerState.IsKeptUp(new InputReader(request.NewInputs));

    private static bool Flag(PropertyMap inputs) => new InputReader(inputs).Flag("mustRun") ?? true;
}
