using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>How a virtual network is joined to everything outside it.</summary>
public enum NetworkMode
{
    /// <summary>Its machines reach the outside with the host's address; nothing outside reaches them.</summary>
    Nat,

    /// <summary>The host routes between it and the outside, and lets in what belongs to a connection or comes from the subnet.</summary>
    Routed,

    /// <summary>Only its machines and the host reach each other.</summary>
    Isolated,

    /// <summary>Its machines are on a bridge that the host has already, beside everything else there.</summary>
    Bridge,

    /// <summary>The host routes, and no firewall rule is made.</summary>
    Open,
}

/// <summary>A network between the virtual machines of one hypervisor.</summary>
public sealed record VirtualNetwork : Declared
{
    /// <summary>A network of that name.</summary>
    public VirtualNetwork(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>How it is joined to the outside.</summary>
    public NetworkMode Mode { get; init; }

    /// <summary>
    /// Its IPv4 addresses, such as <c>10.20.0.0/24</c>; the first of them is the host's own. Null: a /24 that follows from the stack's and the
    /// network's names.
    /// </summary>
    public string? Subnet { get; init; }

    /// <summary>Give its machines their addresses.</summary>
    public bool Dhcp { get; init; } = true;

    /// <summary>Answer its machines' questions for names.</summary>
    public bool Dns { get; init; } = true;

    /// <summary>Names beside those of its machines, with the address each stands for.</summary>
    public Map<string> DnsNames { get; init; } = new();

    /// <summary>The domain that its machines' names end with, such as <c>lab.internal</c>.</summary>
    public string? Domain { get; init; }

    /// <summary>The host's bridge. In mode <see cref="NetworkMode.Bridge"/> one that is there; else what to call its own, null for any name.</summary>
    public string? Bridge { get; init; }

    /// <summary>The longest packet in bytes; null for the host's usual.</summary>
    public int? Mtu { get; init; }

    /// <summary>Subnets that the host reaches through a machine on it.</summary>
    public ImmutableArray<NetworkRoute> Routes { get; init; } = [];

    /// <summary>Start it when the host starts.</summary>
    public bool Autostart { get; init; } = true;

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>The id that libvirt knows it by.</summary>
    public Value<string> Id => new(new ValueExpression.Output(this, DeclaredOutput.Id));

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => new(new ValueExpression.Output(this, DeclaredOutput.PhysicalName));

    /// <summary>Whether it gives out addresses, which a bridge of the host's never does: whoever is on it does.</summary>
    internal bool GivesAddresses => Dhcp && Mode != NetworkMode.Bridge;
}

/// <summary>A subnet that is reached through a machine.</summary>
/// <param name="Subnet">The subnet, such as <c>10.30.0.0/24</c>.</param>
/// <param name="Gateway">The address of the machine.</param>
public sealed record NetworkRoute(string Subnet, string Gateway);
