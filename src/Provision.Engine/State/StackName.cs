using System.Text.RegularExpressions;

namespace Provision.Engine.State;

/// <summary>A stack of a project. In state files its full name is <c>organization/project/stack</c>.</summary>
public sealed partial record StackName
{
    private const string Organization = "organization";

    /// <exception cref="BackendException">A name has characters that are not allowed.</exception>
    public StackName(string project, string name)
    {
        (Project, Name) = (project, name);
        if (!IsValid(project))
            throw new BackendException(StateDiagnostics.NameInvalid("project", project));
        if (!IsValid(name))
            throw new BackendException(StateDiagnostics.NameInvalid("stack", name));
    }

    public string Project { get; }

    public string Name { get; }

    public string FullName => $"{Organization}/{Project}/{Name}";

    /// <summary>Reads <c>stack</c>, <c>organization/stack</c> or <c>organization/project/stack</c>; where no project is named, it is <paramref name="project"/>.</summary>
    public static StackName Parse(string text, string project)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        if (parts.Length > 3)
            throw new BackendException(StateDiagnostics.StackReferenceInvalid(text, "it has more than three parts."));
        if (parts.Length > 1 && parts[0] != Organization)
            throw new BackendException(StateDiagnostics.StackReferenceInvalid(text, $"file backends know the one organization '{Organization}', not '{parts[0]}'."));

        return new StackName(parts.Length == 3 ? parts[1] : project, parts[^1]);
    }

    // "." and ".." are made of allowed characters, and would leave the folder the stack belongs in.
    public static bool IsValid(string name) => name is not ("." or "..") && NamePattern().IsMatch(name);

    public override string ToString() => $"{Project}/{Name}";

    [GeneratedRegex(@"\A[A-Za-z0-9_.-]{1,100}\z")]
    private static partial Regex NamePattern();
}
