using System.CommandLine;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack ls</c></summary>
internal sealed class StackListCommand : ProvisionCommand
{
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public StackListCommand(CommandRunner runner) : base(runner, "ls", "List the workspace's stacks")
    {
        Aliases.Add("list");
        Add(_json);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var recorded = (await workspace.Backend.ListAsync(workspace.Project.Name, invocation.Token)).ToDictionary(summary => summary.Name.Name, StringComparer.Ordinal);
        var names = await workspace.StacksAsync(invocation.Token);
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(names, recorded));
            return ExitCode.Success;
        }

        if (names.IsEmpty)
        {
            invocation.Error.Lines(DiagnosticView.Lines(CliDiagnostics.NoStack(workspace.Project.Folder) with { Severity = Engine.Diagnostics.Severity.Info }));
            return ExitCode.Success;
        }

        var width = Math.Max("NAME".Length, names.Max(name => name.Length));
        invocation.Out.Line(StyledLine.Of("NAME", Tone.Strong).PadTo(width + 2).Add("LAST UPDATE     RESOURCES", Tone.Strong));
        foreach (var name in names)
        {
            var summary = recorded.GetValueOrDefault(name);
            var line = StyledLine.Of(name).PadTo(width + 2)
                .Add(summary?.LastUpdate is { } last ? DurationText.Ago(invocation.Clock.GetUtcNow() - last) : "never").PadTo(width + 18)
                .Add(summary is null ? "0" : summary.ResourceCount?.ToString(CultureInfo.InvariantCulture) ?? "?");
            invocation.Out.Line(summary is { IsRunning: true } ? line.Add("  in use", Tone.Warning) : line);
        }

        return ExitCode.Success;
    }

    private static string Json(IEnumerable<string> names, Dictionary<string, StackSummary> recorded) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var name in names)
        {
            var summary = recorded.GetValueOrDefault(name);
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteBoolean("current", false);
            if (summary?.LastUpdate is { } last)
            {
                writer.WriteString("lastUpdate", last.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            }

            writer.WriteBoolean("updateInProgress", summary is { IsRunning: true });
            if (summary?.ResourceCount is { } count)
            {
                writer.WriteNumber("resourceCount", count);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
