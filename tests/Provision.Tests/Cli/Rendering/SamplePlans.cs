using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Tests.Cli.Rendering;

/// <summary>Hand-made steps, as the engine would plan them.</summary>
internal static class SamplePlans
{
    public const string Container = "docker:index/container:Container";
    public const string Network = "docker:index/network:Network";
    public const string Package = "host:index/package:Package";
    public const string Host = "provision:index:Host";

    public static readonly Urn Root = Urn.OfStack("lab", "demo");

    public static Urn UrnOf(string type, string name, Urn? parent = null) => Urn.Create("lab", "demo", parent ?? Root, new ResourceType(type), name);

    public static PlannedStep Step(StepOp op, string type, string name, Urn? parent = null, string? reason = null, params PropertyDiff[] changes)
    {
        var urn = UrnOf(type, name, parent);
        return new PlannedStep
        {
            Op = op,
            Urn = urn,
            Custom = type != Host,
            Parent = parent ?? Root,
            Reason = reason,
            Changes = [.. changes],
            Inputs = op == StepOp.Delete ? null : PropertyMap.Empty,
            Old = op == StepOp.Create ? null : new ResourceState { Urn = urn, Custom = type != Host, Id = "id-" + name, Parent = parent ?? Root },
        };
    }

    public static PropertyDiff Change(string path, PropertyValue? old, PropertyValue? fresh, ApplyClass apply = ApplyClass.Live) =>
        new(PropertyPath.Parse(path), old is null ? DiffKind.Add : fresh is null ? DiffKind.Delete : DiffKind.Update, apply, old, fresh);

    public static Plan PlanOf(params PlannedStep[] steps) => new() { Operation = Operation.Up, Steps = [.. steps] };

    public static string Text(IEnumerable<Provision.Cli.Rendering.StyledLine> lines) => string.Join('\n', lines) + "\n";
}
