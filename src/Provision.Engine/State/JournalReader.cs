using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>
/// Reads journals. A line is one append and one promise: <c>crc length json</c>. The last line may be torn, for then nobody was told that it
/// was stored; a broken line before a whole one was damaged later.
/// </summary>
internal sealed class JournalReader
{
    public const int Format = 1;

    private readonly ISecretsSource _source;
    private readonly ResourceJsonReader _resources;
    private readonly ImmutableArray<JournalEntry>.Builder _entries = ImmutableArray.CreateBuilder<JournalEntry>();
    private readonly ImmutableArray<JournalCommit>.Builder _commits = ImmutableArray.CreateBuilder<JournalCommit>();
    private JournalHeader? _header;
    private SecretsProviderState? _secrets;

    private JournalReader(ISecretsSource source)
    {
        _source = source;
        _resources = new ResourceJsonReader(Decrypt);
    }

    /// <summary>Frames one append: CRC-32C and length, then the JSON, which has no line ends of its own.</summary>
    public static byte[] Frame(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Checksum(body):x8} {body.Length} ")), .. body, (byte)'\n'];
    }

    /// <exception cref="JournalException">It is damaged, and not just at its end.</exception>
    public static JournalContent Read(ReadOnlySpan<byte> content, string path, string backup, ISecretsSource source)
    {
        var reading = new JournalReader(source);
        var at = 0;
        while (at < content.Length)
        {
            if (!TryUnframe(content[at..], out var body, out var length))
            {
                // A write that was cut short never has another byte where its line should end.
                if (length > 0 || HasWholeLine(content[at..]))
                    throw Damaged($"the line at byte {at} is damaged, and whole ones follow.");
                break;
            }

            try
            {
                reading.ReadLine(body);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
            {
                // Its checksum is right: it was written like this, by a tool that knows more than we do.
                throw Damaged($"the line at byte {at} is not understood ({e.Message})", e);
            }

            at += length;
        }

        return new JournalContent
        {
            Header = reading._header,
            Entries = reading._entries.ToImmutable(),
            Commits = reading._commits.ToImmutable(),
            Secrets = reading._secrets,
            TornBytes = content.Length - at,
        };

        JournalException Damaged(string why, Exception? cause = null) => new(StateDiagnostics.JournalDamaged(path, backup, why), cause);
    }

    private static uint Checksum(ReadOnlySpan<byte> body)
    {
        var crc = uint.MaxValue;
        foreach (var each in body)
            crc = BitOperations.Crc32C(crc, each);
        return ~crc;
    }

    /// <summary>A length with false means: whole, but for its line end.</summary>
    private static bool TryUnframe(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> body, out int length)
    {
        body = default;
        length = 0;
        if (!Utf8Parser.TryParse(rest, out uint crc, out var crcLength, 'x') || crcLength != 8 || rest.Length < 10 || rest[8] != ' '
            || rest[..8].ContainsAnyInRange((byte)'A', (byte)'F')
            || !Utf8Parser.TryParse(rest[9..], out int size, out var sizeLength) || size < 0)
        {
            return false;
        }

        var start = 9 + sizeLength + 1;
        if (rest.Length - start <= size || rest[start - 1] != ' ')
            return false;

        body = rest.Slice(start, size);
        if (Checksum(body) != crc)
            return false;

        length = start + size + 1;
        return rest[start + size] == '\n';
    }

    private static bool HasWholeLine(ReadOnlySpan<byte> rest)
    {
        for (var end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
        {
            rest = rest[(end + 1)..];
            if (TryUnframe(rest, out _, out _))
                return true;
        }

        return false;
    }

    private void ReadLine(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, JsonLimits.Reader);
        reader.Read();
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "header":
                    _header = ReadHeader(JsonElement.ParseValue(ref reader));
                    break;
                case "secrets_providers":
                    _secrets = CheckpointReader.ReadSecretsProvider(ref reader);
                    break;
                case "entries":
                    ResourceJsonReader.Expect(ref reader, JsonTokenType.StartArray);
                    while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                        _entries.Add(JournalEntryJson.Read(ref reader, _resources));
                    break;
                case "committed":
                    var committed = JsonElement.ParseValue(ref reader);
                    _commits.Add(new JournalCommit(
                        Text(committed, "checkpoint"),
                        committed.GetProperty("stamp").GetInt64(),
                        UpdateRecord.Read(committed.GetProperty("record"))));
                    break;
                default:
                    throw new JsonException($"The member '{member}' is not known.");
            }
        }

        if (_header is null)
            throw new JsonException("There is no header.");
    }

    private static JournalHeader ReadHeader(JsonElement header)
    {
        var format = header.GetProperty("format").GetInt32();
        if (format != Format)
            throw new JsonException($"It has format {format}; this tool reads format {Format}.");

        return new JournalHeader(
            Text(header, "base"), Text(header, "operation"), Rfc3339.TryParse(Text(header, "begun"), out var begun) ? begun : default, Text(header, "tool"));
    }

    private static string Text(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) ? value.GetString() ?? "" : throw new JsonException($"There is no '{member}'.");

    private string Decrypt(string ciphertext) => _secrets is { } recorded
        ? _source.Open(recorded).Decrypt(ciphertext)
        : throw new SecretsException(StateDiagnostics.CiphertextDamaged("a journal holds a secret, and does not say what encrypted it."));
}
