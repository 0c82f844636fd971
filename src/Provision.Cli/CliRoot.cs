using System.CommandLine;
using Provision.Cli.Commands;
using Provision.Cli.Commands.Config;
using Provision.Cli.Commands.Plans;
using Provision.Cli.Commands.Power;
using Provision.Cli.Commands.Snapshots;
using Provision.Cli.Commands.Stacks;
using Provision.Cli.Commands.State;

namespace Provision.Cli;

/// <summary>All commands, in the order in which help shows them.</summary>
internal static class CliRoot
{
    public static RootCommand Create(IoContext io, CommandRunner runner, GlobalOptions globals)
    {
        var root = new RootCommand("Labs, classrooms and small platforms, declared in C#.")
        {
            new NewCommand(runner),
            new UpCommand(runner),
            new PreviewCommand(runner),
            new DiffCommand(runner),
            new FitCommand(runner),
            new DestroyCommand(runner),
            new RefreshCommand(runner),
            new PlanCommand(runner),
            new StackCommand(runner),
            new ConfigCommand(runner),
            new StateCommand(runner),
            new ImportCommand(runner),
            new CancelCommand(runner),
            new ListCommand(runner),
            new LogsCommand(runner),
            new ExecCommand(runner),
            new SshCommand(runner),
            new ConsoleCommand(runner),
            new StartCommand(runner),
            new StopCommand(runner),
            new RestartCommand(runner),
            new ResetCommand(runner),
            new SnapshotCommand(runner),
            new DoctorCommand(runner),
            new CompletionCommand(runner),
            new VersionCommand(runner),
        };
        root.HelpName = "provision";
        globals.AddTo(root);
        Complete(root, new Completions(io, globals));
        globals.Stack.CompletionSources.Add(new Completions(io, globals).Stacks);
        return root;
    }

    /// <summary>What an argument's or option's words are follows from what it names, so it is said once, for all commands.</summary>
    private static void Complete(Command command, Completions completions)
    {
        foreach (var argument in command.Arguments)
        {
            switch (argument)
            {
                case StackArgument or Argument<string[]> { Name: "stack" }:
                    argument.CompletionSources.Add(completions.Stacks);
                    break;
                case IWorkloadWords words:
                    argument.CompletionSources.Add(completions.Workloads(words.Kind));
                    break;
                case { Name: "resource" }:
                    argument.CompletionSources.Add(completions.Resources);
                    break;
            }
        }

        foreach (var option in command.Options.Where(option => option.Name is "--target" or "--exclude" or "--replace"))
        {
            option.CompletionSources.Add(completions.Resources);
        }

        foreach (var sub in command.Subcommands)
        {
            Complete(sub, completions);
        }
    }
}
