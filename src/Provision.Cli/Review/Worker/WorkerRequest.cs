using System.Collections.Immutable;
using System.Text;

namespace Provision.Cli.Review.Worker;

/// <summary>
/// What a worker is told, once, on its standard input. Not as JSON, which it only writes: what reads JSON takes longer to load than all else it does with a
/// request.
/// </summary>
/// <param name="Base">The revision before; null where none of it can be evaluated.</param>
/// <param name="Head">The revision after; null where there is no workspace any more.</param>
/// <param name="Stacks">What to compare, in this order.</param>
/// <param name="DefinitionSeconds">How long a definition may take.</param>
internal sealed record WorkerRequest(WorkerSide? Base, WorkerSide? Head, ImmutableArray<WorkerStack> Stacks, double DefinitionSeconds)
{
    // Tells one from none.
    private const byte Begin = 1;

    public ReadOnlySpan<byte> ToBytes()
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(Begin);
        Write(writer, Base);
        Write(writer, Head);
        writer.Write(Stacks.Length);
        foreach (var stack in Stacks)
        {
            writer.Write(stack.Name);
            writer.Write(stack.InBase);
            writer.Write(stack.InHead);
        }

        writer.Write(DefinitionSeconds);
        writer.Flush();
        return bytes.GetBuffer().AsSpan(0, (int)bytes.Length);
    }

    /// <summary>Waits for one; null where the stream ends instead.</summary>
    /// <exception cref="EndOfStreamException">It ends amid one.</exception>
    public static WorkerRequest? Read(Stream stream)
    {
        if (stream.ReadByte() < 0)
        {
            return null;
        }

        using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        var (before, after) = (ReadSide(reader), ReadSide(reader));
        var stacks = new WorkerStack[reader.ReadInt32()];
        for (var i = 0; i < stacks.Length; i++)
        {
            stacks[i] = new WorkerStack(reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean());
        }

        return new WorkerRequest(before, after, [.. stacks], reader.ReadDouble());
    }

    private static void Write(BinaryWriter writer, WorkerSide? side)
    {
        writer.Write(side is not null);
        if (side is not null)
        {
            writer.Write(side.ProjectFile);
            Write(writer, side.Assembly);
            Write(writer, side.Symbols);
        }
    }

    private static void Write(BinaryWriter writer, byte[] bytes)
    {
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static WorkerSide? ReadSide(BinaryReader reader) =>
        reader.ReadBoolean() ? new WorkerSide(reader.ReadString(), reader.ReadBytes(reader.ReadInt32()), reader.ReadBytes(reader.ReadInt32())) : null;
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
