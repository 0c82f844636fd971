using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Reads states, keeping one copy of each URN; a stack of thousands names few of them often.</summary>
internal sealed class ResourceJsonReader(Func<string, string> decrypt)
{
    private readonly PropertyValueReader _values = new(decrypt);
    private readonly Dictionary<string, Urn> _urns = new(StringComparer.Ordinal);

    /// <summary>The state at which the reader stands.</summary>
    public ResourceState Read(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject);
        var state = new ResourceState { Urn = Urn.None, Custom = false };
        // Records are copied on every change; a hundred thousand states have a million members.
        var urn = Urn.None;
        bool custom = false, delete = false, protect = false, external = false, pending = false, retain = false;
        string id = "";
        string? type = null, import = null, position = null;
        Urn? parent = null, deletedWith = null;
        ProviderReference? provider = null;
        PropertyMap inputs = PropertyMap.Empty, outputs = PropertyMap.Empty;
        ImmutableArray<Urn> dependencies = [], replaceWith = [];
        ImmutableArray<string> initErrors = [], secretOutputs = [], ignore = [], replaceOn = [];
        var propertyDependencies = state.PropertyDependencies;
        CustomTimeouts? timeouts = null;
        DateTimeOffset? created = null, modified = null;
        ImmutableSortedDictionary<string, JsonElement>.Builder? unknown = null;

        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString() ?? "";
            reader.Read();
            switch (member)
            {
                case "urn":
                    urn = ReadUrn(ref reader) ?? Urn.None;
                    break;
                case "custom":
                    custom = reader.GetBoolean();
                    break;
                case "delete":
                    delete = reader.GetBoolean();
                    break;
                case "id":
                    id = reader.GetString() ?? "";
                    break;
                case "type":
                    type = reader.GetString();
                    break;
                case "inputs":
                    inputs = _values.ReadMap(ref reader);
                    break;
                case "outputs":
                    outputs = _values.ReadMap(ref reader);
                    break;
                case "parent":
                    parent = ReadUrn(ref reader);
                    break;
                case "protect":
                    protect = reader.GetBoolean();
                    break;
                case "external":
                    external = reader.GetBoolean();
                    break;
                case "dependencies":
                    dependencies = ReadUrns(ref reader);
                    break;
                case "initErrors":
                    initErrors = ReadTexts(ref reader);
                    break;
                case "provider":
                    provider = ReadProvider(ref reader);
                    break;
                case "propertyDependencies":
                    propertyDependencies = ReadPropertyDependencies(ref reader);
                    break;
                case "pendingReplacement":
                    pending = reader.GetBoolean();
                    break;
                case "additionalSecretOutputs":
                    secretOutputs = ReadTexts(ref reader);
                    break;
                case "customTimeouts":
                    timeouts = ReadTimeouts(ref reader);
                    break;
                case "importID":
                    import = reader.GetString();
                    break;
                case "retainOnDelete":
                    retain = reader.GetBoolean();
                    break;
                case "deletedWith":
                    deletedWith = ReadUrn(ref reader);
                    break;
                case "replaceWith":
                    replaceWith = ReadUrns(ref reader);
                    break;
                case "created":
                    created = ReadTime(ref reader, member, ref unknown);
                    break;
                case "modified":
                    modified = ReadTime(ref reader, member, ref unknown);
                    break;
                case "sourcePosition":
                    position = reader.GetString();
                    break;
                case "ignoreChanges":
                    ignore = ReadTexts(ref reader);
                    break;
                case "replaceOnChanges":
                    replaceOn = ReadTexts(ref reader);
                    break;
                default:
                    Keep(ref unknown, member, JsonElement.ParseValue(ref reader));
                    break;
            }
        }

        if (urn != Urn.None && type != urn.Type.Token)
            Keep(ref unknown, "type", TextElement(type ?? ""));

        return state with
        {
            Urn = urn,
            Custom = custom,
            Id = id,
            Inputs = inputs,
            Outputs = outputs,
            Parent = parent,
            Provider = provider,
            Delete = delete,
            PendingReplacement = pending,
            Protect = protect,
            RetainOnDelete = retain,
            External = external,
            Dependencies = dependencies,
            PropertyDependencies = propertyDependencies,
            DeletedWith = deletedWith,
            ReplaceWith = replaceWith,
            IgnoreChanges = ignore,
            ReplaceOnChanges = replaceOn,
            AdditionalSecretOutputs = secretOutputs,
            InitErrors = initErrors,
            CustomTimeouts = timeouts,
            ImportId = import,
            Created = created,
            Modified = modified,
            SourcePosition = position,
            UnknownMembers = unknown?.ToImmutable() ?? state.UnknownMembers,
        };
    }

    public Urn? ReadUrn(ref Utf8JsonReader reader)
    {
        var text = reader.GetString();
        if (string.IsNullOrEmpty(text))
            return null;
        if (_urns.TryGetValue(text, out var known))
            return known;

        return _urns[text] = Urn.TryParse(text, out var urn) ? urn : throw new JsonException($"'{text}' is not a URN.");
    }

    internal static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (reader.TokenType != token)
            throw new JsonException($"{token} was expected, and there is {reader.TokenType}.");
    }

    private static void Keep(ref ImmutableSortedDictionary<string, JsonElement>.Builder? unknown, string member, JsonElement value) =>
        (unknown ??= ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal))[member] = value;

    private static JsonElement TextElement(string text)
    {
        using var document = JsonDocument.Parse(CanonicalJsonWriter.ToText(json => json.String(text)));
        return document.RootElement.Clone();
    }

    private ProviderReference? ReadProvider(ref Utf8JsonReader reader)
    {
        var text = reader.GetString();
        if (string.IsNullOrEmpty(text))
            return null;

        var at = text.LastIndexOf("::", StringComparison.Ordinal);
        if (at <= 0)
            throw new JsonException($"'{text}' is not a provider reference.");
        if (!_urns.TryGetValue(text[..at], out var urn))
            _urns[text[..at]] = urn = Urn.TryParse(text[..at], out var parsed) ? parsed : throw new JsonException($"'{text}' is not a provider reference.");
        return new ProviderReference(urn, text[(at + 2)..]);
    }

    private ImmutableArray<Urn> ReadUrns(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        Expect(ref reader, JsonTokenType.StartArray);
        var urns = ImmutableArray.CreateBuilder<Urn>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            urns.Add(ReadUrn(ref reader) ?? throw new JsonException("A reference is empty."));
        return urns.DrainToImmutable();
    }

    private static ImmutableArray<string> ReadTexts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        Expect(ref reader, JsonTokenType.StartArray);
        var texts = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(reader.GetString() ?? "");
        return texts.DrainToImmutable();
    }

    private ImmutableArray<PropertyDependency> ReadPropertyDependencies(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        var found = new SortedDictionary<string, PropertyDependency>(StringComparer.Ordinal);

        Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var property = reader.GetString() ?? "";
            reader.Read();
            found[property] = new PropertyDependency(property, ReadUrns(ref reader));
        }

        return [.. found.Values];
    }

    private static CustomTimeouts? ReadTimeouts(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        Expect(ref reader, JsonTokenType.StartObject);
        var timeouts = new CustomTimeouts();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            var seconds = reader.TokenType == JsonTokenType.Null ? 0 : reader.GetDouble();
            if (double.Abs(seconds) > TimeSpan.MaxValue.TotalSeconds / 2)
                throw new JsonException("A timeout is longer than any.");

            var time = seconds == 0 ? (TimeSpan?)null : TimeSpan.FromSeconds(seconds);
            timeouts = member switch
            {
                "create" => timeouts with { Create = time },
                "update" => timeouts with { Update = time },
                "delete" => timeouts with { Delete = time },
                "read" => timeouts with { Read = time },
                _ => throw new JsonException($"The timeout '{member}' is not known."),
            };
        }

        return timeouts;
    }

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader, string member, ref ImmutableSortedDictionary<string, JsonElement>.Builder? unknown)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return null;

        var text = reader.GetString();
        if (!Rfc3339.TryParse(text, out var time))
            throw new JsonException($"'{text}' is no time.");

        if (Rfc3339.Format(time) != text)
            Keep(ref unknown, member, TextElement(text ?? ""));
        return time;
    }
}
