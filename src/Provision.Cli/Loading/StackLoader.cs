using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Provision.Cli.Projects;
using Provision.Engine.Planning;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>From a workspace and a stack's name to the stack that its definition declares.</summary>
internal static class StackLoader
{
    /// <summary>
    /// The workspace's stacks, without compiling: those with a Pulumi.&lt;stack&gt;.yaml, and one for each definition that none of them means.
    /// </summary>
    public static ImmutableArray<string> ListStacks(ProjectFile project) => ListStacks(project, SourceFile.ReadAll(project));

    /// <summary>The same, where the sources are read already.</summary>
    public static ImmutableArray<string> ListStacks(ProjectFile project, ImmutableArray<SourceFile> sources)
    {
        var configured = new List<string>();
        var meant = new HashSet<string>();
        foreach (var file in Directory.Exists(project.ConfigFolder) ? Directory.GetFiles(project.ConfigFolder, "Pulumi.*.yaml") : [])
        {
            var name = Path.GetFileName(file)["Pulumi.".Length..^".yaml".Length];
            if (StackName.IsValid(name))
            {
                configured.Add(name);
                meant.Add(Names.Fold(name));
                meant.Add(Names.Fold(DefinitionNamedIn(project, name) ?? ""));
            }
        }

        var defined = sources.SelectMany(source => source.FindDefinitionNames()).Where(name => !meant.Contains(Names.Fold(name))).Select(Names.Kebab);
        return [.. configured.Concat(defined).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Loads a stack:
    /// 1. read the sources and the settings;
    /// 2. find them compiled, by the hash of all that goes into it, or compile them;
    /// 3. find the definition that the stack's name means;
    /// 4. make it, bind the settings, and let it define the stack.
    /// </summary>
    /// <exception cref="WorkspaceException">Anything about it is wrong; <see cref="StackCompilationException"/> and others tell what.</exception>
    public static LoadedStack Load(ProjectFile project, string stackName, StackLoadOptions options, CancellationToken cancellationToken)
    {
        var configFile = StackConfigFile.Load(project, stackName); // 1
        return LoadPrepared(project, configFile, stackName, options, Prepare(SourceFile.ReadAll(project), options.CacheFolder, cancellationToken), cancellationToken); // 2
    }

    /// <summary>Loads one of several stacks whose definitions are compiled already.</summary>
    public static LoadedStack LoadPrepared(
        ProjectFile project, string stackName, StackLoadOptions options, PreparedStacks prepared, CancellationToken cancellationToken) =>
        LoadPrepared(project, StackConfigFile.Load(project, stackName), stackName, options, prepared, cancellationToken);

    /// <summary>A workspace's definitions, compiled: from the cache, or now. Runs none of their code.</summary>
    /// <exception cref="StackCompilationException">There are errors.</exception>
    public static PreparedStacks Prepare(ImmutableArray<SourceFile> sources, string? cacheFolder, CancellationToken cancellationToken)
    {
        var sourceHash = HashOf(sources);
        if (cacheFolder is null)
        {
            return new PreparedStacks(Compile(sources, cancellationToken), sourceHash, FromCache: false);
        }

        var (compiled, wasThere) = new CompilationCache(cacheFolder).FindOrMake(sourceHash, () => Compile(sources, cancellationToken));
        return new PreparedStacks(compiled, sourceHash, wasThere);
    }

    private static LoadedStack LoadPrepared(
        ProjectFile project, StackConfigFile configFile, string stackName, StackLoadOptions options, PreparedStacks prepared, CancellationToken cancellationToken)
    {
        var own = configFile.Config;
        foreach (var (key, value) in options.Overrides)
        {
            own = own.SetItem(key, KeepSecret(value, configFile.Config.GetValueOrDefault(key)));
        }

        var config = project.Schema.Apply(stackName, own);
        var runner = prepared.Runner;
        var wanted = (config.GetValueOrDefault(StackConfigFile.DefinitionKey) as ConfigValue.Scalar)?.Text;
        var definition = Choose(runner.Definitions, configFile, stackName, wanted, project); // 3

        var files = new WorkspaceFiles(project); // 4
        var binder = new SettingsBinder(project.Name, stackName, configFile.ShownAs, options.Decrypt);
        var stack = runner.Run(definition, made => binder.Bind(made, config), files, options.TimeLimit, options.Clock, cancellationToken);
        return new LoadedStack
        {
            Stack = stack,
            StackName = stackName,
            Definition = definition.Name,
            SourceHash = prepared.SourceHash,
            FilesRead = files.FilesRead,
            Config = config,
            FromCache = prepared.FromCache,
            Policies = new PolicyRunner(runner, options),
        };
    }

    /// <summary>Of what a stack was made from.</summary>
    public static ModelHashes HashesOf(LoadedStack loaded) => new(
        HashOf([loaded.SourceHash, loaded.Definition]),
        HashOf(loaded.Config.SelectMany(setting => new[] { setting.Key.ToString(), setting.Value.ToText(cipher => $"secret {cipher}") })),
        HashOf(loaded.FilesRead.SelectMany(file => new[] { file.Key, file.Value })));

    // On its own, so that the runtime does not look for Roslyn while it prepares Load.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static CompiledStacks Compile(ImmutableArray<SourceFile> sources, CancellationToken cancellationToken) => StackCompiler.Compile(sources, cancellationToken);

    private static Type Choose(IReadOnlyList<Type> definitions, StackConfigFile configFile, string stackName, string? wanted, ProjectFile project)
    {
        var names = definitions.Select(definition => definition.Name).ToArray();
        var matches = definitions
            .Where(definition => wanted is null ? Names.Fold(definition.Name) == Names.Fold(stackName) : definition.Name == wanted || definition.FullName == wanted)
            .ToArray();
        if (matches.Length == 0 && !configFile.Exists)
        {
            var known = ListStacks(project);
            throw new StackNotFoundException(LoadingDiagnostics.StackUnknown(stackName, known, Names.Nearest(stackName, known)));
        }

        return matches.Length switch
        {
            1 => matches[0],
            0 => throw new StackNotFoundException(LoadingDiagnostics.NoDefinition(stackName, project.Relative(project.StacksFolder), names)),
            _ => throw new StackNotFoundException(LoadingDiagnostics.SeveralDefinitions(stackName, [.. matches.Select(match => match.FullName ?? match.Name)])),
        };
    }

    private static string? DefinitionNamedIn(ProjectFile project, string stack)
    {
        try
        {
            return (StackConfigFile.Load(project, stack).Config.GetValueOrDefault(StackConfigFile.DefinitionKey) as ConfigValue.Scalar)?.Text.Split('.')[^1];
        }
        catch (WorkspaceException)
        {
            // A list of names need not fail over one file's content; loading that stack does.
            return null;
        }
    }

    // An override of a secret is a secret too: only the file knows that it is one.
    private static ConfigValue KeepSecret(ConfigValue value, ConfigValue? inFile) =>
        value is ConfigValue.Scalar scalar && inFile is ConfigValue.Secure ? scalar with { Secret = true } : value;

    // The command line tool's own identity stands for the compiler it was built with, the options and the rules of purity.
    private static string HashOf(ImmutableArray<SourceFile> sources) => HashOf(
        [
            "1", typeof(StackLoader).Module.ModuleVersionId.ToString(), typeof(StackDefinition).Module.ModuleVersionId.ToString(), Environment.Version.ToString(),
            .. sources.SelectMany(source => new[] { source.Path, source.Hash }),
        ]);

    private static string HashOf(IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
