using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Engine.State;

/// <summary>State could not be read, written, locked or decrypted, so the operation cannot go on. The diagnostic says what, where and what to do.</summary>
public abstract class StateException : Exception
{
    private protected StateException(Diagnostic diagnostic, Exception? cause = null)
        : base($"{diagnostic.Summary}: {diagnostic.Detail}", cause) => Diagnostic = diagnostic;

    public Diagnostic Diagnostic { get; }

    /// <summary>What to do next.</summary>
    public string? Remedy => Diagnostic.Remedy;
}

/// <summary>A checkpoint or an exported deployment is damaged, or was written by a tool that knows more than this one.</summary>
public sealed class CheckpointFormatException : StateException
{
    internal CheckpointFormatException(Diagnostic diagnostic, Exception? cause = null) : base(diagnostic, cause)
    {
    }
}

/// <summary>A checkpoint can be read, but contradicts itself; see <see cref="SnapshotChecks"/>.</summary>
public sealed class SnapshotIntegrityException : StateException
{
    internal SnapshotIntegrityException(Diagnostic diagnostic, ImmutableArray<Diagnostic> violations) : base(diagnostic) => Violations = violations;

    public ImmutableArray<Diagnostic> Violations { get; }
}

/// <summary>State could not be written (disk full, no permission); what was there before is as it was.</summary>
public sealed class StateWriteException : StateException
{
    internal StateWriteException(Diagnostic diagnostic, Exception? cause) : base(diagnostic, cause)
    {
    }
}

/// <summary>State is there but could not be read.</summary>
public sealed class StateReadException : StateException
{
    internal StateReadException(Diagnostic diagnostic, Exception? cause) : base(diagnostic, cause)
    {
    }
}

/// <summary>A journal is damaged in its middle, or belongs to another checkpoint.</summary>
public sealed class JournalException : StateException
{
    internal JournalException(Diagnostic diagnostic, Exception? cause = null) : base(diagnostic, cause)
    {
    }
}

/// <summary>Another run holds the stack.</summary>
public sealed class StackLockedException : StateException
{
    internal StackLockedException(Diagnostic diagnostic, ImmutableArray<LockRecord> holders) : base(diagnostic) => Holders = holders;

    public ImmutableArray<LockRecord> Holders { get; }
}

/// <summary>This run held the stack, and somebody took or removed its lock meanwhile: nothing more may be written.</summary>
public sealed class StackLockLostException : StateException
{
    internal StackLockLostException(Diagnostic diagnostic) : base(diagnostic)
    {
    }
}

public sealed class StackNotFoundException : StateException
{
    internal StackNotFoundException(Diagnostic diagnostic) : base(diagnostic)
    {
    }
}

public sealed class StackExistsException : StateException
{
    internal StackExistsException(Diagnostic diagnostic) : base(diagnostic)
    {
    }
}

/// <summary>A stack that still holds resources, or an unfinished run, is not removed without force.</summary>
public sealed class StackNotEmptyException : StateException
{
    internal StackNotEmptyException(Diagnostic diagnostic) : base(diagnostic)
    {
    }
}

/// <summary>A backend URL, a layout on disk or a stack name that this backend cannot work with.</summary>
public sealed class BackendException : StateException
{
    internal BackendException(Diagnostic diagnostic, Exception? cause = null) : base(diagnostic, cause)
    {
    }
}

/// <summary>No passphrase, a wrong one, or a kind of secrets provider that only Pulumi's own CLI can open.</summary>
public sealed class SecretsException : StateException
{
    internal SecretsException(Diagnostic diagnostic, Exception? cause = null) : base(diagnostic, cause)
    {
    }
}
