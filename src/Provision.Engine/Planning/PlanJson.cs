using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Engine.Planning;

/// <summary>A saved plan is no plan of ours.</summary>
public sealed class PlanFormatException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// Saved plans: one JSON document that holds everything needed to show and to run it, secrets encrypted: which inputs are bytes, how
/// each change is made, what was there before. So nothing else, a provider least of all, is needed to show it. A reader ignores members it does not know.
/// </summary>
public static class PlanJson
{
    private const int Version = 2;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(PlanHeader header, Plan plan, ISecretsProvider secrets)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(plan);
        var steps = plan.Steps.Select(step => WriteStep(step, secrets)).ToArray<JsonNode?>();
        // The steps come first: encrypting them may have made the salt that the reader needs.
        var document = new JsonObject
        {
            ["version"] = Version,
            ["operation"] = plan.Operation.ToString(),
            ["project"] = header.Project,
            ["stack"] = header.Stack,
            ["model"] = new JsonObject { ["definition"] = header.Model.Definition, ["settings"] = header.Model.Settings, ["files"] = header.Model.Files },
            ["commit"] = header.Commit,
            ["dirty"] = header.IsDirty,
            ["stateDigest"] = header.StateDigest,
            ["stateSerial"] = header.StateSerial,
            ["toolVersion"] = header.ToolVersion,
            ["time"] = header.Time.ToString("O"),
            ["targets"] = Texts(header.Targets),
            ["excludes"] = Texts(header.Excludes),
            ["replace"] = Texts(header.Replace),
            ["targetDependents"] = header.TargetDependents,
            ["refresh"] = header.Refresh,
            ["overrides"] = Texts(header.Overrides),
            ["outputs"] = Value(plan.Outputs, secrets),
            ["steps"] = new JsonArray(steps),
        };
        return document.ToJsonString(Indented) + "\n";
    }

    /// <exception cref="PlanFormatException">The text is no saved plan, or one of a newer tool.</exception>
    public static (PlanHeader Header, Plan Plan) Read(string text, ISecretsProvider secrets)
    {
        try
        {
            var document = JsonNode.Parse(text)?.AsObject() ?? throw new PlanFormatException("It is empty.");
            var version = document["version"]?.GetValue<int>() ?? 0;
            if (version != Version)
            {
                throw new PlanFormatException($"It has version {version}; this tool reads version {Version}.");
            }

            var header = new PlanHeader
            {
                Stack = Text(document, "stack"),
                Project = Text(document, "project"),
                Model = document["model"] is JsonObject model
                    ? new ModelHashes(Text(model, "definition"), Text(model, "settings"), Text(model, "files"))
                    : throw new FormatException("The member 'model' is missing."),
                Commit = document["commit"]?.GetValue<string>(),
                IsDirty = Flag(document, "dirty"),
                StateDigest = Text(document, "stateDigest"),
                StateSerial = document["stateSerial"]?.GetValue<int>() ?? 0,
                ToolVersion = Text(document, "toolVersion"),
                Time = DateTimeOffset.Parse(Text(document, "time"), System.Globalization.CultureInfo.InvariantCulture),
                Targets = Texts(document, "targets"),
                Excludes = Texts(document, "excludes"),
                Replace = Texts(document, "replace"),
                TargetDependents = Flag(document, "targetDependents"),
                Refresh = Flag(document, "refresh"),
                Overrides = Texts(document, "overrides"),
            };
            return (header, new Plan
            {
                Operation = Named<Operation>(Text(document, "operation")),
                Steps = [.. (document["steps"]?.AsArray() ?? []).Select(step => ReadStep(step?.AsObject() ?? [], secrets))],
                Outputs = Map(document["outputs"], secrets) ?? PropertyMap.Empty,
            });
        }
        catch (Exception malformed) when (malformed is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            throw new PlanFormatException(malformed.Message, malformed);
        }
    }

    private static JsonObject WriteStep(PlannedStep step, ISecretsProvider secrets) => new()
    {
        ["op"] = step.Op.ToString(),
        ["urn"] = step.Urn.ToString(),
        ["custom"] = step.Custom,
        ["parent"] = step.Parent?.ToString(),
        ["reason"] = step.Reason,
        ["remark"] = step.Remark,
        ["bytes"] = Sizes(step, SizedInput.Bytes),
        ["mebibytes"] = Sizes(step, SizedInput.Mebibytes),
        ["deleteBeforeReplace"] = step.DeleteBeforeReplace,
        ["retained"] = step.Retained,
        ["lookedAtLater"] = step.LookedAtLater,
        ["dependencies"] = Texts(step.Dependencies.Select(urn => urn.ToString())),
        ["inputs"] = step.Inputs is { } inputs ? Value(inputs, secrets) : null,
        ["old"] = step.Old is { } old ? WriteOld(old, secrets) : null,
        ["changes"] = new JsonArray([.. step.Changes.Select(change => new JsonObject
        {
            ["path"] = change.Path.ToString(),
            ["kind"] = change.Kind.ToString(),
            ["apply"] = change.Apply.ToString(),
            ["old"] = change.Old is { } before ? Value(before, secrets) : null,
            ["new"] = change.New is { } now ? Value(now, secrets) : null,
        })]),
    };

    private static PlannedStep ReadStep(JsonObject step, ISecretsProvider secrets) => new()
    {
        Op = Named<StepOp>(Text(step, "op")),
        Urn = Urn.Parse(Text(step, "urn")),
        Custom = Flag(step, "custom"),
        Parent = step["parent"]?.GetValue<string>() is { } parent ? Urn.Parse(parent) : null,
        Reason = step["reason"]?.GetValue<string>(),
        Remark = step["remark"]?.GetValue<string>(),
        Sizes = [.. Sizes(step, "bytes", SizedInput.Bytes), .. Sizes(step, "mebibytes", SizedInput.Mebibytes)],
        DeleteBeforeReplace = Flag(step, "deleteBeforeReplace"),
        Retained = Flag(step, "retained"),
        LookedAtLater = Flag(step, "lookedAtLater"),
        Dependencies = [.. Texts(step, "dependencies").Select(Urn.Parse)],
        Inputs = Map(step["inputs"], secrets),
        Old = step["old"] is JsonObject old ? ReadOld(Urn.Parse(Text(step, "urn")), Flag(step, "custom"), old, secrets) : null,
        Changes = [.. (step["changes"]?.AsArray() ?? []).Select(node => ReadChange(node?.AsObject() ?? [], secrets))],
    };

    private static JsonObject WriteOld(ResourceState old, ISecretsProvider secrets) => new()
    {
        ["id"] = old.Id,
        ["parent"] = old.Parent?.ToString(),
        ["provider"] = old.Provider?.ToString(),
        ["protect"] = old.Protect,
        ["retainOnDelete"] = old.RetainOnDelete,
        ["deletedWith"] = old.DeletedWith?.ToString(),
        ["dependencies"] = Texts(old.Dependencies.Select(urn => urn.ToString())),
        ["inputs"] = Value(old.Inputs, secrets),
        ["outputs"] = Value(old.Outputs, secrets),
    };

    private static ResourceState ReadOld(Urn urn, bool custom, JsonObject old, ISecretsProvider secrets) => new()
    {
        Urn = urn,
        Custom = custom,
        Id = Text(old, "id"),
        Parent = old["parent"]?.GetValue<string>() is { } parent ? Urn.Parse(parent) : null,
        Provider = old["provider"]?.GetValue<string>() is { } provider ? ProviderReference.Parse(provider) : null,
        Protect = Flag(old, "protect"),
        RetainOnDelete = Flag(old, "retainOnDelete"),
        DeletedWith = old["deletedWith"]?.GetValue<string>() is { } container ? Urn.Parse(container) : null,
        Dependencies = [.. Texts(old, "dependencies").Select(Urn.Parse)],
        Inputs = Map(old["inputs"], secrets) ?? PropertyMap.Empty,
        Outputs = Map(old["outputs"], secrets) ?? PropertyMap.Empty,
    };

    private static PropertyDiff ReadChange(JsonObject change, ISecretsProvider secrets) => new(
        PropertyPath.Parse(Text(change, "path")),
        Named<DiffKind>(Text(change, "kind")),
        Named<ApplyClass>(Text(change, "apply")),
        Read(change["old"], secrets),
        Read(change["new"], secrets));

    private static JsonNode? Value(PropertyValue value, ISecretsProvider secrets) => JsonNode.Parse(PropertyValueJson.ToText(value, secrets));

    private static PropertyValue? Read(JsonNode? node, ISecretsProvider secrets) =>
        node is null ? null : Known(PropertyValueJson.Parse(node.ToJsonString(), secrets));

    /// <summary>In JSON an unknown is a string that nobody writes by chance; here it is unknown again.</summary>
    private static PropertyValue Known(PropertyValue value) => value switch
    {
        PropertyValue.String { Value: PropertyValue.UnknownSentinel } => PropertyValue.Unknown.Value,
        PropertyValue.List list => list.WithItems(Known),
        PropertyValue.Map map => map.WithValues((_, member) => Known(member)),
        _ => value,
    };

    private static PropertyMap? Map(JsonNode? node, ISecretsProvider secrets) =>
        Read(node, secrets) switch
        {
            null => null,
            PropertyValue.Map map => map.Properties,
            _ => throw new FormatException("A map of properties was expected."),
        };

    // A number would pass for any name, and none that is defined.
    private static T Named<T>(string name) where T : struct, Enum =>
        Enum.TryParse<T>(name, out var value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{name}' is no {typeof(T).Name}.");

    private static string Text(JsonObject node, string member) =>
        node[member]?.GetValue<string>() ?? throw new FormatException($"The member '{member}' is missing.");

    private static bool Flag(JsonObject node, string member) => node[member]?.GetValue<bool>() ?? false;

    private static JsonArray Sizes(PlannedStep step, long unit) => Texts(step.Sizes.Where(size => size.Unit == unit).Select(size => size.Path.ToString()));

    private static IEnumerable<SizedInput> Sizes(JsonObject step, string member, long unit) =>
        Texts(step, member).Select(path => new SizedInput(PropertyPath.Parse(path), unit));

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);

    private static ImmutableArray<string> Texts(JsonObject node, string member) =>
        [.. (node[member]?.AsArray() ?? []).Select(item => item?.GetValue<string>() ?? "")];
}
