using System.Collections.Immutable;
using System.Text.Json;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Review;

/// <summary>Reads what <see cref="ReviewJsonWriter"/> writes. A report may come from a job that ran somebody else's code: nothing in it is believed but its form.</summary>
internal static class ReviewJsonReader
{
    /// <exception cref="FormatException">It is no report, or one of another version.</exception>
    public static ReviewReport Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            var version = root.GetProperty("version").GetInt32();
            return version == ReviewReport.Version
                ? new ReviewReport
                {
                    Project = Text(root, "project"),
                    ToolVersion = Text(root, "tool"),
                    Base = Side(root.GetProperty("base")),
                    Head = Side(root.GetProperty("head")),
                    Stacks = Items(root, "stacks", Stack),
                }
                : throw new FormatException($"It has version {version}; this tool reads version {ReviewReport.Version}.");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new FormatException(malformed.Message, malformed);
        }
    }

    /// <summary>One stack of a report.</summary>
    public static StackReview Stack(JsonElement stack)
    {
        var change = Word<StackChange>(stack, "change");
        return new StackReview
        {
            Stack = Text(stack, "name"),
            Change = change,
            BaseProblems = Diagnostics(stack, "baseProblems"),
            Problems = Diagnostics(stack, "problems"),
            Impact = Impact(stack.GetProperty("impact")),
            Capacity = Items(stack, "capacity", item => new CapacityChange(
                Text(item, "where"), Text(item, "quantity"), item.GetProperty("before").GetDouble(), item.GetProperty("after").GetDouble(),
                item.TryGetProperty("available", out var available) ? available.GetDouble() : null, item.GetProperty("bytes").GetBoolean())),
            Violations = Items(stack, "violations", item => new ReviewViolation(
                Text(item, "policy"), item.GetProperty("mandatory").GetBoolean(), Optional(item, "resource"), Text(item, "message"), Optional(item, "remedy"))),
            Plan = PlanOf(stack) with { Operation = change == StackChange.Removed ? Operation.Destroy : Operation.Up },
        };
    }

    /// <summary>The steps and outputs of a stack.</summary>
    public static Plan PlanOf(JsonElement stack)
    {
        var outputs = stack.GetProperty("outputs");
        return Plan.Empty with { Steps = Items(stack, "steps", step => Step(step, outputs)), Outputs = Map(outputs.GetProperty("new")) };
    }

    public static ImmutableArray<Diagnostic> Diagnostics(JsonElement parent, string name) => Items(parent, name, item => new Diagnostic(
        Word<Severity>(item, "severity"), Text(item, "code"), Text(item, "summary"), Text(item, "detail"), Optional(item, "remedy"),
        Optional(item, "urn") is { } urn ? Urn.Parse(urn) : null));

    private static ReviewSide Side(JsonElement side) => new(Text(side, "name"), Optional(side, "commit")) { Problems = Diagnostics(side, "problems") };

    private static ReviewImpact Impact(JsonElement impact) => new()
    {
        Workloads = Items(impact, "workloads", item => new HitWorkload(Text(item, "name"), Text(item, "kind") == "machine", Word<Effect>(item, "effect"), Optional(item, "owner"))),
        Lost = Items(impact, "lost", item => new LostData(Text(item, "name"), Text(item, "kind") == "disk", Word<Effect>(item, "effect") == Effect.Replace, Optional(item, "owner"))),
        CutOff = Items(impact, "cutOff", item => new LostConnection(Text(item, "name"), Text(item, "from"), Word<Effect>(item, "effect"), Optional(item, "owner"))),
        Renames = Items(impact, "renames", item => new PossibleRename(Text(item, "old"), Text(item, "new"))),
    };

    private static PlannedStep Step(JsonElement step, JsonElement outputs)
    {
        var op = Text(step, "op");
        var urn = Urn.Parse(Text(step, "urn"));
        var custom = step.GetProperty("custom").GetBoolean();
        Urn? parent = Optional(step, "parent") is { } above ? Urn.Parse(above) : null;
        var uses = Items(step, "uses", use => Urn.Parse(use.GetString() ?? ""));
        return new PlannedStep
        {
            Op = Op(op),
            Urn = urn,
            Custom = custom,
            Parent = parent,
            Reason = Optional(step, "reason"),
            Remark = Optional(step, "remark"),
            DeleteBeforeReplace = Flag(step, "deletedFirst"),
            Retained = Flag(step, "retained"),
            Dependencies = uses,
            Inputs = step.TryGetProperty("inputs", out var inputs) ? Map(inputs) : null,
            Sizes =
            [
                .. Items(step, "bytes", path => new SizedInput(PropertyPath.Parse(path.GetString() ?? ""), SizedInput.Bytes)),
                .. Items(step, "mebibytes", path => new SizedInput(PropertyPath.Parse(path.GetString() ?? ""), SizedInput.Mebibytes)),
                .. Items(step, "changes", Size).OfType<SizedInput>(),
            ],
            Changes = Items(step, "changes", change => new PropertyDiff(
                PropertyPath.Parse(Text(change, "path")), Word<DiffKind>(change, "kind"), Word<ApplyClass>(change, "apply"),
                change.TryGetProperty("old", out var old) ? Value(old) : null, change.TryGetProperty("new", out var fresh) ? Value(fresh) : null)),
            Old = op == "create" ? null : new ResourceState
            {
                Urn = urn,
                Custom = custom,
                Parent = parent,
                Protect = Flag(step, "protected"),
                RetainOnDelete = Flag(step, "keptOnDelete"),
                DeletedWith = Optional(step, "goesWith") is { } container ? Urn.Parse(container) : null,
                Dependencies = uses,
                Outputs = urn.Type == ResourceType.Stack ? Map(outputs.GetProperty("old")) : PropertyMap.Empty,
            },
        };
    }

    private static SizedInput? Size(JsonElement change) => Optional(change, "unit") switch
    {
        ReviewJsonWriter.BytesUnit => new SizedInput(PropertyPath.Parse(Text(change, "path")), SizedInput.Bytes),
        ReviewJsonWriter.MebibytesUnit => new SizedInput(PropertyPath.Parse(Text(change, "path")), SizedInput.Mebibytes),
        _ => null,
    };

    private static StepOp Op(string name)
    {
        foreach (var op in StepOps.All)
        {
            if (op.Name() == name)
            {
                return op;
            }
        }

        throw new FormatException($"'{name}' is no op.");
    }

    private static PropertyMap Map(JsonElement element)
    {
        var members = new List<KeyValuePair<string, PropertyValue>>();
        foreach (var member in element.EnumerateObject())
        {
            members.Add(KeyValuePair.Create(member.Name, Value(member.Value)));
        }

        return PropertyMap.From(members);
    }

    private static PropertyValue Value(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String when element.GetString() is Rendering.ValueText.Secret => new PropertyValue.Secret(PropertyValue.Null.Value),
        JsonValueKind.String when element.GetString() is PropertyValue.UnknownSentinel => PropertyValue.Unknown.Value,
        JsonValueKind.String => element.GetString() ?? "",
        JsonValueKind.Number => element.GetDouble(),
        JsonValueKind.True or JsonValueKind.False => element.GetBoolean(),
        JsonValueKind.Array => PropertyValue.ListOf(element.EnumerateArray().Select(Value)),
        JsonValueKind.Object => Map(element),
        _ => PropertyValue.Null.Value,
    };

    private static ImmutableArray<T> Items<T>(JsonElement parent, string name, Func<JsonElement, T> read)
    {
        if (!parent.TryGetProperty(name, out var items))
        {
            return [];
        }

        var values = ImmutableArray.CreateBuilder<T>(items.GetArrayLength());
        foreach (var item in items.EnumerateArray())
        {
            values.Add(read(item));
        }

        return values.MoveToImmutable();
    }

    private static string Text(JsonElement parent, string name) => parent.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is no text.");

    private static string? Optional(JsonElement parent, string name) => parent.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static bool Flag(JsonElement parent, string name) => parent.TryGetProperty(name, out var flag) && flag.GetBoolean();

    private static T Word<T>(JsonElement parent, string name) where T : struct, Enum =>
        Enum.TryParse<T>(Text(parent, name), ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : throw new FormatException($"'{name}' is no {typeof(T).Name}.");
}
