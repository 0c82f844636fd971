using System.Collections.Immutable;
using Provision.Cli.Loading;
using Provision.Cli.Projects;

namespace Provision.Tests.Cli.Loading;

/// <summary>A workspace in a folder of its own, with one definition unless a test writes others.</summary>
internal sealed class TestWorkspace : IDisposable
{
    public TestWorkspace(string? members = null)
    {
        Folder.With("Pulumi.yaml", "name: labs\nmain: stacks\nstackConfigDir: stacks\n");
        if (members is not null)
        {
            Write("Lab.cs", Definition(members));
        }
    }

    public TemporaryFolder Folder { get; } = new();

    public ProjectFile Project => ProjectFile.Find(Folder.Path);

    public string Cache => Folder.At("cache");

    /// <summary>A definition 'Lab' on one line of braces: what is given starts on line 5.</summary>
    public static string Definition(string members) =>
        $"using System.Collections.Immutable;\nusing System.ComponentModel.DataAnnotations;\nusing Provision.Model;\npublic sealed class Lab : StackDefinition {{\n{members}\n}}\n";

    /// <summary>A host whose address tells the expression's value.</summary>
    public static string Telling(string expression) => $"public override Stack Define() => new() {{ Hosts = [new Host(\"h\")], Outputs = new() {{ [\"told\"] = $\"{{{expression}}}\" }} }};";

    public TestWorkspace Write(string name, string text)
    {
        Folder.With("stacks/" + name, text);
        return this;
    }

    public Task<LoadedStack> LoadAsync(string stack = "lab", Func<string, string>? decrypt = null, TimeSpan? limit = null, params (string Key, string Value)[] overrides) =>
        Task.Run(() => StackLoader.Load(
            Project,
            stack,
            new StackLoadOptions
            {
                Decrypt = decrypt ?? (_ => throw new InvalidOperationException("Nothing secret was to be looked at.")),
                CacheFolder = Cache,
                TimeLimit = limit ?? TimeSpan.FromMinutes(1),
                Overrides = overrides.ToImmutableSortedDictionary(
                    pair => ConfigKey.Parse(pair.Key, "labs"), pair => ConfigValue.Of(pair.Value) with { Place = new SourcePlace("--config", 0, 0) }),
            },
            Xunit.TestContext.Current.CancellationToken));

    public async Task<WorkspaceException> FailAsync(string stack = "lab", Func<string, string>? decrypt = null, TimeSpan? limit = null) =>
        await Xunit.Assert.ThrowsAnyAsync<WorkspaceException>(() => LoadAsync(stack, decrypt, limit));

    public void Dispose() => Folder.Dispose();
}
