using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class SnapshotChecksTests
{
    [Fact]
    public void A_sound_snapshot_breaks_no_rule() =>
        Assert.Empty(SnapshotChecks.Run(States.Of(
            States.Container("a"), States.Container("a") with { Delete = true, Id = "old" }, States.Container("b", "a") with { DeletedWith = States.UrnOf("a") })));

    [Fact]
    public void Every_rule_is_checked_and_all_violations_are_found_at_once()
    {
        var a = States.Container("a");
        var broken = new Snapshot
        {
            Resources =
            [
                new ResourceState { Urn = Urn.None, Custom = true },
                States.Root with { Id = "x" },
                a,
                States.Provider,
                States.Container("b", "c", "nowhere"),
                States.Container("c") with { Provider = new ProviderReference(States.Provider.Urn, "other") },
                States.Container("b"),
            ],
        };

        Assert.Equal(
            ["PROV1201", "PROV1203", "PROV1204", "PROV1206", "PROV1205", "PROV1204", "PROV1207"],
            SnapshotChecks.Run(broken).Select(violation => violation.Code));
    }

    [Fact]
    public void What_is_marked_for_deletion_may_refer_to_what_is_gone() =>
        Assert.Empty(SnapshotChecks.Run(States.Of(States.Container("b", "gone") with { Delete = true })));

    [Fact]
    public void A_resource_may_still_be_handled_by_a_provider_that_was_replaced() =>
        Assert.Empty(SnapshotChecks.Run(new Snapshot
        {
            Resources = [States.Root, States.Provider with { Id = "p2" }, States.Provider with { Delete = true }, States.Container("a")],
        }));
}
