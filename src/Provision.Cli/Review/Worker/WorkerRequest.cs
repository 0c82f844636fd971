using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Provision.Cli.Review.Worker;

/// <summary>What a worker is told, as one line of JSON on its standard input.</summary>
/// <param name="Base">The revision before; null where none of it can be evaluated.</param>
/// <param name="Head">The revision after; null where there is no workspace any more.</param>
/// <param name="Stacks">What to compare, in this order.</param>
/// <param name="DefinitionSeconds">How long a definition may take.</param>
internal sealed record WorkerRequest(WorkerSide? Base, WorkerSide? Head, ImmutableArray<WorkerStack> Stacks, double DefinitionSeconds)
{
    public string ToLine() => JsonSerializer.Serialize(this, WorkerJson.Default.WorkerRequest);

    public static WorkerRequest Parse(string line) =>
        JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerRequest) ?? throw new FormatException("The request is empty.");
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

[JsonSerializable(typeof(WorkerRequest))]
internal sealed partial class WorkerJson : JsonSerializerContext;
