using System.Collections.Immutable;
using Provision.Cli.Projects;

namespace Provision.Cli.Loading;

/// <summary>One error in a definition's source, by the compiler's rules (CS…) or by ours (PROV…).</summary>
internal sealed record SourceError(SourcePlace Place, string Code, string Message, string? Remedy)
{
    /// <summary>The form that editors and build logs understand.</summary>
    public override string ToString() => $"{Place}: error {Code}: {Message}";
}

/// <summary>The definitions do not compile.</summary>
internal sealed class StackCompilationException(ImmutableArray<SourceError> errors)
    : WorkspaceException([.. errors.Select(LoadingDiagnostics.SourceError)])
{
    public ImmutableArray<SourceError> Errors { get; } = errors;
}

/// <summary>The definition did not come to an end. Its thread cannot be stopped: the process should end soon.</summary>
internal sealed class DefinitionTimeoutException(string definition, TimeSpan limit)
    : WorkspaceException(LoadingDiagnostics.TooSlow(definition, limit));
