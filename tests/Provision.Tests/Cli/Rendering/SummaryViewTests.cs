using Provision.Cli.Rendering;
using Provision.Engine;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Tests.Testing;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class SummaryViewTests
{
    [Fact]
    public void A_run_with_failures_says_what_exists_what_does_not_and_what_to_do()
    {
        var web = UrnOf(Container, "web");
        var result = Result(OperationOutcome.Failed) with
        {
            Diagnostics =
            [
                new Diagnostic(Severity.Error, "PROV1510", "The create failed", "'web': port 80 is taken.\nIt is held by nginx.", "Free the port.\nOr choose another.", web),
                new Diagnostic(Severity.Info, "PROV1521", "An interrupted run is taken up", "not shown"),
                new Diagnostic(Severity.Warning, "PROV1227", "A stale lock was taken over", "by us"),
            ],
            Failed = [web],
            Skipped = [UrnOf(Container, "db"), UrnOf(Container, "api")],
            Outputs = PropertyMap.Of(("url", "http://127.0.0.1:8080"), ("token", new PropertyValue.Secret("hunter2")), ("motd", "a\nb")),
        };

        Golden.Match(Text(SummaryView.Lines(result, TimeSpan.FromMilliseconds(61_200), ["provision up lab"])), "cli/summary-failed.txt");
    }

    [Fact]
    public void A_destroy_says_what_it_kept()
    {
        var kept = Step(StepOp.Discard, Package, "docker.io");
        var result = Result(OperationOutcome.Succeeded) with
        {
            Plan = new Plan
            {
                Operation = Operation.Destroy,
                Steps = [kept with { Retained = true, Old = kept.Old! with { RetainOnDelete = true } }, Step(StepOp.Delete, Container, "web")],
            },
            Counts = [new StepCount(StepOp.Delete, 1), new StepCount(StepOp.Discard, 1)],
            Outputs = PropertyMap.Of(("url", "gone")),
        };

        Golden.Match(Text(SummaryView.Lines(result, TimeSpan.FromSeconds(3), [])), "cli/summary-destroyed.txt");
    }

    private static DeploymentResult Result(OperationOutcome outcome) => new()
    {
        Outcome = outcome,
        Plan = PlanOf(),
        Snapshot = Snapshot.Empty,
        Counts = [new StepCount(StepOp.Create, 3), new StepCount(StepOp.Update, 1), new StepCount(StepOp.Same, 12)],
    };
}
