using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>Engine events as JSON, one object a line, in the shape of Pulumi's event log.</summary>
internal sealed class JsonView(TextWriter output) : IProgressView
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<Urn, PlannedStep> _steps = [];
    private readonly ArrayBufferWriter<byte> _buffer = new();
    private long _sequence;
    private bool _isPreview;

    public TimeSpan Interval => TimeSpan.FromHours(1);

    public Task RunAsync(Func<Task> read) => read();

    public void Tick(DateTimeOffset now)
    {
    }

    public void Show(EngineEvent engineEvent)
    {
        switch (engineEvent)
        {
            case EngineEvent.OperationStarted started:
                _isPreview = started.IsPreview;
                Write(engineEvent, "preludeEvent", writer =>
                {
                    writer.WriteStartObject("config");
                    writer.WriteEndObject();
                });
                break;
            case EngineEvent.StepPlanned { Step: var step }:
                _steps[step.Urn] = step;
                if (_isPreview)
                {
                    WriteStep(engineEvent, "resourcePreEvent", step.Urn, step.Op, null);
                    WriteStep(engineEvent, "resOutputsEvent", step.Urn, step.Op, null);
                }

                break;
            case EngineEvent.StepStarted step:
                WriteStep(engineEvent, "resourcePreEvent", step.Urn, step.Op, null);
                break;
            case EngineEvent.StepProgressed step:
                Write(engineEvent, "progressEvent", writer =>
                {
                    writer.WriteString("type", "resource");
                    writer.WriteString("id", step.Urn.ToString());
                    writer.WriteString("message", step.Text);
                    writer.WriteNumber("received", step.Done ?? 0);
                    writer.WriteNumber("total", step.Total ?? 0);
                    writer.WriteBoolean("done", false);
                });
                break;
            case EngineEvent.StepFinished step:
                WriteStep(engineEvent, "resOutputsEvent", step.Urn, step.Op, step.State);
                break;
            case EngineEvent.StepFailed step:
                WriteDiagnostic(engineEvent, step.Diagnostic with { Subject = step.Diagnostic.Subject ?? step.Urn });
                Write(engineEvent, "resOpFailedEvent", writer =>
                {
                    WriteMetadata(writer, step.Urn, step.Op, null);
                    writer.WriteNumber("status", 0);
                    writer.WriteNumber("steps", 1);
                });
                break;
            case EngineEvent.StepSkipped step:
                WriteDiagnostic(engineEvent, new Diagnostic(Severity.Info, "", "skipped", step.Because, Subject: step.Urn));
                break;
            case EngineEvent.DiagnosticRaised raised:
                WriteDiagnostic(engineEvent, raised.Diagnostic);
                break;
            case EngineEvent.OperationFinished finished:
                Write(engineEvent, "summaryEvent", writer => WriteSummary(writer, finished));
                // Pulumi's last event of a run, however it ended: readers wait for it.
                Write(engineEvent, "cancelEvent", _ => { });
                break;
        }

        output.Flush();
    }

    private static void WriteSummary(Utf8JsonWriter writer, EngineEvent.OperationFinished finished)
    {
        writer.WriteBoolean("maybeCorrupt", false);
        writer.WriteNumber("durationSeconds", (long)Math.Ceiling(finished.Duration.TotalSeconds));
        StepJson.WriteCounts(writer, "resourceChanges", finished.Counts);
        writer.WriteStartObject("PolicyPacks");
        writer.WriteEndObject();
        writer.WriteBoolean("isPreview", finished.IsPreview);
        writer.WriteString("result", finished.Outcome switch
        {
            OperationOutcome.Succeeded => "succeeded",
            OperationOutcome.Cancelled => "canceled",
            _ => "failed",
        });
        writer.WritePropertyName("outputs");
        PropertyJson.Write(writer, finished.Outputs);
    }

    private void WriteDiagnostic(EngineEvent engineEvent, Diagnostic diagnostic) => Write(engineEvent, "diagnosticEvent", writer =>
    {
        if (diagnostic.Subject is { } subject)
        {
            writer.WriteString("urn", subject.ToString());
        }

        writer.WriteString("prefix", StepJson.SeverityName(diagnostic.Severity) + ": ");
        writer.WriteString("message", $"{diagnostic.Summary}: {diagnostic.Detail}");
        writer.WriteString("color", "never");
        writer.WriteString("severity", StepJson.SeverityName(diagnostic.Severity));
        if (diagnostic.Code.Length > 0)
        {
            writer.WriteString("code", diagnostic.Code);
        }

        if (diagnostic.Remedy is { } remedy)
        {
            writer.WriteString("remedy", remedy);
        }
    });

    private void WriteStep(EngineEvent engineEvent, string name, Urn urn, StepOp op, ResourceState? finished) => Write(engineEvent, name, writer =>
    {
        WriteMetadata(writer, urn, op, finished);
        if (_isPreview)
        {
            writer.WriteBoolean("planning", true);
        }
    });

    private void WriteMetadata(Utf8JsonWriter writer, Urn urn, StepOp op, ResourceState? finished)
    {
        // A step without a planned one is half of a replacement, or was found on the way.
        var step = _steps.GetValueOrDefault(urn) ?? new PlannedStep { Op = op, Urn = urn, Custom = true };
        writer.WritePropertyName("metadata");
        StepJson.WriteMetadata(writer, step, op, finished);
    }

    private void Write(EngineEvent engineEvent, string name, Action<Utf8JsonWriter> content)
    {
        _buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_buffer, Options))
        {
            writer.WriteStartObject();
            writer.WriteNumber("sequence", ++_sequence);
            writer.WriteNumber("timestamp", engineEvent.Time.ToUnixTimeSeconds());
            writer.WriteStartObject(name);
            content(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        output.Write('\n');
    }
}
