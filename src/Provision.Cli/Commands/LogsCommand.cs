using System.CommandLine;
using Provision.Cli.Workloads;
using Provision.Providers.Docker;

namespace Provision.Cli.Commands;

/// <summary><c>provision logs</c>: what a container wrote, its two streams on ours.</summary>
internal sealed class LogsCommand : ProvisionCommand
{
    private readonly WorkloadArgument _name = new("container", WorkloadKind.Container);
    private readonly Option<bool> _follow = new("--follow", "-f") { Description = "Go on as more is written" };
    private readonly Option<int?> _tail = new("--tail") { Description = "Only so many last lines", HelpName = "n" };
    private readonly Option<TimeSpan> _since = new("--since") { Description = "Only the last so long, such as 10m or 2h", HelpName = "duration", CustomParser = OperationOptions.ParseDuration };
    private readonly Option<bool> _timestamps = new("--timestamps") { Description = "Each line with its time in front" };

    public LogsCommand(CommandRunner runner) : base(runner, "logs", "Show what a container wrote")
    {
        Add(_name);
        AddAll(_follow, _tail, _since, _timestamps);
        _tail.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 0)
            {
                result.AddError("--tail takes a number from 0 up.");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        await using var stack = await WorkloadStack.ReadAsync(invocation, "logs", invocation.Parse.GetRequiredValue(_name));
        var container = stack.One(WorkloadKind.Container);
        await using var docker = DockerAccess.Open(container.ProviderInputs(stack.Snapshot));
        var since = invocation.Parse.GetValue(_since);
        var options = new DockerLogOptions(
            invocation.Parse.GetValue(_follow),
            invocation.Parse.GetValue(_tail),
            since > TimeSpan.Zero ? invocation.Clock.GetUtcNow() - since : null,
            invocation.Parse.GetValue(_timestamps));
        await using var output = invocation.Io.OpenOut();
        await using var errors = invocation.Io.OpenError();
        try
        {
            await docker.LogsAsync(container.Id, options, output, errors, invocation.Token);
        }
        catch (OperationCanceledException) when (options.Follow && invocation.Token.IsCancellationRequested)
        {
            // Ctrl+C is how following ends.
        }

        return ExitCode.Success;
    }
}
