using System.Text.Json;
using Provision.Engine;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Rendering;

/// <summary>The one JSON document of <c>preview --json</c>.</summary>
internal static class PreviewDigest
{
    public static string Text(DeploymentResult result, TimeSpan duration) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("config");
        writer.WriteEndObject();
        writer.WriteStartArray("steps");
        foreach (var step in result.Plan.Steps)
        {
            StepJson.WriteDigest(writer, step);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("diagnostics");
        foreach (var diagnostic in result.Diagnostics)
        {
            Write(writer, diagnostic);
        }

        writer.WriteEndArray();
        writer.WriteNumber("duration", duration.Ticks * 100);
        StepJson.WriteCounts(writer, "changeSummary", result.Plan.Counts());
        writer.WriteBoolean("maybeCorrupt", false);
        writer.WriteEndObject();
    });

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
