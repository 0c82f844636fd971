using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Provision.Engine.Diagnostics;

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

    /// <summary>A stack is compared.</summary>
    public sealed record Done(StackReview Review) : WorkerMessage;

    public string ToLine()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            switch (this)
            {
                case Begun begun:
                    Side(writer, "begun", begun.Stack, begun.IsHead);
                    break;
                case Failed failed:
                    Side(writer, "failed", failed.Stack, failed.IsHead);
                    ReviewJsonWriter.Write(writer, "problems", failed.Problems);
                    break;
                case Done done:
                    writer.WritePropertyName("done");
                    ReviewJsonWriter.Write(writer, done.Review);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static WorkerMessage Parse(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            return root.TryGetProperty("begun", out var begun) ? new Begun(Text(begun), OfHead(root))
                : root.TryGetProperty("failed", out var failed) ? new Failed(Text(failed), OfHead(root), ReviewJsonReader.Diagnostics(root, "problems"))
                : new Done(ReviewJsonReader.Stack(root.GetProperty("done")));
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    private static void Side(Utf8JsonWriter writer, string what, string stack, bool isHead)
    {
        writer.WriteString(what, stack);
        writer.WriteBoolean("head", isHead);
    }

    private static string Text(JsonElement element) => element.GetString() ?? "";

    private static bool OfHead(JsonElement root) => root.GetProperty("head").GetBoolean();
}
