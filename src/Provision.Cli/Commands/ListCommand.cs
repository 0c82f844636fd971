using System.CommandLine;
using Provision.Cli.Listing;

namespace Provision.Cli.Commands;

/// <summary><c>provision list</c>: one table of everything in a stack, as it is now.</summary>
internal sealed class ListCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<bool> _all = new("--all", "-a") { Description = "Also what is only recorded: packages, images, keys, first-boot data" };
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public ListCommand(CommandRunner runner) : base(runner, "list", "Show a stack's machines, containers and networks as they are now")
    {
        Aliases.Add("ls");
        Add(_stack);
        AddAll(_all, _json);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "list", write: false, invocation.Token, create: true);
        var (items, silent) = await StackListing.ReadAsync(invocation, workspace, session.Snapshot, invocation.Parse.GetValue(_all));
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(ListView.Json(items));
        }
        else if (items.IsEmpty)
        {
            invocation.Error.Line($"'{stack}' holds nothing of that kind. Bring it up: provision up {stack}");
        }
        else
        {
            invocation.Out.Lines(ListView.Lines(items));
        }

        foreach (var diagnostic in silent)
        {
            invocation.Show(diagnostic);
        }

        return ExitCode.Success;
    }
}
