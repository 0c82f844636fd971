using System.CommandLine;

namespace Provision.Cli.Commands;

/// <summary>A verb: its options are fields of the class, its run is one method.</summary>
internal abstract class ProvisionCommand : Command
{
    private protected ProvisionCommand(CommandRunner runner, string name, string description) : base(name, description) =>
        SetAction((parse, _) => runner.RunAsync(parse, this));

    private protected void AddAll(params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
        {
            Add(option);
        }
    }

    public abstract Task<ExitCode> RunAsync(Invocation invocation);
}
