using System.CommandLine;

namespace Provision.Cli.Commands;

/// <summary>A container of the stack, by name or URN; completed from the recorded state.</summary>
internal sealed class ContainerArgument : Argument<string>
{
    public ContainerArgument() : base("container") => Description = "The container's name";
}
