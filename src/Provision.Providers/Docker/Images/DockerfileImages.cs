using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Provision.Providers.Docker.Images;

/// <summary>Which registries a Dockerfile's base images come from, so that only their credentials go along with a build.</summary>
internal static partial class DockerfileImages
{
    /// <summary>A best guess: a line that only the builder can make sense of adds nothing.</summary>
    public static ImmutableSortedSet<string> RegistriesOf(string dockerfile, IReadOnlyDictionary<string, string> args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var stages = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "scratch" };
        var registries = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var line in dockerfile.Split('\n'))
        {
            if (ArgLine().Match(line) is { Success: true } arg)
            {
                var name = arg.Groups["name"].Value;
                values[name] = args.GetValueOrDefault(name) ?? arg.Groups["value"].Value.Trim('"', '\'');
            }
            else if (ImageLine().Match(line) is { Success: true } image)
            {
                var name = Substitute(image.Groups["image"].Value, values);
                if (!stages.Contains(name) && !name.All(char.IsAsciiDigit) && ImageReference.TryParse(name, out var reference, out _))
                {
                    registries.Add(reference.Registry);
                }

                if (image.Groups["stage"] is { Success: true } stage)
                {
                    stages.Add(stage.Value);
                }
            }
        }

        return registries.ToImmutable();
    }

    private static string Substitute(string text, Dictionary<string, string> values) =>
        VariableUse().Replace(text, use =>
            values.GetValueOrDefault(use.Groups["name"].Value) is { Length: > 0 } value ? value : use.Groups["default"].Value);

    [GeneratedRegex(@"^\s*ARG\s+(?<name>[A-Za-z_][A-Za-z0-9_]*)(=(?<value>\S*))?", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ArgLine();

    [GeneratedRegex(@"^\s*(FROM\s+(--platform=\S+\s+)?(?<image>[^\s-]\S*)(\s+AS\s+(?<stage>\S+))?|COPY\s+(--\S+\s+)*--from=(?<image>\S+)|RUN\s+.*--mount=\S*from=(?<image>[^\s,]+))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex ImageLine();

    [GeneratedRegex(@"\$(\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:?-(?<default>[^}]*))?\}|(?<name>[A-Za-z_][A-Za-z0-9_]*))", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex VariableUse();
}
