using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;

namespace Provision.Cli.Review.Worker;

/// <summary>What a worker says, a line of JSON each.</summary>
internal abstract record WorkerMessage
{
    private WorkerMessage()
    {
    }

    /// <summary>It begins to evaluate one side of a stack: whatever happens to it before it says more is that definition's doing.</summary>
    public sealed record Begun(string Stack, bool IsHead) : WorkerMessage;

    /// <summary>A side cannot be evaluated.</summary>
    public sealed record Failed(string Stack, bool IsHead, ImmutableArray<Diagnostic> Problems) : WorkerMessage;

    /// <summary>Some of a stack's steps, before the stack: they are many, and the first are read while the next are written.</summary>
    public sealed record Planned(Plan Part) : WorkerMessage;

    /// <summary>A stack is compared. Its steps were told before.</summary>
    public sealed record Done(StackReview Review) : WorkerMessage;

    public ReadOnlyMemory<byte> ToLine() => WorkerJson.Line(writer =>
    {
        switch (this)
        {
            case Begun begun:
                Side(writer, "begun", begun.Stack, begun.IsHead);
                break;
            case Failed failed:
                Side(writer, "failed", failed.Stack, failed.IsHead);
                ReviewJsonWriter.Write(writer, "problems", failed.Problems);
                break;
            case Planned planned:
                writer.WriteStartObject("planned");
                ReviewJsonWriter.WriteSteps(writer, planned.Part);
                writer.WriteEndObject();
                break;
            case Done done:
                writer.WritePropertyName("done");
                ReviewJsonWriter.Write(writer, done.Review);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    });

    /// <exception cref="FormatException">It is none.</exception>
    public static WorkerMessage Parse(ReadOnlyMemory<byte> line) => WorkerJson.Parse<WorkerMessage>(line, root =>
        root.TryGetProperty("begun", out _) ? new Begun(WorkerJson.Text(root, "begun"), OfHead(root))
        : root.TryGetProperty("failed", out _) ? new Failed(WorkerJson.Text(root, "failed"), OfHead(root), ReviewJsonReader.Diagnostics(root, "problems"))
        : root.TryGetProperty("planned", out var planned) ? new Planned(ReviewJsonReader.PlanOf(planned))
        : new Done(ReviewJsonReader.Stack(root.GetProperty("done"))));

    private static void Side(Utf8JsonWriter writer, string what, string stack, bool isHead)
    {
        writer.WriteString(what, stack);
        writer.WriteBoolean("head", isHead);
    }

    private static bool OfHead(JsonElement root) => root.GetProperty("head").GetBoolean();
}
