using System.CommandLine;
using Provision.Providers.Docker;

namespace Provision.Cli.Commands;

/// <summary><c>provision exec</c>: runs a program in a container, on a terminal of its own where we have one; ends with its exit code.</summary>
internal sealed class ExecCommand : ProvisionCommand
{
    private readonly ContainerArgument _name = new();
    private readonly Argument<string[]> _program = new("command") { Description = "The program and its arguments, after --", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string?> _user = new("--user") { Description = "Who runs it", HelpName = "user" };
    private readonly Option<string?> _folder = new("--workdir") { Description = "Where it runs", HelpName = "folder" };

    public ExecCommand(CommandRunner runner) : base(runner, "exec", "Run a program in a container: exec <container> -- <command>…")
    {
        Add(_name);
        Add(_program);
        AddAll(_user, _folder);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "exec", write: false, invocation.Token, create: true);
        var (container, docker) = ContainerReach.Open(session.Snapshot, invocation.Parse.GetRequiredValue(_name));
        await using var open = docker;
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

        return (ExitCode)await program.RunAsync(input, output, errors, invocation.Token);
    }
}
