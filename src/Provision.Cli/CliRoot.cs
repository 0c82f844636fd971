using System.Collections.Immutable;
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
    private static readonly ImmutableArray<Entry> Entries =
    [
        new("new", runner => new NewCommand(runner)),
        new("up", runner => new UpCommand(runner)),
        new("preview", runner => new PreviewCommand(runner)),
        new("diff", runner => new DiffCommand(runner)),
        new("fit", runner => new FitCommand(runner)),
        new("destroy", runner => new DestroyCommand(runner)),
        new("refresh", runner => new RefreshCommand(runner)),
        new("plan", runner => new PlanCommand(runner)),
        new("stack", runner => new StackCommand(runner)),
        new("config", runner => new ConfigCommand(runner)),
        new("state", runner => new StateCommand(runner)),
        new("import", runner => new ImportCommand(runner)),
        new("cancel", runner => new CancelCommand(runner)),
        new("list", runner => new ListCommand(runner)),
        new("logs", runner => new LogsCommand(runner)),
        new("exec", runner => new ExecCommand(runner)),
        new("ssh", runner => new SshCommand(runner)),
        new("console", runner => new ConsoleCommand(runner)),
        new("start", runner => new StartCommand(runner)),
        new("stop", runner => new StopCommand(runner)),
        new("restart", runner => new RestartCommand(runner)),
        new("reset", runner => new ResetCommand(runner)),
        new("snapshot", runner => new SnapshotCommand(runner)),
        new("doctor", runner => new DoctorCommand(runner)),
        new("completion", runner => new CompletionCommand(runner)),
        new("version", runner => new VersionCommand(runner)),
    ];

    /// <param name="first">The command line's first word. Where it names a command that one is made alone: to make all takes longer than most of them run.</param>
    public static RootCommand Create(IoContext io, CommandRunner runner, GlobalOptions globals, string? first)
    {
        var root = new RootCommand("Labs, classrooms and small platforms, declared in C#.");
        var named = Entries.FirstOrDefault(entry => entry.Name == first);
        foreach (var entry in named is null ? Entries : [named])
        {
            root.Add(entry.Make(runner));
        }

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

    private sealed record Entry(string Name, Func<CommandRunner, Command> Make);
}
