using System.CommandLine;
using Provision.Cli.Commands;
using Provision.Cli.Commands.Config;
using Provision.Cli.Commands.Stacks;
using Provision.Cli.Commands.State;

namespace Provision.Cli;

/// <summary>All commands, in the order in which help shows them.</summary>
internal static class CliRoot
{
    public static RootCommand Create(CommandRunner runner, GlobalOptions globals)
    {
        var root = new RootCommand("Labs, classrooms and small platforms, declared in C#.")
        {
            new NewCommand(runner),
            new UpCommand(runner),
            new PreviewCommand(runner),
            new DestroyCommand(runner),
            new RefreshCommand(runner),
            new StackCommand(runner),
            new ConfigCommand(runner),
            new StateCommand(runner),
            new ImportCommand(runner),
            new CancelCommand(runner),
            new LogsCommand(runner),
            new ExecCommand(runner),
            new DoctorCommand(runner),
            new CompletionCommand(runner),
            new VersionCommand(runner),
        };
        root.HelpName = "provision";
        globals.AddTo(root);
        return root;
    }
}
