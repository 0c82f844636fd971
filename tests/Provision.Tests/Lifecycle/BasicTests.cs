using Provision.Engine.Events;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Lifecycle;

public sealed class BasicTests
{
    [Fact]
    public async Task Up_creates_in_the_order_of_references()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))));

        Assert.Equal(["create net", "create web"], run.Acts);
        Assert.Equal(lab.World.Named("net").Id, lab.World.Named("web").Thing.Outputs["on"].ToString());
        Assert.Equal(OperationOutcome.Succeeded, run.Result.Outcome);
    }

    [Fact]
    public async Task A_second_up_plans_nothing()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web"));

        var run = await lab.Up(stack => stack.Thing("web"));

        Assert.Empty(run.Acts);
        Assert.False(run.Result.Plan.HasChanges);
        Assert.Empty(run.Entries);
    }

    [Fact]
    public async Task Changing_one_input_updates_just_that_resource()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("web", ("size", 1)).Thing("db", ("size", 1)));

        var run = await lab.Up(stack => stack.Thing("web", ("size", 2)).Thing("db", ("size", 1)));

        Assert.Equal(["update web"], run.Acts);
    }

    [Fact]
    public async Task What_is_not_declared_any_more_is_deleted_dependents_first()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))).Thing("other"));

        var run = await lab.Up(stack => stack.Thing("other"));

        Assert.Equal(["delete web", "delete net"], run.Acts);
    }

    [Fact]
    public async Task Destroy_deletes_everything_and_a_second_one_finds_nothing()
    {
        var lab = new StackLab();
        await lab.Up(stack => stack.Thing("net").Thing("web", ("on", StackProgram.Ref("net"))));

        var first = await lab.Destroy();
        var second = await lab.Destroy();

        Assert.Equal(["delete web", "delete net"], first.Acts);
        Assert.Empty(lab.World.Things);
        Assert.Empty(lab.Snapshot.Resources);
        Assert.Empty(second.Result.Plan.Steps);
    }

    [Fact]
    public async Task Outputs_of_the_stack_come_from_its_resources()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("web").Outputs(
            ("url", new PropertyValue.Join(["http://", StackProgram.Ref("web", "address"), "/"])), ("id", StackProgram.Ref("web"))));

        Assert.Equal("http://10.0.0.web/", run.Result.Outputs["url"].ToString());
        Assert.Equal(PropertyValue.Unknown.Value, run.Preview?.Outputs["url"]);
        Assert.Equal(run.Result.Outputs, lab.Snapshot.Resources.Single(state => state.Type == ResourceType.Stack).Outputs);
    }

    [Fact]
    public async Task A_live_program_registers_a_resource_after_it_has_seen_anothers_outputs()
    {
        var lab = new StackLab();

        await lab.UpLive(new LiveSource());

        Assert.Equal(lab.World.Named("first").Id, lab.World.Named("second").Thing.Outputs["on"].ToString());
    }

    [Fact]
    public async Task An_input_that_is_not_valid_fails_that_resource_and_what_needs_it_and_nothing_else()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("bad", ("size", "big")).Thing("needs", ("on", StackProgram.Ref("bad"))).Thing("good"));

        Assert.Equal(["create good"], run.Acts);
        Assert.Equal(["PROV1504"], run.ErrorCodes);
        Assert.Equal([StackProgram.UrnOf("bad")], run.Result.Failed);
        Assert.Equal([StackProgram.UrnOf("needs")], run.Result.Skipped);
    }

    [Fact]
    public async Task A_circle_of_references_is_named()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("a", ("on", StackProgram.Ref("b"))).Thing("b", ("on", StackProgram.Ref("a"))));

        Assert.Equal(["PROV1501"], run.ErrorCodes);
        Assert.Contains("a -> b -> a", run.Result.Diagnostics[0].Detail, StringComparison.Ordinal);
        Assert.Empty(run.Acts);
    }

    [Fact]
    public async Task A_reference_to_something_undeclared_is_an_error()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("web", ("on", StackProgram.Ref("nowhere"))));

        Assert.Equal(["PROV1502"], run.ErrorCodes);
    }

    [Fact]
    public async Task A_name_used_twice_is_an_error()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("web").Thing("web"));

        Assert.Equal(["PROV1500"], run.ErrorCodes);
    }

    [Fact]
    public async Task A_secret_input_stays_secret_in_outputs_and_references()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack
            .Thing("db", ("password", new PropertyValue.Secret("hunter2")))
            .Thing("web", ("link", new PropertyValue.Join(["db:", StackProgram.Ref("db", "password")])))
            .Outputs(("password", StackProgram.Ref("db", "password"))));

        Assert.IsType<PropertyValue.Secret>(run.Result.Outputs["password"]);
        Assert.IsType<PropertyValue.Secret>(lab.Snapshot.Resources.Single(state => state.Urn.Name == "web").Outputs["link"]);
        Assert.DoesNotContain("hunter2", string.Join('\n', run.Events), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", string.Join('\n', run.Entries), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_tell_start_progress_and_end_of_each_step_in_order()
    {
        var lab = new StackLab();

        var run = await lab.Up(stack => stack.Thing("web"));

        var about = run.Events.Where(happened => happened is EngineEvent.StepStarted or EngineEvent.StepProgressed or EngineEvent.StepFinished { Op: Provision.Engine.Planning.StepOp.Create, Urn.Name: "web" });
        Assert.Equal([typeof(EngineEvent.StepStarted), typeof(EngineEvent.StepProgressed), typeof(EngineEvent.StepFinished)], about.Select(happened => happened.GetType()));
        Assert.Equal(Enumerable.Range(1, run.Events.Length).Select(number => (long)number), run.Events.Select(happened => happened.Sequence).Order());
    }

    private sealed class LiveSource : Provision.Engine.IGoalSource
    {
        public async IAsyncEnumerable<Provision.Engine.GoalRegistration> ReadAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var program = new StackProgram().Thing("first");
            foreach (var goal in program.Goals.Take(2))
            {
                yield return new Provision.Engine.GoalRegistration(goal);
            }

            var first = new Provision.Engine.GoalRegistration(program.Goals[2]);
            yield return first;
            var seen = await first.Result.WaitAsync(cancellationToken);
            Assert.NotNull(seen.Id);
            yield return new Provision.Engine.GoalRegistration(new StackProgram().Thing("second", ("on", seen.Id)).Goals[2]);
        }
    }
}
