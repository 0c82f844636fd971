using System.CommandLine;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot ls</c></summary>
internal sealed class SnapshotListCommand : MachineCommand
{
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public SnapshotListCommand(CommandRunner runner) : base(runner, "ls", "List a machine's snapshots")
    {
        Aliases.Add("list");
        Add(_json);
    }

    private protected override async Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines)
    {
        MachineSnapshot[] snapshots = [.. (await machines.SnapshotsAsync(machine.Id, invocation.Token)).OrderBy(one => one.CreatedAt).ThenBy(one => one.Name, StringComparer.Ordinal)];
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(snapshots));
        }
        else if (snapshots.Length == 0)
        {
            invocation.Error.Line($"'{machine.Name}' has no snapshots.");
        }
        else
        {
            var now = invocation.Clock.GetUtcNow();
            invocation.Out.Lines(Table.Lines(
                ["NAME", "MADE", "STATE", "AFTER", "DESCRIPTION"],
                [.. snapshots.Select(one => (StyledSpan[])
                [
                    new(one.IsCurrent ? $"{one.Name} *" : one.Name, Tone.Plain), new(DurationText.Ago(now - one.CreatedAt), Tone.Plain), new(one.State, Tone.Plain),
                    new(one.Parent ?? "", Tone.Dim), new(one.Description, Tone.Dim),
                ])]));
            if (snapshots.Any(one => one.IsCurrent))
            {
                invocation.Error.Line("* the machine goes on from this one.");
            }
        }
    }

    private static string Json(MachineSnapshot[] snapshots) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var one in snapshots)
        {
            writer.WriteStartObject();
            writer.WriteString("name", one.Name);
            writer.WriteString("created", one.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("state", one.State);
            writer.WriteString("parent", one.Parent);
            writer.WriteBoolean("current", one.IsCurrent);
            writer.WriteString("description", one.Description);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });
}
