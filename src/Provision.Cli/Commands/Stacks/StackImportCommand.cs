using System.CommandLine;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack import</c>: puts an exported state in the place of the recorded one.</summary>
internal sealed class StackImportCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<string?> _file = new("--file") { Description = "Where from (default: stdin)", HelpName = "file" };
    private readonly Option<bool> _force = new("--force", "-f") { Description = "Also where it belongs to another stack" };

    public StackImportCommand(CommandRunner runner) : base(runner, "import", "Take an exported state over")
    {
        Add(_stack);
        AddAll(_file, _force);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        var file = invocation.Parse.GetValue(_file);
        var export = file is null
            ? System.Text.Encoding.UTF8.GetBytes(await invocation.Io.In.ReadToEndAsync(invocation.Token))
            : OwnFile.Read(Path.GetFullPath(file, invocation.Io.CurrentFolder));
        await using var session = await workspace.OpenAsync(stack, "import", write: true, invocation.Token, create: true, skipChecks: true);
        var diagnostics = await session.ImportAsync(
            export, file ?? "stdin", invocation.Parse.GetValue(_force), StateRecord.Of(invocation, "import", "stack import"), CancellationToken.None);
        foreach (var diagnostic in diagnostics)
        {
            invocation.Show(diagnostic);
        }

        if (diagnostics.Any(diagnostic => diagnostic.Severity == Severity.Error))
        {
            return ExitCode.Error;
        }

        invocation.Out.Line($"Imported {session.Snapshot.Resources.Length} states into '{stack}'.");
        return ExitCode.Success;
    }
}
