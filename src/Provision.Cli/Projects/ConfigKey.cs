using System.Diagnostics.CodeAnalysis;

namespace Provision.Cli.Projects;

/// <summary>The full name of a setting, <c>namespace:name</c>; the namespace of a project's own settings is the project's name.</summary>
internal sealed record ConfigKey(string Namespace, string Name) : IComparable<ConfigKey>
{
    /// <summary>Reads <c>name</c>, <c>namespace:name</c> or the older <c>namespace:config:name</c>.</summary>
    public static bool TryParse(string text, string defaultNamespace, [NotNullWhen(true)] out ConfigKey? key)
    {
        var parts = text.Split(':');
        key = parts switch
        {
            [var name] => new ConfigKey(defaultNamespace, name),
            [var space, var name] => new ConfigKey(space, name),
            [var space, "config", var name] => new ConfigKey(space, name),
            _ => null,
        };
        if (key is { Namespace.Length: > 0, Name.Length: > 0 })
        {
            return true;
        }

        key = null;
        return false;
    }

    /// <exception cref="WorkspaceException">It is no such name.</exception>
    public static ConfigKey Parse(string text, string defaultNamespace) =>
        TryParse(text, defaultNamespace, out var key) ? key : throw new WorkspaceException(ProjectDiagnostics.BadConfigKey(text, default));

    public int CompareTo(ConfigKey? other) => string.CompareOrdinal(ToString(), other?.ToString());

    public override string ToString() => $"{Namespace}:{Name}";
}
