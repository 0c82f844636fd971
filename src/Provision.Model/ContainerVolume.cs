using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>Storage that outlives the containers which use it.</summary>
public sealed record ContainerVolume : Declared
{
    /// <summary>A volume of that name.</summary>
    public ContainerVolume(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>What holds it.</summary>
    public string Driver { get; init; } = "local";

    /// <summary>The driver's own options.</summary>
    public Map<string> Options { get; init; } = new();

    /// <summary>Leave it, with its content, when the stack goes.</summary>
    public bool Keep { get; init; }

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels of the user's own.</summary>
    public Map<string> Labels { get; init; } = new();

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => new(new ValueExpression.Output(this, DeclaredOutput.PhysicalName));

    /// <summary>The folder on the host that holds its files.</summary>
    public Value<string> Mountpoint => new(new ValueExpression.Output(this, DeclaredOutput.Mountpoint));
}
