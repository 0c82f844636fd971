using System.CommandLine;
using Provision.Cli.Rendering;

namespace Provision.Cli;

/// <summary>The options that every command has.</summary>
internal sealed class GlobalOptions
{
    public Option<string?> Folder { get; } = new("--cwd", "-C") { Description = "Run as if started in this folder", Recursive = true, HelpName = "folder" };

    public Option<string?> Stack { get; } = new("--stack", "-s") { Description = "The stack to work on", Recursive = true, HelpName = "stack" };

    public Option<ColorOption> Color { get; } = new("--color")
    {
        Description = "Colour: always, never or auto",
        Recursive = true,
        HelpName = "when",
    };

    public Option<bool> NonInteractive { get; } = new("--non-interactive") { Description = "Ask nothing, even on a terminal", Recursive = true };

    public void AddTo(Command root)
    {
        root.Add(Folder);
        root.Add(Stack);
        root.Add(Color);
        root.Add(NonInteractive);
    }
}
