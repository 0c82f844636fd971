using System.CommandLine;
using Provision.Cli.Ssh;
using Provision.Cli.Workloads;

namespace Provision.Cli.Commands;

/// <summary><c>provision ssh</c>: the system's ssh, into a machine, with the key that the stack made; ends with its exit code.</summary>
internal sealed class SshCommand : ProvisionCommand
{
    private readonly WorkloadArgument _name = new("machine", WorkloadKind.Machine);
    private readonly Argument<string[]> _command = new("command")
    {
        Description = "What to run there, after --, read by the machine's shell; without it, a shell",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _user = new("--user", "-l") { Description = "Who logs in (default: whom the machine was made with)", HelpName = "user" };
    private readonly Option<string?> _identity = new("--identity", "-i") { Description = "Log in with this key file, not with the stack's key", HelpName = "file" };
    private readonly Option<string[]> _option = new("--option", "-o") { Description = "A further option of ssh's; may be repeated", HelpName = "name=value", DefaultValueFactory = _ => [] };

    public SshCommand(CommandRunner runner) : base(runner, "ssh", "Log in to a machine, or run a command there, after --")
    {
        Add(_name);
        Add(_command);
        AddAll(_user, _identity, _option);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var parse = invocation.Parse;
        var identity = parse.GetValue(_identity);
        SshTarget target;
        string? key;
        await using (var stack = await WorkloadStack.ReadAsync(invocation, "ssh", parse.GetRequiredValue(_name)))
        {
            (target, key) = await SshSession.FindAsync(invocation, stack.Snapshot, stack.One(WorkloadKind.Machine), parse.GetValue(_user), withKey: identity is null);
        }

        string[] more =
        [
            .. (parse.GetValue(_option) ?? []).SelectMany(option => (string[])["-o", option]),
            .. identity is null ? [] : (string[])["-i", Path.GetFullPath(identity, invocation.Io.CurrentFolder)],
        ];
        var terminal = invocation.Io.InIsTerminal && invocation.Io.OutIsTerminal;
        return (ExitCode)await SshSession.RunAsync(invocation, target, key, terminal, more, parse.GetValue(_command) ?? []);
    }
}
