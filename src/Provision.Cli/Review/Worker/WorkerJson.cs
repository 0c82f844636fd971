using System.Text;
using System.Text.Json;

namespace Provision.Cli.Review.Worker;

/// <summary>What passes between a worker and who started it: an object on a line of its own.</summary>
internal static class WorkerJson
{
    public static string Line(Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <exception cref="FormatException">It is not what <paramref name="read"/> reads.</exception>
    public static T Parse<T>(string line, Func<JsonElement, T> read)
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
