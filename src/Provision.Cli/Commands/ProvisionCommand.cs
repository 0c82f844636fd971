using System.CommandLine;

namespace Provision.Cli.Commands;

/// <summary>A verb: its options are fields of the class, its run is one method.</summary>
internal abstract class ProvisionCommand : Command
{
    private protected ProvisionCommand(CommandRunner runner, string name, string description) : base(name, description) =>
        SetAction((parse, _) => runner.RunAsync(parse, this));

    public abstract Task<ExitCode> RunAsync(Invocation invocation);
}
