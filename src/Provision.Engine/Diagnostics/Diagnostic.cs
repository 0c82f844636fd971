using Provision.Engine.Resources;

namespace Provision.Engine.Diagnostics;

public enum Severity
{
    Info,
    Warning,
    Error,
}

/// <summary>
/// Something a person should know. The summary is constant text; the detail says what, where and why; the remedy says what to do.
/// </summary>
/// <param name="Severity">How bad it is; an error fails the operation.</param>
/// <param name="Code">Stable, <c>PROV####</c>; one range a folder.</param>
/// <param name="Summary">What is wrong, in constant words.</param>
/// <param name="Detail">What, where and why, with the names of this case.</param>
/// <param name="Remedy">What to do next; null only where nothing can be done.</param>
/// <param name="Subject">The resource it is about; null for the whole stack.</param>
public sealed record Diagnostic(Severity Severity, string Code, string Summary, string Detail, string? Remedy = null, Urn? Subject = null)
{
    public override string ToString() => $"{Code}: {Summary}: {Detail}";
}
