using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>A virtual machine.</summary>
public sealed record VirtualMachine : Declared
{
    /// <summary>A machine of that name; what it is made of is its <see cref="Image"/>.</summary>
    public VirtualMachine(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>A machine of that name and image.</summary>
    public VirtualMachine(string name, DiskImage image, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
    }

    /// <summary>What its first disk starts as. Required.</summary>
    public DiskImage? Image { get; init; }

    /// <summary>Virtual processors.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Memory, in whole mebibytes.</summary>
    public DataSize Memory { get; init; } = 512.MiB;

    /// <summary>The size of its first disk, which may grow later; null for the image's own.</summary>
    public DataSize? Disk { get; init; }

    /// <summary>Further disks.</summary>
    public ImmutableArray<MachineDisk> Disks { get; init; } = [];

    /// <summary>The pool of its disks; null for the hypervisor's first.</summary>
    public string? Pool { get; init; }

    /// <summary>The networks it is on, one interface each.</summary>
    public ImmutableArray<NetworkInterface> Networks { get; init; } = [];

    /// <summary>What it starts from.</summary>
    public Firmware Firmware { get; init; }

    /// <summary>Give it a trusted platform module, version 2.0, made of software.</summary>
    public bool Tpm { get; init; }

    /// <summary>How its screen is seen, on an address of the host alone.</summary>
    public Graphics Graphics { get; init; }

    /// <summary>Start it when the host starts.</summary>
    public bool Autostart { get; init; }

    /// <summary>What is set up when it starts for the first time.</summary>
    public FirstBoot FirstBoot { get; init; } = FirstBoot.Default;

    /// <summary>Whether it runs.</summary>
    public MachinePower Power { get; init; }

    /// <summary>
    /// How to find out that it works, before what depends on it starts. Null: its SSH port, where the image is one that Provision builds; else it
    /// is enough that it has an address.
    /// </summary>
    public ReadyCheck? Ready { get; init; }

    /// <summary>Wait until it has an address. Null: yes, on each of its networks that gives addresses.</summary>
    public bool? WaitForAddress { get; init; }

    /// <summary>How long it may take to shut down before it is switched off. Null: the provider's own limit.</summary>
    public TimeSpan? ShutdownTimeout { get; init; }

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>The id that libvirt knows it by, a UUID that it keeps as long as it is not made anew.</summary>
    public Value<string> Id => Later(DeclaredOutput.Id);

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => Later(DeclaredOutput.PhysicalName);

    /// <summary>The name it has for itself and for others on its networks. Using it makes the user wait for this machine.</summary>
    public Value<string> DnsName => Later(DeclaredOutput.DnsName);

    /// <summary>Its IP address on the first of its networks.</summary>
    public Value<string> Address => Later(DeclaredOutput.Address);

    /// <summary>Its IP address on one of its networks.</summary>
    public Value<string> AddressOn(string network) =>
        new(new ValueExpression.Output(this, DeclaredOutput.Address) { Network = network });

    /// <summary>The host name it gets.</summary>
    internal string Hostname => FirstBoot.Hostname ?? Name;

    private Value<string> Later(DeclaredOutput output) => new(new ValueExpression.Output(this, output));
}

/// <summary>Whether a machine runs.</summary>
public enum MachinePower
{
    /// <summary>It runs, and is started where somebody stopped it.</summary>
    Running,

    /// <summary>It is there and does not run.</summary>
    Off,

    /// <summary>It was started and stands still in memory.</summary>
    Paused,
}

/// <summary>What a machine starts from.</summary>
public enum Firmware
{
    /// <summary>The classic one.</summary>
    Bios,

    /// <summary>UEFI.</summary>
    Uefi,

    /// <summary>UEFI that starts signed systems only.</summary>
    UefiSecureBoot,
}

/// <summary>How a machine's screen is seen.</summary>
public enum Graphics
{
    /// <summary>It has none; its console is a serial line.</summary>
    None,

    /// <summary>VNC.</summary>
    Vnc,

    /// <summary>SPICE.</summary>
    Spice,
}
