using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>A network between the containers of one host.</summary>
public sealed record ContainerNetwork : Declared
{
    /// <summary>A network of that name.</summary>
    public ContainerNetwork(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>Its addresses, such as <c>10.20.0.0/24</c>; null for a range that the engine chooses.</summary>
    public string? Subnet { get; init; }

    /// <summary>The host's own address in it; null for the first of the subnet.</summary>
    public string? Gateway { get; init; }

    /// <summary>Cut it off from everything outside the host.</summary>
    public bool Internal { get; init; }

    /// <summary>What carries it: <c>bridge</c>, <c>macvlan</c>, <c>ipvlan</c>.</summary>
    public string Driver { get; init; } = "bridge";

    /// <summary>The driver's own options.</summary>
    public Map<string> Options { get; init; } = new();

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels of the user's own.</summary>
    public Map<string> Labels { get; init; } = new();

    /// <summary>The id that the engine gave it.</summary>
    public Value<string> Id => new(new ValueExpression.Output(this, DeclaredOutput.Id));

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => new(new ValueExpression.Output(this, DeclaredOutput.PhysicalName));
}
