using System.CommandLine;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands.Snapshots;

/// <summary><c>provision snapshot create</c></summary>
internal sealed class SnapshotCreateCommand : MachineCommand
{
    private readonly Argument<string?> _snapshot = new("name") { Description = "What to call it (default: the time)", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _description = new("--description") { Description = "A note about it", HelpName = "text" };

    public SnapshotCreateCommand(CommandRunner runner) : base(runner, "create", "Save a machine's disks, and its memory where it runs")
    {
        Add(_snapshot);
        AddAll(_description);
        _snapshot.Validators.Add(result =>
        {
            // libvirt makes a file of the name.
            if (result.Tokens is [{ Value: var text }] && (text.Length is 0 or > 100 || text[0] == '-' || text.Any(character => !char.IsAsciiLetterOrDigit(character) && character is not ('-' or '_' or '.'))))
            {
                result.AddError($"'{text}' is no name of a snapshot: letters, digits, '-', '_' and '.' make one, no longer than 100.");
            }
        });
    }

    private protected override async Task RunAsync(Invocation invocation, Workload machine, IMachineAccess machines)
    {
        var name = invocation.Parse.GetValue(_snapshot)
            ?? invocation.Clock.GetUtcNow().UtcDateTime.ToString("'at-'yyyyMMdd'-'HHmmss", CultureInfo.InvariantCulture);
        var started = invocation.Clock.GetTimestamp();
        await machines.CreateSnapshotAsync(machine.Id, name, invocation.Parse.GetValue(_description), invocation.Token);
        invocation.Out.Line($"Saved '{machine.Name}' as '{name}' ({DurationText.OfStep(invocation.Clock.GetElapsedTime(started))}).");
        invocation.Error.Line($"Back to it: provision snapshot revert {machine.Name} {name}");
    }
}
