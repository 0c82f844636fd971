using Provision.IntegrationTests.Lab;

namespace Provision.IntegrationTests.EndToEnd.Machines;

/// <summary>A workspace with a stack of tiny machines, whose runs take place in a lab, and a look at what there really is of it.</summary>
internal sealed class MachineWorld : IDisposable
{
    private readonly LibvirtLab _lab;

    private MachineWorld(LibvirtLab lab, string stack, (string Key, object Value)[] settings)
    {
        _lab = lab;
        Workspace = new TestWorkspace(stack).In(lab).Declare(Definitions.Boxes, settings);
        Objects = new MachineObjects(lab, stack);
    }

    public TestWorkspace Workspace { get; }

    public MachineObjects Objects { get; }

    /// <summary>The first machine's name in libvirt.</summary>
    public string Box => $"{Workspace.Stack}-box-1";

    /// <summary>Starts the lab where it does not run, with the kernel that tiny machines boot.</summary>
    public static async Task<MachineWorld> OpenAsync(LibvirtLab lab, string stack, params (string Key, object Value)[] settings)
    {
        await lab.KernelReadyAsync();
        return new MachineWorld(lab, stack, settings);
    }

    public MachineWorld Set(params (string Key, object Value)[] settings)
    {
        Workspace.Set(Definitions.Boxes, settings);
        return this;
    }

    /// <summary>What a command prints in the first machine, reached as a person reaches it.</summary>
    public async Task<string> InBoxAsync(string command) => (await Workspace.RunAsync("ssh", "box-1", "-s", Workspace.Stack, "--", command)).With(0).Out.Trim();

    /// <summary>Something of the first machine, by an expression over libvirt's description of it.</summary>
    public async Task<string> DescribedAsync(string path) => (await _lab.VirshAsync("dumpxml", Box, "--xpath", path)).Trim();

    public Task<string> StateAsync() => TrimmedAsync("domstate", Box);

    /// <summary>The first machine's id in libvirt.</summary>
    public Task<string> UuidAsync() => TrimmedAsync("domuuid", Box);

    /// <summary>What has to outlive every change that does not replace the machine: its id and the addresses of its interfaces.</summary>
    public async Task<string> IdentityAsync() => $"{await UuidAsync()} {await DescribedAsync("//devices/interface[1]/mac/@address")}";

    public void Dispose() => Workspace.Dispose();

    private async Task<string> TrimmedAsync(params string[] arguments) => (await _lab.VirshAsync(arguments)).Trim();
}
