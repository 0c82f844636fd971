using System.Buffers;
using System.Text.Json;

namespace Provision.Cli.Review.Worker;

/// <summary>What a worker says to who started it: an object on a line of its own.</summary>
internal static class WorkerJson
{
    public static ReadOnlyMemory<byte> Line(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }

    /// <exception cref="FormatException">It is not what <paramref name="read"/> reads.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> line, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return read(document.RootElement);
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    public static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? "";
}
