using Provision.Cli.Rendering;
using Provision.Engine.Planning;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class DestroyWarningTests
{
    [Fact]
    public void Machines_and_disks_are_counted_and_named_apart()
    {
        var box = UrnOf("provision:index:VirtualMachine", "box-1");
        var plan = PlanOf(
            Step(StepOp.Delete, "libvirt:index/domain:Domain", "box-1-domain", box),
            Step(StepOp.Delete, "libvirt:index/volume:Volume", "box-1/root", box),
            Step(StepOp.Delete, "libvirt:index/volume:Volume", "box-1/data", box),
            Step(StepOp.Delete, "docker:index/volume:Volume", "pages"),
            Step(StepOp.Delete, Container, "web"),
            Step(StepOp.Discard, Package, "curl") is var kept ? kept with { Retained = true, Old = kept.Old is { } old ? old with { RetainOnDelete = true } : null } : kept)
            with
        { Operation = Operation.Destroy };

        Assert.Equal(
            """
            5 resources are destroyed, 1 are kept.
            Lost with all that is in it, 1 machine: box-1
            Lost with all that is in them, 2 disks: box-1/root, box-1/data
            Lost with all that is in it, 1 volume: pages

            """.ReplaceLineEndings("\n"),
            Text(DestroyWarning.Lines(plan)));
    }

    [Fact]
    public void Where_nothing_holds_data_nothing_is_lost() =>
        Assert.Equal("1 resources are destroyed.\n", Text(DestroyWarning.Lines(PlanOf(Step(StepOp.Delete, Container, "web")))));
}
