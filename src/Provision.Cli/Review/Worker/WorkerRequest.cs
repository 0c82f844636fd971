using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Cli.Review.Worker;

/// <summary>What a worker is told, as one line of JSON on its standard input. Written by hand, as its answers are: a serializer takes long to load.</summary>
/// <param name="Base">The revision before; null where none of it can be evaluated.</param>
/// <param name="Head">The revision after; null where there is no workspace any more.</param>
/// <param name="Stacks">What to compare, in this order.</param>
/// <param name="DefinitionSeconds">How long a definition may take.</param>
internal sealed record WorkerRequest(WorkerSide? Base, WorkerSide? Head, ImmutableArray<WorkerStack> Stacks, double DefinitionSeconds)
{
    public ReadOnlyMemory<byte> ToLine() => WorkerJson.Line(writer =>
    {
        Write(writer, "base", Base);
        Write(writer, "head", Head);
        writer.WriteStartArray("stacks");
        foreach (var stack in Stacks)
        {
            writer.WriteStartObject();
            writer.WriteString("name", stack.Name);
            writer.WriteBoolean("inBase", stack.InBase);
            writer.WriteBoolean("inHead", stack.InHead);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNumber("definitionSeconds", DefinitionSeconds);
    });

    /// <exception cref="FormatException">It is none.</exception>
    public static WorkerRequest Parse(ReadOnlyMemory<byte> line) => WorkerJson.Parse(line, root => new WorkerRequest(
        Side(root, "base"),
        Side(root, "head"),
        [.. root.GetProperty("stacks").EnumerateArray().Select(stack => new WorkerStack(
            WorkerJson.Text(stack, "name"), stack.GetProperty("inBase").GetBoolean(), stack.GetProperty("inHead").GetBoolean()))],
        root.GetProperty("definitionSeconds").GetDouble()));

    private static void Write(Utf8JsonWriter writer, string name, WorkerSide? side)
    {
        if (side is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        writer.WriteString("projectFile", side.ProjectFile);
        writer.WriteBase64String("assembly", side.Assembly);
        writer.WriteBase64String("symbols", side.Symbols);
        writer.WriteEndObject();
    }

    private static WorkerSide? Side(JsonElement root, string name) => root.TryGetProperty(name, out var side)
        ? new WorkerSide(WorkerJson.Text(side, "projectFile"), side.GetProperty("assembly").GetBytesFromBase64(), side.GetProperty("symbols").GetBytesFromBase64())
        : null;
}

/// <summary>One revision: where its files are, and its definitions, compiled.</summary>
/// <param name="ProjectFile">Its Pulumi.yaml.</param>
/// <param name="Assembly">The definitions.</param>
/// <param name="Symbols">Their symbols, for the lines of errors.</param>
internal sealed record WorkerSide(string ProjectFile, byte[] Assembly, byte[] Symbols);

/// <summary>A stack to compare.</summary>
/// <param name="Name">Its name.</param>
/// <param name="InBase">Whether the base has it and it can be evaluated there.</param>
/// <param name="InHead">Whether the head has it.</param>
internal sealed record WorkerStack(string Name, bool InBase, bool InHead);
