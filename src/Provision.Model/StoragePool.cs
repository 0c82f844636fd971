using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>A folder of the host that holds disks of virtual machines.</summary>
public sealed record StoragePool : Declared
{
    /// <summary>A pool of that name.</summary>
    public StoragePool(string name, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
    }

    /// <summary>The folder, absolute. Null: one in <c>/var/lib/provision</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>The id that libvirt knows it by.</summary>
    public Value<string> Id => new(new ValueExpression.Output(this, DeclaredOutput.Id));

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => new(new ValueExpression.Output(this, DeclaredOutput.PhysicalName));
}
