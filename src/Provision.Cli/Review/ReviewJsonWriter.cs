using System.Collections.Immutable;
using System.Text.Json;
using Provision.Cli.Rendering;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Review;

/// <summary>
/// The JSON form of a report, <c>examples/ci/report.schema.json</c>. Values are as in a checkpoint; a secret is the text <c>[secret]</c>, an unknown Pulumi's own
/// text for it.
/// </summary>
internal static class ReviewJsonWriter
{
    /// <summary>The <c>unit</c> of a change of bytes.</summary>
    public const string BytesUnit = "bytes";

    /// <summary>The <c>unit</c> of a change of mebibytes.</summary>
    public const string MebibytesUnit = "MiB";

    public static string Text(ReviewReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", ReviewReport.Version);
        writer.WriteString("tool", report.ToolVersion);
        writer.WriteString("project", report.Project);
        Write(writer, "base", report.Base);
        Write(writer, "head", report.Head);
        writer.WritePropertyName("summary");
        Write(writer, ReviewCounts.Of(report));
        writer.WriteStartArray("stacks");
        foreach (var stack in report.Stacks)
        {
            Write(writer, stack);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    public static void Write(Utf8JsonWriter writer, StackReview stack)
    {
        writer.WriteStartObject();
        writer.WriteString("name", stack.Stack);
        writer.WriteString("change", Name(stack.Change));
        Write(writer, "baseProblems", stack.BaseProblems);
        Write(writer, "problems", stack.Problems);
        Write(writer, stack.Impact);
        Array(writer, "capacity", stack.Capacity, Write);
        Array(writer, "violations", stack.Violations, Write);
        WriteSteps(writer, stack.Plan);
        writer.WriteEndObject();
    }

    /// <summary>The members of a plan: its steps, and the stack's outputs before and after them.</summary>
    public static void WriteSteps(Utf8JsonWriter writer, Plan plan)
    {
        Array(writer, "steps", plan.Steps, Write);
        writer.WriteStartObject("outputs");
        writer.WritePropertyName("old");
        PropertyJson.Write(writer, plan.Steps.FirstOrDefault(step => step.Urn.Type == ResourceType.Stack)?.Old?.Outputs ?? PropertyMap.Empty);
        writer.WritePropertyName("new");
        PropertyJson.Write(writer, plan.Operation == Operation.Destroy ? PropertyMap.Empty : plan.Outputs);
        writer.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter writer, string name, ImmutableArray<Diagnostic> diagnostics) => Array(writer, name, diagnostics, (to, diagnostic) =>
    {
        to.WriteStartObject();
        to.WriteString("code", diagnostic.Code);
        to.WriteString("severity", Name(diagnostic.Severity));
        to.WriteString("summary", diagnostic.Summary);
        to.WriteString("detail", diagnostic.Detail);
        Optional(to, "remedy", diagnostic.Remedy);
        Optional(to, "urn", diagnostic.Subject?.ToString());
        to.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, string name, ReviewSide side)
    {
        writer.WriteStartObject(name);
        writer.WriteString("name", side.Name);
        Optional(writer, "commit", side.Commit);
        Write(writer, "problems", side.Problems);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReviewCounts counts)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("stacks");
        foreach (var change in Enum.GetValues<StackChange>())
        {
            writer.WriteNumber(Name(change), counts.Stacks[change]);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("resources");
        foreach (var effect in Enum.GetValues<Effect>())
        {
            writer.WriteNumber(Name(effect), counts.Resources[effect]);
        }

        writer.WriteNumber("same", counts.Same);
        writer.WriteEndObject();
        writer.WriteStartObject("people");
        foreach (var effect in Enum.GetValues<Effect>())
        {
            writer.WriteNumber(Name(effect), counts.People[effect]);
        }

        writer.WriteEndObject();
        writer.WriteNumber("lostDisks", counts.LostDisks);
        writer.WriteNumber("lostVolumes", counts.LostVolumes);
        writer.WriteNumber("cutOff", counts.CutOff);
        writer.WriteNumber("violations", counts.Violations);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReviewImpact impact)
    {
        writer.WriteStartObject("impact");
        Array(writer, "workloads", impact.Workloads, (to, workload) =>
        {
            to.WriteStartObject();
            to.WriteString("name", workload.Name);
            to.WriteString("kind", workload.IsMachine ? "machine" : "container");
            to.WriteString("effect", Name(workload.Effect));
            Optional(to, "owner", workload.Owner);
            to.WriteEndObject();
        });
        Array(writer, "lost", impact.Lost, (to, lost) =>
        {
            to.WriteStartObject();
            to.WriteString("name", lost.Name);
            to.WriteString("kind", lost.IsDisk ? "disk" : "volume");
            to.WriteString("effect", Name(lost.IsReplaced ? Effect.Replace : Effect.Delete));
            Optional(to, "owner", lost.Owner);
            to.WriteEndObject();
        });
        Array(writer, "cutOff", impact.CutOff, (to, cut) =>
        {
            to.WriteStartObject();
            to.WriteString("name", cut.Name);
            to.WriteString("from", cut.From);
            to.WriteString("effect", Name(cut.Effect));
            Optional(to, "owner", cut.Owner);
            to.WriteEndObject();
        });
        Array(writer, "renames", impact.Renames, (to, rename) =>
        {
            to.WriteStartObject();
            to.WriteString("old", rename.Old);
            to.WriteString("new", rename.New);
            to.WriteEndObject();
        });
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, CapacityChange change)
    {
        writer.WriteStartObject();
        writer.WriteString("where", change.Where);
        writer.WriteString("quantity", change.Quantity);
        writer.WriteNumber("before", change.Before);
        writer.WriteNumber("after", change.After);
        if (change.Available is { } available)
        {
            writer.WriteNumber("available", available);
        }

        writer.WriteBoolean("bytes", change.IsBytes);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ReviewViolation violation)
    {
        writer.WriteStartObject();
        writer.WriteString("policy", violation.Policy);
        writer.WriteBoolean("mandatory", violation.IsMandatory);
        Optional(writer, "resource", violation.Resource);
        writer.WriteString("message", violation.Message);
        Optional(writer, "remedy", violation.Remedy);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PlannedStep step)
    {
        writer.WriteStartObject();
        writer.WriteString("op", step.Op.Name());
        writer.WriteString("urn", step.Urn.ToString());
        writer.WriteBoolean("custom", step.Custom);
        Optional(writer, "parent", (step.Parent ?? step.Old?.Parent)?.ToString());
        Optional(writer, "effect", Effects.Of(step) is { } effect ? Name(effect) : null);
        Optional(writer, "reason", step.Reason);
        Optional(writer, "remark", step.Remark);
        Flag(writer, "deletedFirst", step.DeleteBeforeReplace);
        Flag(writer, "retained", step.Retained);
        Flag(writer, "protected", step.Old is { Protect: true });
        Flag(writer, "keptOnDelete", step.Old is { RetainOnDelete: true });
        Optional(writer, "goesWith", step.Old?.DeletedWith?.ToString());
        Array(writer, "uses", step.Dependencies.IsEmpty ? step.Old?.Dependencies ?? [] : step.Dependencies, (to, urn) => to.WriteStringValue(urn.ToString()));
        if (!step.Changes.IsEmpty)
        {
            Array(writer, "changes", step.Changes, (to, change) => Write(to, step, change));
        }

        if (step.Inputs is { } inputs)
        {
            writer.WritePropertyName("inputs");
            PropertyJson.Write(writer, inputs);
            Sizes(writer, "bytes", step, SizedInput.Bytes);
            Sizes(writer, "mebibytes", step, SizedInput.Mebibytes);
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, PlannedStep step, PropertyDiff change)
    {
        writer.WriteStartObject();
        writer.WriteString("path", change.Path.ToString());
        writer.WriteString("kind", change.Kind.ToString().ToLowerInvariant());
        writer.WriteString("apply", change.Apply.ToString().ToLowerInvariant());
        Optional(writer, "unit", step.Sizes.FirstOrDefault(size => size.Path.Contains(change.Path)) switch
        {
            { Unit: SizedInput.Bytes } => BytesUnit,
            { Unit: SizedInput.Mebibytes } => MebibytesUnit,
            _ => null,
        });
        if (change.Old is { } old)
        {
            writer.WritePropertyName("old");
            PropertyJson.Write(writer, old);
        }

        if (change.New is { } fresh)
        {
            writer.WritePropertyName("new");
            PropertyJson.Write(writer, fresh);
        }

        writer.WriteEndObject();
    }

    private static void Sizes(Utf8JsonWriter writer, string name, PlannedStep step, long unit)
    {
        var sizes = step.Sizes.Where(size => size.Unit == unit).ToImmutableArray();
        if (!sizes.IsEmpty)
        {
            Array(writer, name, sizes, (to, size) => to.WriteStringValue(size.Path.ToString()));
        }
    }

    private static void Array<T>(Utf8JsonWriter writer, string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            write(writer, item);
        }

        writer.WriteEndArray();
    }

    private static void Optional(Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }

    private static void Flag(Utf8JsonWriter writer, string name, bool flag)
    {
        if (flag)
        {
            writer.WriteBoolean(name, true);
        }
    }

    private static string Name<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
