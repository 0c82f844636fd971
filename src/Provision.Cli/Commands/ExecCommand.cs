using System.CommandLine;
using Provision.Cli.Ssh;
using Provision.Cli.Workloads;
using Provision.Providers.Docker;

namespace Provision.Cli.Commands;

/// <summary>
/// <c>provision exec</c>: runs a program in a container, or over ssh in a machine, on a terminal of its own where we have one; ends with its
/// exit code.
/// </summary>
internal sealed class ExecCommand : ProvisionCommand
{
    private readonly WorkloadArgument _name = new("name", kind: null);
    private readonly Argument<string[]> _program = new("command") { Description = "The program and its arguments, after --", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _user = new("--user") { Description = "Who runs it", HelpName = "user" };
    private readonly Option<string?> _folder = new("--workdir") { Description = "Where it runs", HelpName = "folder" };

    public ExecCommand(CommandRunner runner) : base(runner, "exec", "Run a program in a container or machine, after --")
    {
        Add(_name);
        Add(_program);
        AddAll(_user, _folder);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        await using var stack = await WorkloadStack.ReadAsync(invocation, "exec", invocation.Parse.GetRequiredValue(_name));
        var workload = stack.One(kind: null);
        return (ExitCode)(workload.Kind == WorkloadKind.Machine
            ? await InMachineAsync(invocation, stack, workload)
            : await InContainerAsync(invocation, stack, workload));
    }

    private async Task<int> InMachineAsync(Invocation invocation, WorkloadStack stack, Workload machine)
    {
        var (target, key) = await SshSession.FindAsync(invocation, stack.Snapshot, machine, invocation.Parse.GetValue(_user), withKey: true);

        // A container's program gets its arguments as they are. So shall a machine's, though a shell stands between.
        var program = SshLine.Quote(invocation.Parse.GetRequiredValue(_program));
        var command = invocation.Parse.GetValue(_folder) is { } folder ? $"cd {SshLine.Quote([folder])} && exec {program}" : program;
        return await SshSession.RunAsync(invocation, target, key, invocation.Io.InIsTerminal && invocation.Io.OutIsTerminal, [], [command]);
    }

    private async Task<int> InContainerAsync(Invocation invocation, WorkloadStack stack, Workload container)
    {
        await using var docker = DockerAccess.Open(container.ProviderInputs(stack.Snapshot));
        var io = invocation.Io;
        var terminal = io.InIsTerminal && io.OutIsTerminal;
        await using var program = await docker.ExecAsync(
            container.Id,
            new DockerExecOptions([.. invocation.Parse.GetRequiredValue(_program)], terminal, Input: true, invocation.Parse.GetValue(_user), invocation.Parse.GetValue(_folder)),
            invocation.Token);
        await using var input = io.OpenIn();
        await using var output = io.OpenOut();
        await using var errors = io.OpenError();
        await using var raw = terminal ? await RawTerminal.EnterAsync(invocation.Token) : null;
        if (terminal)
        {
            await program.ResizeAsync(io.Width, io.Height, invocation.Token);
        }

        return await program.RunAsync(input, output, errors, invocation.Token);
    }
}
