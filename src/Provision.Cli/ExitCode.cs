namespace Provision.Cli;

/// <summary>What the process ends with; Pulumi's public table, so that scripts written for it keep working.</summary>
internal enum ExitCode
{
    Success = 0,

    /// <summary>An error of no kind of its own.</summary>
    Error = 1,

    /// <summary>Flags, arguments, configuration, a stack definition, or a missing confirmation.</summary>
    Configuration = 2,

    /// <summary>No permission, wrong credentials or passphrase.</summary>
    Authentication = 3,

    /// <summary>An operation on a resource failed.</summary>
    Resource = 4,

    /// <summary>A policy or a gate forbids it, or the stack does not fit on its hosts.</summary>
    Policy = 5,

    StackNotFound = 6,

    /// <summary>There were changes, though <c>--expect-no-changes</c> said there would be none.</summary>
    ChangesFound = 7,

    Cancelled = 8,

    Timeout = 9,

    /// <summary>A bug.</summary>
    Internal = 255,
}
