using Provision.Engine.Diagnostics;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>The model's problems as the engine's diagnostics.</summary>
public static class ProblemDiagnostics
{
    /// <summary>The same problem; its place and line go into the detail.</summary>
    public static Diagnostic ToDiagnostic(Problem problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        var line = problem.Source is { } source
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" ({Path.GetFileName(source.File)}, line {source.Line})")
            : "";
        return new Diagnostic(
            problem.Severity == ProblemSeverity.Error ? Severity.Error : Severity.Warning,
            problem.Code, problem.Summary, $"{problem.Place}{line}: {problem.Detail}", problem.Remedy);
    }
}
