using System.CommandLine;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack history</c>: newest first.</summary>
internal sealed class StackHistoryCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public StackHistoryCommand(CommandRunner runner) : base(runner, "history", "Show what was done to a stack, newest first")
    {
        Aliases.Add("hist");
        Add(_stack);
        Add(_json);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        UpdateRecord[] records = [.. (await workspace.Backend.HistoryAsync(workspace.NameOf(stack), invocation.Token)).Reverse()];
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(records));
            return ExitCode.Success;
        }

        foreach (var (record, at) in records.Select((record, at) => (record, at)))
        {
            var changes = string.Join(", ", record.ResourceChanges.Where(change => change.Key != "same").Select(change => $"{change.Value} {change.Key}"));
            invocation.Out.Line(
                StyledLine.Of($"#{records.Length - at}".PadRight(6), Tone.Strong)
                    .Add(record.Kind.PadRight(9))
                    .Add(record.Result.PadRight(11), record.Result == "succeeded" ? Tone.Plain : Tone.Error)
                    .Add(DurationText.Ago(invocation.Clock.GetUtcNow() - record.StartTime).PadRight(14))
                    .Add($"{DurationText.Whole(record.EndTime - record.StartTime),-8}", Tone.Dim)
                    .Add(changes.Length > 0 ? changes : "no changes")
                    .Add(record.Message.Length > 0 ? $"  {record.Message}" : "", Tone.Dim));
        }

        if (records.Length == 0)
        {
            invocation.Error.Line("Nothing was done to the stack yet.");
        }

        return ExitCode.Success;
    }

    private static string Json(UpdateRecord[] records) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var (record, at) in records.Select((record, at) => (record, at)))
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", records.Length - at);
            writer.WriteString("kind", record.Kind);
            writer.WriteString("startTime", Iso(record.StartTime));
            writer.WriteString("message", record.Message);
            writer.WriteStartObject("environment");
            foreach (var (key, value) in record.Environment)
            {
                writer.WriteString(key, value);
            }

            writer.WriteEndObject();
            writer.WriteStartObject("config");
            foreach (var (key, value) in record.Config)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
            writer.WriteString("result", record.Result);
            writer.WriteString("endTime", Iso(record.EndTime));
            writer.WriteStartObject("resourceChanges");
            foreach (var (op, count) in record.ResourceChanges)
            {
                writer.WriteNumber(op, count);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
