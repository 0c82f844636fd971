using System.CommandLine;

namespace Provision.Cli.Commands.Plans;

/// <summary><c>provision plan</c>: saved plans.</summary>
internal sealed class PlanCommand : Command
{
    public PlanCommand(CommandRunner runner) : base("plan", "Look at saved plans") => Add(new PlanShowCommand(runner));
}
