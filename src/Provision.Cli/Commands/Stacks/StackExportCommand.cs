using System.CommandLine;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack export</c>: the state as Pulumi's CLI imports it.</summary>
internal sealed class StackExportCommand : ProvisionCommand
{
    private readonly StackArgument _stack = new();
    private readonly Option<string?> _file = new("--file") { Description = "Where to (default: stdout)", HelpName = "file" };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Write secrets in clear" };

    public StackExportCommand(CommandRunner runner) : base(runner, "export", "Write a stack's state as JSON")
    {
        Add(_stack);
        AddAll(_file, _showSecrets);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(invocation.Parse.GetValue(_stack), invocation.Token);
        // Unchecked: an export is how a broken state is looked at.
        await using var session = await workspace.OpenAsync(stack, "export", write: false, invocation.Token, create: true, skipChecks: true);
        using var content = new MemoryStream();
        session.Export(content, invocation.Parse.GetValue(_showSecrets));
        if (invocation.Parse.GetValue(_file) is { } file)
        {
            OwnFile.Write(Path.GetFullPath(file, invocation.Io.CurrentFolder), content.ToArray());
        }
        else
        {
            invocation.Io.Out.Write(System.Text.Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length));
        }

        return ExitCode.Success;
    }
}
