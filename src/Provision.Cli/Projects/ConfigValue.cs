using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Provision.Cli.Projects;

/// <summary>The value of a setting as it stands in a file; secrets stay encrypted. A closed hierarchy.</summary>
internal abstract record ConfigValue
{
    private ConfigValue()
    {
    }

    /// <summary>Where it was written; of a value given on the command line the file is a word such as <c>--config</c>.</summary>
    public SourcePlace Place { get; init; }

    /// <summary>Text, or what only looks like a number, true, false or null where it was not quoted.</summary>
    public sealed record Scalar(string Text, bool Quoted) : ConfigValue
    {
        /// <summary>It stands for a secret and must not be shown: it was decrypted, or given on the command line in place of one.</summary>
        public bool Secret { get; init; }

        public bool IsNull => !Quoted && Text is "" or "~" or "null" or "Null" or "NULL";
    }

    /// <summary><c>{secure: ciphertext}</c>.</summary>
    public sealed record Secure(string Ciphertext) : ConfigValue;

    public sealed record List(ImmutableArray<ConfigValue> Items) : ConfigValue;

    public sealed record Map(ImmutableArray<KeyValuePair<string, ConfigValue>> Entries) : ConfigValue
    {
        public ConfigValue? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key).Value;
    }

    public static ConfigValue Of(string text) => new Scalar(text, Quoted: true);

    public static ConfigValue From(YamlNode node) => node switch
    {
        YamlNode.Mapping { Entries: [{ Key.Text: "secure", Value: YamlNode.Scalar secret }] } => new Secure(secret.Text) { Place = node.Place },
        YamlNode.Mapping map => new Map([.. map.Entries.Select(entry => KeyValuePair.Create(entry.Key.Text, From(entry.Value)))]) { Place = node.Place },
        YamlNode.Sequence list => new List([.. list.Items.Select(From)]) { Place = node.Place },
        YamlNode.Scalar scalar => new Scalar(scalar.Text, scalar.Quoted) { Place = node.Place },
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether it, or anything in it, is secret.</summary>
    public bool HasSecret => this switch
    {
        Secure or Scalar { Secret: true } => true,
        List list => list.Items.Any(item => item.HasSecret),
        Map map => map.Entries.Any(entry => entry.Value.HasSecret),
        _ => false,
    };

    /// <summary>
    /// The text a program is given: a scalar's own, anything else as JSON. Secrets are revealed through <paramref name="reveal"/>.
    /// </summary>
    public string ToText(Func<string, string> reveal)
    {
        switch (this)
        {
            case Scalar scalar:
                return scalar.Text;
            case Secure secure:
                return reveal(secure.Ciphertext);
            default:
                using (var stream = new MemoryStream())
                {
                    using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
                    {
                        WriteJson(writer, reveal);
                    }

                    return Encoding.UTF8.GetString(stream.ToArray());
                }
        }
    }

    /// <summary>Writes it as JSON, unquoted numbers and booleans as such.</summary>
    public void WriteJson(Utf8JsonWriter writer, Func<string, string> reveal)
    {
        switch (this)
        {
            case Scalar { IsNull: true }:
                writer.WriteNullValue();
                break;
            case Scalar { Quoted: false, Text: "true" or "True" or "TRUE" }:
                writer.WriteBooleanValue(true);
                break;
            case Scalar { Quoted: false, Text: "false" or "False" or "FALSE" }:
                writer.WriteBooleanValue(false);
                break;
            case Scalar { Quoted: false } number when IsNumber(number.Text):
                writer.WriteRawValue(number.Text.TrimStart('+'));
                break;
            case Scalar text:
                writer.WriteStringValue(text.Text);
                break;
            case Secure secure:
                writer.WriteStringValue(reveal(secure.Ciphertext));
                break;
            case List list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    item.WriteJson(writer, reveal);
                }

                writer.WriteEndArray();
                break;
            case Map map:
                writer.WriteStartObject();
                foreach (var (key, value) in map.Entries)
                {
                    writer.WritePropertyName(key);
                    value.WriteJson(writer, reveal);
                }

                writer.WriteEndObject();
                break;
        }
    }

    /// <summary>Same content, wherever it stands.</summary>
    public bool SameAs(ConfigValue? other) => (this, other) switch
    {
        (Scalar left, Scalar right) => left.Text == right.Text && (left.Quoted == right.Quoted || !LooksTyped(left.Text)) && left.IsNull == right.IsNull,
        (Secure left, Secure right) => left.Ciphertext == right.Ciphertext,
        (List left, List right) => left.Items.Length == right.Items.Length && left.Items.Zip(right.Items).All(pair => pair.First.SameAs(pair.Second)),
        (Map left, Map right) => left.Entries.Length == right.Entries.Length
            && left.Entries.Zip(right.Entries).All(pair => pair.First.Key == pair.Second.Key && pair.First.Value.SameAs(pair.Second.Value)),
        _ => false,
    };

    /// <summary>Whether unquoted text of that form would be read as something else than text.</summary>
    public static bool LooksTyped(string text) =>
        text is "" or "~" or "null" or "Null" or "NULL" or "true" or "True" or "TRUE" or "false" or "False" or "FALSE"
        || IsNumber(text);

    /// <summary>A number as JSON has it; one with leading zeros is an identifier, not a number.</summary>
    public static bool IsNumber(string text)
    {
        var digits = text.AsSpan().TrimStart('-');
        return digits.Length > 0
            && char.IsAsciiDigit(digits[0])
            && (digits.Length == 1 || digits[0] != '0' || digits[1] is '.' or 'e' or 'E')
            && text.LastIndexOf('-') is var minus && (minus <= 0 || text[minus - 1] is 'e' or 'E')
            && char.IsAsciiDigit(text[^1])
            && !text.Contains(".e", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out _);
    }
}
