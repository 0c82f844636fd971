using System.CommandLine;
using Provision.Cli.Commands;

namespace Provision.Cli;

/// <summary>All commands, in the order in which help shows them.</summary>
internal static class CliRoot
{
    public static RootCommand Create(CommandRunner runner, GlobalOptions globals)
    {
        var root = new RootCommand("Labs, classrooms and small platforms, declared in C#.")
        {
            new VersionCommand(runner),
        };
        root.HelpName = "provision";
        globals.AddTo(root);
        return root;
    }
}
