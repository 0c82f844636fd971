using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>Reads checkpoint files and exported deployments in one pass, with every error naming the file and the place in it.</summary>
internal sealed class CheckpointReader
{
    private readonly string _where;
    private readonly ISecretsSource _source;
    private readonly ResourceJsonReader _resources;
    private ISecretsProvider? _opened;
    private Checkpoint _checkpoint = new();

    private CheckpointReader(string where, ISecretsSource source)
    {
        _where = where;
        _source = source;
        _resources = new ResourceJsonReader(Decrypt);
    }

    /// <summary>A file: <c>{"version":3,"checkpoint":{"stack":"organization/p/s","latest":{…}}}</c>.</summary>
    public static Checkpoint ReadCheckpoint(ReadOnlySpan<byte> utf8, string where, ISecretsSource source) => Read(utf8, where, source, "checkpoint");

    /// <summary>An export: <c>{"version":3,"deployment":{…}}</c>.</summary>
    public static Checkpoint ReadExport(ReadOnlySpan<byte> utf8, string where, ISecretsSource source) => Read(utf8, where, source, "deployment");

    private static Checkpoint Read(ReadOnlySpan<byte> utf8, string where, ISecretsSource source, string body)
    {
        var bom = Encoding.UTF8.Preamble;
        utf8 = utf8.StartsWith(bom) ? utf8[bom.Length..] : utf8;
        var reading = new CheckpointReader(where, source);
        try
        {
            reading.ReadVersion(utf8, body);
            reading.ReadFile(utf8, body);
            return reading._checkpoint;
        }
        catch (JsonException e)
        {
            throw new CheckpointFormatException(StateDiagnostics.CheckpointDamaged(where, e.Message), e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // What the reader throws for a member of another kind than expected, or for text that is no Unicode.
            throw new CheckpointFormatException(StateDiagnostics.CheckpointDamaged(where, $"a member has a value of the wrong kind ({e.Message})"), e);
        }
    }

    /// <summary>Version and features come first, so that a file of a newer tool is called that instead of damaged.</summary>
    private void ReadVersion(ReadOnlySpan<byte> utf8, string body)
    {
        var reader = new Utf8JsonReader(utf8, JsonLimits.Reader);
        reader.Read();
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        long? version = null;
        ImmutableArray<string> features = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            if (member == "version")
            {
                version = reader.GetInt64();
            }
            else if (member == "features" && reader.TokenType == JsonTokenType.StartArray)
            {
                features = [.. JsonElement.ParseValue(ref reader).EnumerateArray().Select(feature => feature.GetString() ?? "")];
            }
            else
            {
                if (member == body && version is not null)
                    break;
                reader.Skip();
            }
        }

        if (version is null && body == "deployment")
            throw new JsonException("It has no version.");
        if (version > CheckpointJson.NewestVersion)
            throw new CheckpointFormatException(StateDiagnostics.CheckpointNewer(_where, version.Value));
        if (version < 0)
            throw new JsonException($"It has the version {version}.");
        if (version >= 4 && features.FirstOrDefault(feature => !CheckpointFeatures.IsAccepted(feature)) is { } unknown)
            throw new CheckpointFormatException(StateDiagnostics.FeatureUnknown(_where, unknown));

        _checkpoint = _checkpoint with { Version = version ?? 0, Features = version >= 4 ? features : [] };
    }

    private void ReadFile(ReadOnlySpan<byte> utf8, string body)
    {
        var reader = new Utf8JsonReader(utf8, JsonLimits.Reader);
        reader.Read();
        var found = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString() ?? "";
            reader.Read();
            if (member is "version" or "features")
            {
                reader.Skip();
            }
            else if (member == body)
            {
                found = true;
                if (body == "deployment")
                    ReadDeployment(ref reader);
                else
                    ReadCheckpointMember(ref reader);
            }
            else if (_checkpoint.Version == 0 && member is "stack" or "latest")
            {
                // The oldest files have no envelope: the checkpoint is the file.
                found = true;
                ReadCheckpointMember(ref reader, member);
            }
            else
            {
                _checkpoint = _checkpoint with { UnknownFileMembers = _checkpoint.UnknownFileMembers.SetItem(member, JsonElement.ParseValue(ref reader)) };
            }
        }

