using System.Collections;
using System.Collections.Immutable;

namespace Provision.Providers.Docker.Images;

/// <summary>What a build or a look-up of credentials takes from the machine it is started on, as values.</summary>
/// <param name="Folder">What relative paths of build contexts start from: the workspace.</param>
/// <param name="Environment">Variables: <c>HOME</c>, <c>DOCKER_CONFIG</c>, <c>PATH</c> and what helper programs inherit.</param>
public sealed record LocalMachine(string Folder, ImmutableDictionary<string, string> Environment)
{
    /// <summary>The machine as this process sees it.</summary>
    public static LocalMachine Current()
    {
        var variables = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            variables[(string)variable.Key] = variable.Value as string ?? "";
        }

        return new LocalMachine(System.Environment.CurrentDirectory, variables.ToImmutable());
    }

    /// <summary>The user's folder; null where the environment names none.</summary>
    public string? Home => Variable("HOME") ?? Variable("USERPROFILE");

    /// <summary>Where the Docker client keeps its configuration; null where there is no place for it.</summary>
    public string? DockerConfigFolder => Variable("DOCKER_CONFIG") ?? (Home is { } home ? Path.Combine(home, ".docker") : null);

    /// <summary>The full path of a program on the search path; null where there is none.</summary>
    public string? FindProgram(string name) =>
        (Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => OperatingSystem.IsWindows() ? [Path.Combine(folder, name + ".exe")] : new[] { Path.Combine(folder, name) })
            .FirstOrDefault(File.Exists);

    public string Resolve(string path) => Path.GetFullPath(path, Folder);

    private string? Variable(string name) => Environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
