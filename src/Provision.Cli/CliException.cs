using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Cli;

/// <summary>Ends the command with a message and an exit code.</summary>
internal sealed class CliException(ExitCode code, params ImmutableArray<Diagnostic> diagnostics)
    : Exception(string.Join("; ", diagnostics.Select(diagnostic => diagnostic.ToString())))
{
    public ExitCode Code { get; } = code;

    public ImmutableArray<Diagnostic> Diagnostics { get; } = diagnostics;
}