        if (!found)
            throw new JsonException($"It has no {body}.");
        while (reader.Read())
            throw new JsonException("There is something after its end.");
    }

    private void ReadCheckpointMember(ref Utf8JsonReader reader)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString() ?? "";
            reader.Read();
            ReadCheckpointMember(ref reader, member);
        }
    }

    private void ReadCheckpointMember(ref Utf8JsonReader reader, string member)
    {
        switch (member)
        {
            case "stack":
                _checkpoint = _checkpoint with { Stack = reader.GetString() ?? "" };
                break;
            case "latest" when reader.TokenType == JsonTokenType.Null:
                break;
            case "latest":
                ReadDeployment(ref reader);
                break;
            default:
                _checkpoint = _checkpoint with { UnknownMembers = _checkpoint.UnknownMembers.SetItem(member, JsonElement.ParseValue(ref reader)) };
                break;
        }
    }

    private void ReadDeployment(ref Utf8JsonReader reader)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        var snapshot = new Snapshot();
        var unknown = ImmutableSortedDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString() ?? "";
            reader.Read();
            switch (member)
            {
                case "manifest":
                    _checkpoint = _checkpoint with { Manifest = ReadManifest(ref reader) };
                    break;
                case "secrets_providers" when reader.TokenType == JsonTokenType.Null:
                    break;
                case "secrets_providers":
                    _checkpoint = _checkpoint with { Secrets = ReadSecretsProvider(ref reader) };
                    break;
                case "resources":
                    snapshot = snapshot with { Resources = ReadResources(ref reader) };
                    break;
                case "pending_operations":
                    snapshot = snapshot with { PendingOperations = ReadPending(ref reader) };
                    break;
                default:
                    unknown[member] = JsonElement.ParseValue(ref reader);
                    break;
            }
        }

        _checkpoint = _checkpoint with
        {
            IsDeployed = true,
            HasMetadata = unknown.ContainsKey("metadata"),
            Snapshot = snapshot with { UnknownMembers = unknown.ToImmutable() },
        };
    }

    private CheckpointManifest ReadManifest(ref Utf8JsonReader reader)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        var manifest = new CheckpointManifest();
        var magic = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString() ?? "";
            reader.Read();
            switch (member)
            {
                case "time":
                    manifest = manifest with { Time = reader.GetString() ?? "" };
                    break;
                case "version":
                    manifest = manifest with { Version = reader.GetString() ?? "" };
                    break;
                case "magic":
                    magic = reader.GetString() ?? "";
                    break;
                default:
                    manifest = manifest with { UnknownMembers = manifest.UnknownMembers.SetItem(member, JsonElement.ParseValue(ref reader)) };
                    break;
            }
        }

        return magic == CheckpointJson.Magic(manifest.Version) ? manifest : throw new CheckpointFormatException(StateDiagnostics.MagicWrong(_where));
    }

    internal static SecretsProviderState ReadSecretsProvider(ref Utf8JsonReader reader)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        string type = "", state = "";
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            if (member == "type")
            {
                type = reader.GetString() ?? "";
            }
            else if (member == "state")
            {
                var element = JsonElement.ParseValue(ref reader);
                state = CanonicalJsonWriter.ToText(json => json.Element(element));
            }
            else
            {
                reader.Skip();
            }
        }

        return new SecretsProviderState(type, state);
    }

    private ImmutableArray<ResourceState> ReadResources(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartArray);
        var states = ImmutableArray.CreateBuilder<ResourceState>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            states.Add(_resources.Read(ref reader));
        return states.DrainToImmutable();
    }

    private ImmutableArray<PendingOperation> ReadPending(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
            return [];

        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartArray);
        var operations = ImmutableArray.CreateBuilder<PendingOperation>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
            ResourceState? state = null;
            PendingKind? kind = null;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var member = reader.GetString();
                reader.Read();
                if (member == "resource")
                    state = _resources.Read(ref reader);
                else if (member == "type")
                    kind = ReadKind(reader.GetString());
                else
                    reader.Skip();
            }

            operations.Add(new PendingOperation(
                state ?? throw new JsonException("A pending operation has no resource."),
                kind ?? throw new JsonException("A pending operation has no type.")));
        }

        return operations.DrainToImmutable();
    }

    internal static PendingKind ReadKind(string? text) => text switch
    {
        "creating" => PendingKind.Creating,
        "updating" => PendingKind.Updating,
        "deleting" => PendingKind.Deleting,
        "reading" => PendingKind.Reading,
        "importing" => PendingKind.Importing,
        _ => throw new JsonException($"'{text}' is no kind of pending operation."),
    };

    private string Decrypt(string ciphertext)
    {
        if (_checkpoint.Secrets is not { } recorded)
            throw new SecretsException(StateDiagnostics.CiphertextDamaged($"{_where} holds a secret, and does not say what encrypted it."));

        return (_opened ??= _source.Open(recorded)).Decrypt(ciphertext);
    }
}
