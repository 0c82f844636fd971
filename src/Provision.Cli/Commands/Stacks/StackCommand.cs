using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Engine.Resources;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack</c>: what a stack holds; its verbs do the rest.</summary>
internal sealed class StackCommand : ProvisionCommand
{
    private readonly Option<bool> _ids = new("--show-ids", "-i") { Description = "Also show the ids" };
    private readonly Option<bool> _urns = new("--show-urns", "-u") { Description = "Also show the URNs" };

    public StackCommand(CommandRunner runner) : base(runner, "stack", "Show what a stack holds, and manage stacks")
    {
        AddAll(_ids, _urns);
        Add(new StackListCommand(runner));
        Add(new StackOutputCommand(runner));
        Add(new StackGraphCommand(runner));
        Add(new StackHistoryCommand(runner));
        Add(new StackInitCommand(runner));
        Add(new StackExportCommand(runner));
        Add(new StackImportCommand(runner));
        Add(new StackRenameCommand(runner));
        Add(new StackRemoveCommand(runner));
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "stack", write: false, invocation.Token, create: true);
        var shown = session.Snapshot.Resources.Where(state => state.Type != ResourceType.Stack && !state.Type.IsProvider).ToArray();
        invocation.Out.Line(StyledLine.Of("Stack ").Add(stack, Tone.Strong).Add($" of {workspace.Project.Name}: {shown.Length} resources"));
        var nameWidth = shown.Select(state => Depth(state) * 2 + state.Urn.Name.Length).DefaultIfEmpty(0).Max();
        var typeWidth = shown.Select(state => state.Type.Token.Length).DefaultIfEmpty(0).Max();
        foreach (var state in shown)
        {
            var line = StyledLine.Of("    " + new string(' ', 2 * Depth(state))).Add(state.Urn.Name).PadTo(4 + nameWidth).Add("  ").Add(state.Type.Token, Tone.Dim);
            line = state.Delete ? line.Add("  to be deleted", Tone.Delete) : line;
            line = state.Protect ? line.Add("  protected", Tone.Warning) : line;
            line = invocation.Parse.GetValue(_ids) && state.Id.Length > 0 ? line.PadTo(6 + nameWidth + typeWidth).Add("  ").Add(state.Id) : line;
            invocation.Out.Line(line);
            if (invocation.Parse.GetValue(_urns))
            {
                invocation.Out.Line(StyledLine.Of("        ").Add(state.Urn.ToString(), Tone.Dim));
            }
        }

        foreach (var pending in session.Snapshot.PendingOperations)
        {
            invocation.Out.Line(StyledLine.Of("    ").Add(pending.Resource.Urn.Name).Add($"  {pending.Kind.ToString().ToLowerInvariant()} when the last run was interrupted", Tone.Warning));
        }

        invocation.Out.Lines(SummaryView.OutputLines(StackOutputs.Of(session.Snapshot)));
        return ExitCode.Success;
    }

    // URNs carry their parents' types: as deep as there are of them.
    private static int Depth(ResourceState state) => state.Urn.QualifiedType.Count(character => character == '$');
}
