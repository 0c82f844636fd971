using Provision.Engine.Resources;

namespace Provision.Cli.Projects;

/// <summary>A setting, or with <c>--path</c> a place inside one: <c>labs:roster.students[0]</c>.</summary>
internal sealed record ConfigPath(ConfigKey Key, PropertyPath Inside)
{
    public static ConfigPath Of(ConfigKey key) => new(key, PropertyPath.Root);

    /// <exception cref="WorkspaceException">The text is no such path.</exception>
    public static ConfigPath Parse(string text, string defaultNamespace)
    {
        // Dots before the last colon belong to the namespace.
        var bracket = text.IndexOf('[', StringComparison.Ordinal);
        var colon = text.LastIndexOf(':', bracket < 0 ? text.Length - 1 : bracket);
        try
        {
            var path = PropertyPath.Parse(text[(colon + 1)..]);
            if (path.Segments is [{ Key: { } name }, ..] && ConfigKey.TryParse(text[..(colon + 1)] + name, defaultNamespace, out var key))
            {
                return new ConfigPath(key, path.Segments[1..].Aggregate(PropertyPath.Root, (inside, part) => part.Key is { } member ? inside.Child(member) : inside.Child(part.Index)));
            }
        }
        catch (FormatException)
        {
            // Told below, with the name as it was given.
        }

        throw new WorkspaceException(ProjectDiagnostics.BadConfigKey(text, default));
    }

    public string ToText()
    {
        var inside = Inside.ToString();
        return inside.Length == 0 || inside[0] == '[' ? $"{Key}{inside}" : $"{Key}.{inside}";
    }
}
