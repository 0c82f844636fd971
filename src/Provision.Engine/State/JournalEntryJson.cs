using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Resources;

namespace Provision.Engine.State;

/// <summary>
/// Journal entries in JSON; states in the checkpoint's form. <c>{"begin":1,"kind":"creating","resource":{…}}</c>,
/// <c>{"end":1,"changes":[…]}</c>, <c>{"recorded":[…]}</c>, <c>{"settled":"urn:…","changes":[…]}</c>.
/// </summary>
internal static class JournalEntryJson
{
    public static void Write(CanonicalJsonWriter json, JournalEntry entry, SecretForm secrets)
    {
        json.StartObject();
        switch (entry)
        {
            case JournalEntry.Begin begin:
                json.Name("begin");
                json.Integer(begin.OperationId);
                json.Name("kind");
                json.String(CheckpointJson.NameOf(begin.Kind));
                json.Name("resource");
                ResourceJson.Write(json, begin.Resource, secrets);
                break;
            case JournalEntry.End end:
                json.Name("end");
                json.Integer(end.OperationId);
                WriteChanges(json, "changes", end.Changes, secrets);
                break;
            case JournalEntry.Recorded recorded:
                WriteChanges(json, "recorded", recorded.Changes, secrets);
                break;
            case JournalEntry.PendingSettled settled:
                json.Name("settled");
                json.String(settled.Urn.ToString());
                WriteChanges(json, "changes", settled.Changes, secrets);
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }

        json.EndObject();
    }

    /// <summary>The entry at whose object the reader stands.</summary>
    public static JournalEntry Read(ref Utf8JsonReader reader, ResourceJsonReader resources)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        long? begin = null, end = null;
        Urn? settled = null;
        PendingKind? kind = null;
        ResourceState? state = null;
        ImmutableArray<StateChange>? changes = null, recorded = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "begin":
                    begin = reader.GetInt64();
                    break;
                case "end":
                    end = reader.GetInt64();
                    break;
                case "settled":
                    settled = resources.ReadUrn(ref reader);
                    break;
                case "kind":
                    kind = CheckpointReader.ReadKind(reader.GetString());
                    break;
                case "resource":
                    state = resources.Read(ref reader);
                    break;
                case "changes":
                    changes = ReadChanges(ref reader, resources);
                    break;
                case "recorded":
                    recorded = ReadChanges(ref reader, resources);
                    break;
                default:
                    throw new JsonException($"A journal entry has the member '{member}', which this tool does not know.");
            }
        }

        return (begin, end, settled, recorded) switch
        {
            ({ } id, null, null, null) when kind is { } what && state is not null => new JournalEntry.Begin(id, what, state),
            (null, { } id, null, null) when changes is { } list => new JournalEntry.End(id, list),
            (null, null, { } urn, null) when changes is { } list => new JournalEntry.PendingSettled(urn, list),
            (null, null, null, { } list) => new JournalEntry.Recorded(list),
            _ => throw new JsonException("A journal entry is not complete."),
        };
    }

    private static void WriteChanges(CanonicalJsonWriter json, string member, ImmutableArray<StateChange> changes, SecretForm secrets)
    {
        json.Name(member);
        json.StartArray();
        foreach (var change in changes)
        {
            json.StartObject();
            switch (change)
            {
                case StateChange.Put put:
                    json.Name("put");
                    ResourceJson.Write(json, put.State, secrets);
                    if (put.Was is { } was)
                    {
                        json.Name("was");
                        json.String(was.ToString());
                    }

                    break;
                case StateChange.MarkDelete mark:
                    json.Name("markDelete");
                    json.String(mark.Urn.ToString());
                    break;
                case StateChange.MarkPendingReplacement mark:
                    json.Name("markPendingReplacement");
                    json.String(mark.Urn.ToString());
                    break;
                case StateChange.Remove remove:
                    json.Name("remove");
                    json.String(remove.Urn.ToString());
                    json.Name("id");
                    json.String(remove.Id);
                    json.Name("markedDelete");
                    json.Bool(remove.MarkedDelete);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }

            json.EndObject();
        }

        json.EndArray();
    }

    private static ImmutableArray<StateChange> ReadChanges(ref Utf8JsonReader reader, ResourceJsonReader resources)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartArray);
        var changes = ImmutableArray.CreateBuilder<StateChange>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            changes.Add(ReadChange(ref reader, resources));
        return changes.DrainToImmutable();
    }

    private static StateChange ReadChange(ref Utf8JsonReader reader, ResourceJsonReader resources)
    {
        ResourceJsonReader.Expect(ref reader, JsonTokenType.StartObject);
        ResourceState? put = null;
        Urn? was = null, delete = null, pending = null, remove = null;
        var id = "";
        var marked = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var member = reader.GetString();
            reader.Read();
            switch (member)
            {
                case "put":
                    put = resources.Read(ref reader);
                    break;
                case "was":
                    was = resources.ReadUrn(ref reader);
                    break;
                case "markDelete":
                    delete = resources.ReadUrn(ref reader);
                    break;
                case "markPendingReplacement":
                    pending = resources.ReadUrn(ref reader);
                    break;
                case "remove":
                    remove = resources.ReadUrn(ref reader);
                    break;
                case "id":
                    id = reader.GetString() ?? "";
                    break;
                case "markedDelete":
                    marked = reader.GetBoolean();
                    break;
                default:
                    throw new JsonException($"A change has the member '{member}', which this tool does not know.");
            }
        }

        return (put, delete, pending, remove) switch
        {
            ({ } state, null, null, null) => new StateChange.Put(state, was),
            (null, { } urn, null, null) => new StateChange.MarkDelete(urn),
            (null, null, { } urn, null) => new StateChange.MarkPendingReplacement(urn),
            (null, null, null, { } urn) => new StateChange.Remove(urn, id, marked),
            _ => throw new JsonException("A change is not complete."),
        };
    }
}
