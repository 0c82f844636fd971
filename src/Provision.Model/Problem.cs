namespace Provision.Model;

/// <summary>How bad a <see cref="Problem"/> is.</summary>
public enum ProblemSeverity
{
    /// <summary>Worth knowing; nothing is held up.</summary>
    Warning,

    /// <summary>The stack cannot be brought up like this.</summary>
    Error,
}

/// <summary>Something wrong with a stack, found before anything is touched.</summary>
/// <param name="Code">Stays the same for the same kind of problem: <c>PROV1101</c>.</param>
/// <param name="Severity">How bad it is.</param>
/// <param name="Place">Where in the stack: <c>Hosts["here"].Containers["web"].Ports[0]</c>.</param>
/// <param name="Summary">What is wrong, in one sentence that is the same for every problem of this code.</param>
/// <param name="Detail">What it is here, and why it matters.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Source">The line that declares it; null where unknown.</param>
public sealed record Problem(string Code, ProblemSeverity Severity, string Place, string Summary, string Detail, string Remedy, SourceLine? Source = null);
