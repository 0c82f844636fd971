using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class StateEditsTests
{
    private static readonly Snapshot Chain = States.Of(States.Container("a"), States.Container("b", "a"), States.Container("c", "b"), States.Container("d"));

    [Fact]
    public void What_others_need_is_deleted_only_with_them()
    {
        var refused = StateEdits.Delete(Chain, States.UrnOf("a"), targetDependents: false);
        Assert.Equal("PROV1272", Assert.Single(refused.Diagnostics).Code);
        Assert.Same(Chain, refused.Snapshot);

        Assert.Equal(["lab-dev", "default", "d"], States.Names(StateEdits.Delete(Chain, States.UrnOf("a"), targetDependents: true).Snapshot));
        Assert.Equal(["lab-dev", "default", "a", "b", "c"], States.Names(StateEdits.Delete(Chain, States.UrnOf("d"), targetDependents: false).Snapshot));
        Assert.Equal("PROV1270", Assert.Single(StateEdits.Delete(Chain, States.UrnOf("x"), targetDependents: true).Diagnostics).Code);
    }

    [Fact]
    public void What_is_protected_is_deleted_only_by_force()
    {
        var guarded = StateEdits.Protect(Chain, [States.UrnOf("b")]).Snapshot;

        Assert.Equal("PROV1271", Assert.Single(StateEdits.Delete(guarded, States.UrnOf("a"), targetDependents: true).Diagnostics).Code);
        Assert.Equal(3, StateEdits.Delete(guarded, States.UrnOf("a"), targetDependents: true, force: true).Snapshot.Resources.Length);
    }

    [Fact]
    public void Protection_is_set_and_lifted_for_some_or_all()
    {
        var all = StateEdits.Protect(Chain, []).Snapshot;
        Assert.All(all.Resources, state => Assert.True(state.Protect));

        var some = StateEdits.Unprotect(all, [States.UrnOf("a"), States.UrnOf("b")]).Snapshot;
        Assert.Equal(["a", "b"], some.Resources.Where(state => !state.Protect).Select(state => state.Urn.Name));
        Assert.False(StateEdits.Protect(Chain, [States.UrnOf("x")]).Succeeded);
    }

    [Fact]
    public void Renaming_reaches_every_reference()
    {
        var edit = StateEdits.RenameResource(Chain, States.UrnOf("a"), "z");

        Assert.True(edit.Succeeded);
        Assert.Equal([States.UrnOf("z")], edit.Snapshot.Resources[3].Dependencies);
        Assert.Equal("id-a", edit.Snapshot.Resources[2].Id);
        Assert.Empty(SnapshotChecks.Run(edit.Snapshot));
        Assert.Equal("PROV1273", Assert.Single(StateEdits.RenameResource(Chain, States.UrnOf("a"), "b").Diagnostics).Code);
        Assert.Equal("PROV1274", Assert.Single(StateEdits.RenameResource(Chain, States.UrnOf("a"), " ").Diagnostics).Code);
        Assert.Equal("PROV1270", Assert.Single(StateEdits.RenameResource(Chain, States.UrnOf("x"), "y").Diagnostics).Code);
    }

    [Fact]
    public void Moving_takes_children_along_copies_the_provider_and_warns_of_what_it_cuts()
    {
        var child = States.Container("child") with { Urn = Urn.Create("dev", "lab", States.UrnOf("b"), new ResourceType("a:b:C"), "child"), Parent = States.UrnOf("b") };
        var source = States.Of([.. Chain.Resources.Skip(2), child]);

        var move = StateEdits.Move(source, Snapshot.Empty, [States.UrnOf("b")], new StackName("lab", "prod"));

        Assert.True(move.Succeeded);
        Assert.Equal(["lab-dev", "default", "a", "c", "d"], States.Names(move.Source));
        Assert.Equal(["lab-prod", "default", "b", "child"], States.Names(move.Target));
        Assert.Equal(["PROV1276", "PROV1276"], move.Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Equal("urn:pulumi:prod::lab::docker:index/container:Container$a:b:C::child", move.Target.Resources[3].Urn.ToString());
        Assert.Empty(SnapshotChecks.Run(move.Source));
        Assert.Empty(SnapshotChecks.Run(move.Target));
    }

    [Fact]
    public void Moving_uses_the_same_provider_of_the_target_under_its_own_id()
    {
        var prod = new StackName("lab", "prod");
        var there = UrnRewriting.MoveStack(new Snapshot { Resources = [States.Root, States.Provider with { Id = "other" }] }, States.Stack, prod);

        var move = StateEdits.Move(Chain, there, [States.UrnOf("d")], prod);

        Assert.Equal("other", move.Target.Resources[^1].Provider?.Id);
        Assert.Empty(SnapshotChecks.Run(move.Target));
    }

    [Fact]
    public void What_cannot_be_moved_leaves_both_stacks_alone()
    {
        var prod = new StackName("lab", "prod");
        var target = UrnRewriting.MoveStack(Chain, States.Stack, prod);

        Assert.Equal("PROV1273", Assert.Single(StateEdits.Move(Chain, target, [States.UrnOf("d")], prod).Diagnostics).Code);
        Assert.Equal("PROV1275", Assert.Single(StateEdits.Move(Chain, target, [States.RootUrn], prod).Diagnostics).Code);
        Assert.Same(Chain, StateEdits.Move(Chain, target, [States.UrnOf("x")], prod).Source);
    }

    [Fact]
    public void Repair_sorts_drops_what_dangles_and_keeps_what_is_sound()
    {
        var metadata = JsonDocument.Parse("""{"integrity_error":{"error":"e"},"other":1}""").RootElement.Clone();
        var broken = new Snapshot
        {
            Resources =
            [
                States.Container("c", "b"),
                States.Root with { Id = "x" },
                States.Container("b", "nowhere"),
                States.Provider,
                States.Container("b"),
                States.Container("d") with { Provider = new ProviderReference(States.Provider.Urn, "gone") },
            ],
            UnknownMembers = ImmutableSortedDictionary<string, JsonElement>.Empty.Add("metadata", metadata),
        };

        var edit = StateEdits.Repair(broken);

        Assert.True(edit.Succeeded);
        Assert.Empty(SnapshotChecks.Run(edit.Snapshot));
        Assert.Equal(["lab-dev", "default", "b", "c", "d"], States.Names(edit.Snapshot));
        Assert.Equal(["PROV1277", "PROV1276", "PROV1276"], edit.Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Equal("""{"other":1}""", edit.Snapshot.UnknownMembers["metadata"].GetRawText());
    }

    [Fact]
    public void Repair_of_a_sound_snapshot_changes_nothing() => Assert.Equal(States.Text(Chain), States.Text(StateEdits.Repair(Chain).Snapshot));

    [Fact]
    public void A_circle_cannot_be_repaired_and_is_named()
    {
        var edit = StateEdits.Repair(States.Of(States.Container("a", "b"), States.Container("b", "a")));

        Assert.Equal("PROV1278", Assert.Single(edit.Diagnostics).Code);
    }

    [Fact]
    public void Repair_of_a_long_chain_in_reverse_needs_no_deep_stack()
    {
        var reversed = Enumerable.Range(0, 20_000).Select(n => States.Container($"c{n}", n < 19_999 ? $"c{n + 1}" : "c19999"));

        Assert.Empty(SnapshotChecks.Run(StateEdits.Repair(States.Of([.. reversed])).Snapshot));
    }
}
