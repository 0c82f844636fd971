using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Reads the state form of property values. Keeps one copy of each key, of which a stack has few and many times.</summary>
internal sealed class PropertyValueReader
{
    private readonly Func<string, string> _decrypt;
    private readonly Dictionary<string, string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _keysBySpan;

    public PropertyValueReader(Func<string, string> decrypt)
    {
        _decrypt = decrypt;
        _keysBySpan = _keys.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The value at which the reader stands.</summary>
    public PropertyValue Read(ref Utf8JsonReader reader)
    {
        JsonLimits.EnsureStack();
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return PropertyValue.Null.Value;
            case JsonTokenType.True or JsonTokenType.False:
                return new PropertyValue.Bool(reader.GetBoolean());
            case JsonTokenType.Number:
                return reader.TryGetDouble(out var number) && double.IsFinite(number)
                    ? new PropertyValue.Number(number)
                    : throw new JsonException("A number is larger than any double.");
            case JsonTokenType.String:
                var text = reader.GetString() ?? "";
                return PropertySignatures.Unknowns.Contains(text) ? PropertyValue.Unknown.Value : new PropertyValue.String(text);
            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<PropertyValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader));
                return new PropertyValue.List(items.DrainToImmutable());
            case JsonTokenType.StartObject:
                var map = ReadEntries(ref reader);
                return map.TryGetValue(PropertySignatures.Key, out var signature) ? Interpret(signature, map) : new PropertyValue.Map(map);
            default:
                throw new JsonException($"A value was expected, and there is {reader.TokenType}.");
        }
    }

    /// <summary>The object at which the reader stands, as a resource's inputs or outputs.</summary>
    public PropertyMap ReadMap(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadEntries(ref reader),
        JsonTokenType.Null => PropertyMap.Empty,
        var other => throw new JsonException($"An object was expected, and there is {other}."),
    };

    private PropertyMap ReadEntries(ref Utf8JsonReader reader)
    {
        List<KeyValuePair<string, PropertyValue>> entries = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var key = ReadKey(ref reader);
            reader.Read();
            entries.Add(KeyValuePair.Create(key, Read(ref reader)));
        }

        return PropertyMap.From(entries);
    }

    private string ReadKey(ref Utf8JsonReader reader)
    {
        var length = reader.ValueSpan.Length;
        char[]? rented = null;
        var buffer = length <= 128 ? stackalloc char[128] : rented = ArrayPool<char>.Shared.Rent(length);
        var name = buffer[..reader.CopyString(buffer)];
        if (!_keysBySpan.TryGetValue(name, out var key))
        {
            key = name.ToString();
            _keys.Add(key, key);
        }

        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return key;
    }

    private PropertyValue Interpret(PropertyValue signature, PropertyMap map)
    {
        switch ((signature as PropertyValue.String)?.Value)
        {
            case PropertySignatures.Secret:
                return ReadSecret(Text(map, "ciphertext"), Text(map, "plaintext"));
            case PropertySignatures.Asset:
                return new PropertyValue.Asset(Text(map, "text"), Text(map, "path") ?? Text(map, "uri"), Text(map, "hash"));
            case PropertySignatures.Archive:
                return new PropertyValue.Archive(
                    map.Find("assets") is PropertyValue.Map assets ? assets.Properties : null, Text(map, "path") ?? Text(map, "uri"), Text(map, "hash"));
            case PropertySignatures.Resource:
                return Urn.TryParse(Text(map, "urn"), out var urn)
                    ? new PropertyValue.Resource(urn, map.Find("id") is PropertyValue.Unknown ? PropertyValue.UnknownSentinel : Text(map, "id"), Text(map, "packageVersion"))
                    : throw new JsonException("A resource reference has no URN.");
            case PropertySignatures.Output:
                var inner = map.Find("value") ?? PropertyValue.Unknown.Value;
                return map.Find("secret") is PropertyValue.Bool { Value: true } ? new PropertyValue.Secret(inner) : inner;
            case PropertySignatures.SpecialNumber:
                return ulong.TryParse(Text(map, "value"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits)
                    ? new PropertyValue.Number(BitConverter.UInt64BitsToDouble(bits))
                    : throw new JsonException("A special number is not 16 hexadecimal digits.");
            case PropertySignatures.ByteString:
                throw new JsonException("A value is a byte string, which this tool does not have.");
            default:
                throw new JsonException($"A value has the signature '{signature}', which this tool does not know.");
        }
    }

    private PropertyValue.Secret ReadSecret(string? ciphertext, string? plaintext)
    {
        if ((ciphertext is null) == (plaintext is null))
            throw new JsonException("A secret has to have either a ciphertext or a plaintext.");

        // What is inside a secret is not encrypted again: its ciphertexts are plain.
        return ciphertext is null
            ? new PropertyValue.Secret(PropertyValueJson.Parse(plaintext ?? "", text => text))
            : new PropertyValue.Secret(ciphertext, () => ParseDecrypted(_decrypt(ciphertext)));
    }

    private static PropertyValue ParseDecrypted(string plain)
    {
        try
        {
            return PropertyValueJson.Parse(plain, text => text);
        }
        catch (JsonException)
        {
            // Without the cause: its message could quote the secret.
            throw new SecretsException(StateDiagnostics.CiphertextDamaged("a secret decrypts to something that is no JSON."));
        }
    }

    private static string? Text(PropertyMap map, string key) => (map.Find(key) as PropertyValue.String)?.Value;
}
