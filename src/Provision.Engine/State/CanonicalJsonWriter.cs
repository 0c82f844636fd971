using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>
/// Writes JSON byte for byte as Go's encoder does with HTML escaping off, so that files that pulumi wrote stay as they are: only quotes,
/// backslashes, control characters and U+2028/2029 are escaped, and numbers follow Go's rules. <see cref="Utf8JsonWriter"/> escapes more.
/// </summary>
internal sealed class CanonicalJsonWriter(Stream output, int indentation = 0)
{
    private const int FlushAt = 64 * 1024;

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '"', '\\', '\u2028', '\u2029']);

    // Grows as needed: a journal entry takes a kilobyte or two, and there are two a step.
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private int _depth;
    private bool _first = true;
    private bool _named;

    public static string ToText(Action<CanonicalJsonWriter> write)
    {
        using var stream = new MemoryStream();
        var writer = new CanonicalJsonWriter(stream);
        write(writer);
        writer.Flush();
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    public void StartObject() => Start('{');

    public void EndObject() => End('}');

    public void StartArray() => Start('[');

    public void EndArray() => End(']');

    public void Name(string name)
    {
        Separate();
        Quote(name);
        Ascii(indentation > 0 ? ": " : ":");
        _named = true;
    }

    public void String(string value)
    {
        BeforeValue();
        Quote(value);
    }

    public void Number(double value)
    {
        BeforeValue();
        Ascii(GoNumber.Format(value));
    }

    public void Integer(long value)
    {
        BeforeValue();
        Ascii(value.ToString(CultureInfo.InvariantCulture));
    }

    public void Bool(bool value)
    {
        BeforeValue();
        Ascii(value ? "true" : "false");
    }

    public void Null()
    {
        BeforeValue();
        Ascii("null");
    }

    /// <summary>A value of which nothing is known: member order and the text of numbers stay.</summary>
    public void Element(JsonElement element)
    {
        JsonLimits.EnsureStack();
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                StartObject();
                foreach (var member in element.EnumerateObject())
                {
                    Name(member.Name);
                    Element(member.Value);
                }

                EndObject();
                break;
            case JsonValueKind.Array:
                StartArray();
                foreach (var item in element.EnumerateArray())
                    Element(item);
                EndArray();
                break;
            case JsonValueKind.String:
                String(element.GetString() ?? "");
                break;
            case JsonValueKind.Number:
                BeforeValue();
                Ascii(element.GetRawText());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Bool(element.GetBoolean());
                break;
            default:
                Null();
                break;
        }
    }

    public void Flush()
    {
        output.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    private void Start(char bracket)
    {
        BeforeValue();
        Ascii([bracket]);
        _depth++;
        _first = true;
    }

    private void End(char bracket)
    {
        _depth--;
        if (!_first)
            NewLine();
        Ascii([bracket]);
        _first = false;
    }

    private void BeforeValue()
    {
        if (_named)
            _named = false;
        else
            Separate();
    }

    private void Separate()
    {
        if (_buffer.WrittenCount > FlushAt)
            Flush();
        if (!_first)
            Ascii(",");
        if (_depth > 0)
            NewLine();
        _first = false;
    }

    private void NewLine()
    {
        if (indentation == 0)
            return;

        Ascii("\n");
        var span = _buffer.GetSpan(_depth * indentation)[..(_depth * indentation)];
        span.Fill((byte)' ');
        _buffer.Advance(span.Length);
    }

    private void Quote(ReadOnlySpan<char> text)
    {
        Ascii("\"");
        while (!text.IsEmpty)
        {
            var stop = text.IndexOfAny(Escaped);
            Encoding.UTF8.GetBytes(stop < 0 ? text : text[..stop], _buffer);
            if (stop < 0)
                break;

            Ascii(text[stop] switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\b' => "\\b",
                '\f' => "\\f",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                var other => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)other:x4}"),
            });
            text = text[(stop + 1)..];
        }

        Ascii("\"");
    }

    private void Ascii(ReadOnlySpan<char> text)
    {
        var span = _buffer.GetSpan(text.Length);
        Encoding.ASCII.GetBytes(text, span);
        _buffer.Advance(text.Length);
    }
}
