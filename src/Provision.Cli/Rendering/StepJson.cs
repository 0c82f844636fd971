using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>Steps, states and diagnostics in the shapes of Pulumi's machine output. Secrets are hidden on both sides.</summary>
internal static class StepJson
{
    /// <summary>The <c>metadata</c> of an engine event.</summary>
    public static void WriteMetadata(Utf8JsonWriter writer, PlannedStep step, StepOp op, ResourceState? finished)
    {
        writer.WriteStartObject();
        writer.WriteString("op", op.Name());
        writer.WriteString("urn", step.Urn.ToString());
        writer.WriteString("type", step.Urn.Type.Token);
        writer.WritePropertyName("old");
        WriteState(writer, step, step.Old, step.Old?.Inputs, step.Old?.Outputs);
        writer.WritePropertyName("new");
        WriteState(writer, step, finished ?? step.Old, finished?.Inputs ?? step.Inputs, finished?.Outputs);
        WriteNames(writer, "keys", step.Changes.Where(change => change.Apply == ApplyClass.Replace));
        WriteNames(writer, "diffs", step.Changes);
        WriteDetailedDiff(writer, "diffKind", step.Changes, step.Op);
        if (step.Reason is { } reason)
        {
            writer.WriteString("reason", reason);
        }

        if (step.Remark is { } remark)
        {
            writer.WriteString("remark", remark);
        }

        writer.WriteBoolean("logical", op.IsCounted());
        writer.WriteString("provider", step.Old?.Provider?.ToString() ?? "");
        writer.WriteEndObject();
    }

    /// <summary>One step of <c>preview --json</c>.</summary>
    public static void WriteDigest(Utf8JsonWriter writer, PlannedStep step)
    {
        writer.WriteStartObject();
        writer.WriteString("op", step.Op.Name());
        writer.WriteString("urn", step.Urn.ToString());
        if (step.Old?.Provider is { } provider)
        {
            writer.WriteString("provider", provider.ToString());
        }

        if (step.Reason is { } reason)
        {
            writer.WriteString("reason", reason);
        }

        if (step.Remark is { } remark)
        {
            writer.WriteString("remark", remark);
        }

        if (step.Old is not null)
        {
            writer.WritePropertyName("oldState");
            WriteState(writer, step, step.Old, step.Old.Inputs, step.Old.Outputs);
        }

        if (step.Inputs is { } inputs)
        {
            writer.WritePropertyName("newState");
            WriteState(writer, step, step.Old, inputs, null);
        }

        if (!step.Changes.IsEmpty)
        {
            WriteNames(writer, "diffReasons", step.Changes);
            WriteNames(writer, "replaceReasons", step.Changes.Where(change => change.Apply == ApplyClass.Replace));
        }

        WriteDetailedDiff(writer, "kind", step.Changes, step.Op);
        writer.WriteEndObject();
    }

    public static void WriteCounts(Utf8JsonWriter writer, string name, ImmutableArray<StepCount> counts)
    {
        writer.WriteStartObject(name);
        foreach (var (op, count) in counts)
        {
            writer.WriteNumber(op.Name(), count);
        }

        writer.WriteEndObject();
    }

    public static string SeverityName(Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Warning => "warning",
        Severity.Error => "error",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static void WriteState(Utf8JsonWriter writer, PlannedStep step, ResourceState? state, PropertyMap? inputs, PropertyMap? outputs)
    {
        if (state is null && inputs is null)
        {
            writer.WriteNullValue();
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", step.Urn.Type.Token);
        writer.WriteString("urn", step.Urn.ToString());
        writer.WriteBoolean("custom", step.Custom);
        writer.WriteString("id", state?.Id ?? "");
        writer.WriteString("parent", (state?.Parent ?? PlanTree.ParentOf(step))?.ToString() ?? "");
        if (state is { Protect: true })
        {
            writer.WriteBoolean("protect", true);
        }

        if (state is { RetainOnDelete: true })
        {
            writer.WriteBoolean("retainOnDelete", true);
        }

        writer.WritePropertyName("inputs");
        PropertyJson.Write(writer, Hide(inputs, step));
        writer.WritePropertyName("outputs");
        PropertyJson.Write(writer, Hide(outputs, step));
        writer.WriteString("provider", state?.Provider?.ToString() ?? "");
        writer.WriteEndObject();
    }

    /// <summary>What a daemon reports in plain text is hidden where the inputs of either side hold a secret at the same place.</summary>
    private static PropertyMap Hide(PropertyMap? map, PlannedStep step)
    {
        PropertyValue hidden = map ?? PropertyMap.Empty;
        foreach (var source in (PropertyMap?[])[step.Old?.Inputs, step.Old?.Outputs, step.Inputs])
        {
            if (source is not null && !ReferenceEquals(source, map))
            {
                hidden = SecretMask.HideLike(hidden, source);
            }
        }

        return hidden is PropertyValue.Map result ? result.Properties : PropertyMap.Empty;
    }

    private static void WriteNames(Utf8JsonWriter writer, string name, IEnumerable<PropertyDiff> changes)
    {
        writer.WriteStartArray(name);
        foreach (var top in changes.Select(change => change.Path.Top).Distinct(StringComparer.Ordinal))
        {
            writer.WriteStringValue(top);
        }

        writer.WriteEndArray();
    }

    private static void WriteDetailedDiff(Utf8JsonWriter writer, string kindName, ImmutableArray<PropertyDiff> changes, StepOp op)
    {
        if (changes.IsEmpty)
        {
            writer.WriteNull("detailedDiff");
            return;
        }

        writer.WriteStartObject("detailedDiff");
        foreach (var change in changes.DistinctBy(change => change.Path.ToString()))
        {
            var kind = change.Kind switch
            {
                DiffKind.Add => "add",
                DiffKind.Delete => "delete",
                _ => "update",
            };
            writer.WriteStartObject(change.Path.ToString());
            writer.WriteString(kindName, op == StepOp.Replace && change.Apply == ApplyClass.Replace ? kind + "-replace" : kind);
            writer.WriteBoolean("inputDiff", op != StepOp.Refresh);
            writer.WriteString("apply", change.Apply.ToString().ToLowerInvariant());
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
