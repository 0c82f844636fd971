namespace Provision.Model;

/// <summary>Something declared in a stack, by name. Others refer to it by the object, or by the name where they stand in the same place.</summary>
public abstract record Declared
{
    private protected Declared(string name, string file, int line)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Source = file.Length > 0 ? new SourceLine(file, line) : null;
    }

    /// <summary>The name within the stack. The real thing is called <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public string Name { get; init; }

    /// <summary>Where it was declared; null where the compiler could not tell.</summary>
    public SourceLine? Source { get; init; }

    /// <summary>How it is created, changed and removed.</summary>
    public Lifecycle Lifecycle { get; init; } = Lifecycle.Default;
}

/// <summary>A line of a stack's source.</summary>
/// <param name="File">The file, as the compiler was told.</param>
/// <param name="Line">The line, from one.</param>
public sealed record SourceLine(string File, int Line);
