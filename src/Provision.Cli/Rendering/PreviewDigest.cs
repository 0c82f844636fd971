using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Rendering;

/// <summary>The one JSON document of <c>preview --json</c>.</summary>
internal static class PreviewDigest
{
    public static string Text(DeploymentResult result, TimeSpan duration) => Text(result.Plan, result.Diagnostics, duration, null);

    /// <summary>Of a saved plan, with what it was made of.</summary>
    public static string Text(Plan plan, PlanHeader header) => Text(plan, [], null, header);

    private static string Text(Plan plan, ImmutableArray<Diagnostic> diagnostics, TimeSpan? duration, PlanHeader? header) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("config");
        writer.WriteEndObject();
        if (header is not null)
        {
            Write(writer, header);
        }

        writer.WriteStartArray("steps");
        foreach (var step in plan.Steps)
        {
            StepJson.WriteDigest(writer, step);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("diagnostics");
        foreach (var diagnostic in diagnostics)
        {
            Write(writer, diagnostic);
        }

        writer.WriteEndArray();
        if (duration is { } time)
        {
            writer.WriteNumber("duration", time.Ticks * 100);
        }

        StepJson.WriteCounts(writer, "changeSummary", plan.Counts());
        writer.WriteBoolean("maybeCorrupt", false);
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, PlanHeader header)
    {
        writer.WriteStartObject("plan");
        writer.WriteString("project", header.Project);
        writer.WriteString("stack", header.Stack);
        writer.WriteString("time", header.Time);
        writer.WriteString("toolVersion", header.ToolVersion);
        writer.WriteString("commit", header.Commit);
        writer.WriteBoolean("dirty", header.IsDirty);
        writer.WriteNumber("stateSerial", header.StateSerial);
        writer.WriteString("stateDigest", header.StateDigest);
        writer.WriteBoolean("refresh", header.Refresh);
        writer.WriteBoolean("targetDependents", header.TargetDependents);
        Texts(writer, "targets", header.Targets);
        Texts(writer, "excludes", header.Excludes);
        Texts(writer, "replace", header.Replace);
        Texts(writer, "overrides", header.Overrides);
        writer.WriteEndObject();
    }

    private static void Texts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Diagnostic diagnostic)
    {
        writer.WriteStartObject();
        if (diagnostic.Subject is { } subject)
        {
            writer.WriteString("urn", subject.ToString());
        }

        writer.WriteString("message", $"{diagnostic.Summary}: {diagnostic.Detail}");
        writer.WriteString("severity", StepJson.SeverityName(diagnostic.Severity));
        writer.WriteString("code", diagnostic.Code);
        writer.WriteEndObject();
    }
}
