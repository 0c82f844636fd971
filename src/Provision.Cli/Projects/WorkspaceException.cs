using System.Collections.Immutable;
using Provision.Engine.Diagnostics;

namespace Provision.Cli.Projects;

/// <summary>
/// The workspace, a definition, a setting or a template is wrong: the command cannot go on, and nothing was touched. Carries everything
/// that was found, so that a person sees all of it at once.
/// </summary>
internal class WorkspaceException : Exception
{
    public WorkspaceException(Diagnostic diagnostic)
        : this([diagnostic])
    {
    }

    public WorkspaceException(ImmutableArray<Diagnostic> diagnostics)
        : base(string.Join(Environment.NewLine, diagnostics)) => Diagnostics = diagnostics;

    public ImmutableArray<Diagnostic> Diagnostics { get; }
}

/// <summary>No workspace was found upward from the folder.</summary>
internal sealed class ProjectNotFoundException(Diagnostic diagnostic) : WorkspaceException(diagnostic);

/// <summary>The workspace has no such stack.</summary>
internal sealed class StackNotFoundException(Diagnostic diagnostic) : WorkspaceException(diagnostic);
