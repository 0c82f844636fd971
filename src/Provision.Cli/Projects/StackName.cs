using System.Text.RegularExpressions;

namespace Provision.Cli.Projects;

/// <summary>What a stack may be called: Pulumi's rule, less names that are hidden files or climb out of the folder.</summary>
internal static partial class StackName
{
    public static bool IsValid(string name) => Pattern().IsMatch(name);

    /// <exception cref="WorkspaceException">It is no such name.</exception>
    public static string Check(string name) => IsValid(name) ? name : throw new WorkspaceException(ProjectDiagnostics.BadStackName(name));

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,99}\z")]
    private static partial Regex Pattern();
}
