using System.CommandLine;
using Provision.Cli.Consoles;
using Provision.Cli.Workloads;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Commands;

/// <summary><c>provision console</c>: a machine's serial console on our terminal, or for a script that types into it.</summary>
internal sealed class ConsoleCommand : ProvisionCommand
{
    private static readonly TimeSpan DefaultLinger = TimeSpan.FromSeconds(2);

    private readonly WorkloadArgument _name = new("machine", WorkloadKind.Machine);
    private readonly Option<bool> _force = new("--force") { Description = "Take the console over from whoever has it open" };
    private readonly Option<string> _escape = new("--escape") { Description = "The key that detaches", HelpName = "key", DefaultValueFactory = _ => "^]" };
    private readonly Option<TimeSpan?> _linger = new("--linger")
    {
        Description = "After the end of piped input, how long the machine has to be silent before the session ends (default: 2s)",
        HelpName = "duration",
        CustomParser = result => OperationOptions.ParseDuration(result),
    };

    public ConsoleCommand(CommandRunner runner) : base(runner, "console", "Open a machine's serial console; piped input is typed into it")
    {
        Add(_name);
        AddAll(_force, _escape, _linger);
        _escape.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }] && EscapeKey.Parse(text) is null)
            {
                result.AddError($"--escape takes a control key such as ^] or Ctrl+a, not '{text}'.");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var io = invocation.Io;
        var terminal = io.InIsTerminal && io.OutIsTerminal;
        var escape = EscapeKey.Parse(invocation.Parse.GetRequiredValue(_escape)) ?? EscapeKey.Default;
        var (name, machines, id) = await OpenAsync(invocation);
        await using var opened = machines;
        await using var console = await machines.OpenConsoleAsync(id, invocation.Parse.GetValue(_force), invocation.Token);
        await using var input = terminal ? io.OpenKeys() : io.OpenIn();
        await using var output = io.OpenOut();
        if (terminal)
        {
            invocation.Error.Line($"Connected to '{name}'. {escape} detaches; Enter wakes a silent console.");
        }

        ConsoleEnd end;
        await using (terminal ? await RawTerminal.EnterAsync(invocation.Token) : null)
        {
            end = await new ConsoleBridge(console, input, output, invocation.Clock)
            {
                Escape = terminal ? escape : null,
                Linger = invocation.Parse.GetValue(_linger) ?? DefaultLinger,
            }.RunAsync(invocation.Token);
        }

        if (terminal || end == ConsoleEnd.MachineClosed)
        {
            invocation.Error.Line();
            invocation.Error.Line(end == ConsoleEnd.MachineClosed ? $"'{name}' closed the console: it is off, or somebody else took it over." : $"Detached from '{name}'.");
        }

        return ExitCode.Success;
    }

    /// <summary>The state is closed again before the session begins, which may last for hours.</summary>
    private async Task<(string Name, IMachineAccess Machines, string Id)> OpenAsync(Invocation invocation)
    {
        await using var stack = await WorkloadStack.ReadAsync(invocation, "console", invocation.Parse.GetRequiredValue(_name));
        var machine = stack.One(WorkloadKind.Machine);
        var machines = invocation.Composition.OpenMachines(machine.ProviderInputs(stack.Snapshot));
        try
        {
            await MachineLook.DemandRunningAsync(machines, machine, invocation.Token);
            return (machine.Name, machines, machine.Id);
        }
        catch
        {
            await machines.DisposeAsync();
            throw;
        }
    }
}
