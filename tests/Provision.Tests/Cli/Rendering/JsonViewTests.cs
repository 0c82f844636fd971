using System.Text.Json;
using Provision.Cli.Rendering;
using Provision.Engine;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class JsonViewTests
{
    private const string Marker = "hunter2";
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_777_636_800);

    private static readonly PlannedStep Secretive = Step(StepOp.Update, Container, "web", null, "stopped", Change("password", Marker, new PropertyValue.Secret(Marker), ApplyClass.Replace))
        with
    {
        Inputs = PropertyMap.Of(("password", new PropertyValue.Secret(Marker)), ("image", PropertyValue.Unknown.Value), ("upload", new PropertyValue.Asset("x", null, "abc"))),
        Old = new ResourceState { Urn = UrnOf(Container, "web"), Custom = true, Id = "c1", Outputs = PropertyMap.Of(("password", Marker)) },
    };

    [Fact]
    public void Events_are_one_object_a_line_in_the_shape_of_the_event_log()
    {
        using var output = new StringWriter();
        var view = new JsonView(output);
        var urn = Secretive.Urn;
        var failure = new Diagnostic(Severity.Error, "PROV1510", "The update failed", "no", "Mend it.", urn);
        foreach (var engineEvent in (EngineEvent[])
        [
            new EngineEvent.OperationStarted(Operation.Up, false),
            new EngineEvent.StepPlanned(Secretive),
            new EngineEvent.StepStarted(urn, StepOp.Update),
            new EngineEvent.StepProgressed(urn, StepOp.Update, "waiting", null, null),
            new EngineEvent.StepFinished(urn, StepOp.Update, TimeSpan.FromSeconds(1), Secretive.Old! with { Outputs = PropertyMap.Of(("password", Marker), ("ip", "10.0.0.2")) }),
            new EngineEvent.StepFailed(urn, StepOp.Update, TimeSpan.FromSeconds(1), failure),
            new EngineEvent.StepSkipped(UrnOf(Container, "db"), StepOp.Create, "web failed"),
            new EngineEvent.OperationFinished(Operation.Up, false, OperationOutcome.Failed, [new StepCount(StepOp.Update, 1)], PropertyMap.Of(("token", new PropertyValue.Secret(Marker))), TimeSpan.FromMilliseconds(1500)),
        ])
        {
            view.Show(engineEvent with { Time = Start });
        }

        Assert.DoesNotContain(Marker, output.ToString(), StringComparison.Ordinal);
        Assert.All(output.ToString().TrimEnd('\n').Split('\n'), line => JsonDocument.Parse(line).Dispose());
        Golden.Match(output.ToString(), "cli/events.jsonl");
    }

    [Fact]
    public void The_preview_digest_is_one_document_without_secrets()
    {
        var result = new DeploymentResult
        {
            Outcome = OperationOutcome.Succeeded,
            Plan = PlanOf(Secretive, Step(StepOp.Create, Network, "front"), Step(StepOp.Delete, Network, "back")),
            Snapshot = Provision.Engine.State.Snapshot.Empty,
            Diagnostics = [new Diagnostic(Severity.Warning, "PROV1", "Slow", "It is slow.", null, Secretive.Urn)],
        };

        var text = PreviewDigest.Text(result, TimeSpan.FromSeconds(2));

        Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
        Golden.Match(text + "\n", "cli/preview-digest.json");
    }
}
