using System.Collections.Immutable;
using System.Reflection;
using System.Runtime.Loader;
using Provision.Cli.Loading;
using Xunit;

namespace Provision.Tests.Cli.Loading;

public sealed class WarmLoadTests
{
    [Fact]
    public async Task A_load_from_the_cache_does_not_load_the_compiler()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));
        await workspace.LoadAsync();

        // The tool loaded a second time, apart from the one in which other tests compile.
        var apart = new PrivateContext();
        var loader = apart.LoadFromAssemblyPath(typeof(StackLoader).Assembly.Location);
        var project = Call(loader, "Provision.Cli.Projects.ProjectFile", "Find", workspace.Folder.Path);
        var options = Activator.CreateInstance(TypeIn(loader, "Provision.Cli.Loading.StackLoadOptions")) ?? throw new InvalidOperationException();
        options.GetType().GetProperty("CacheFolder")?.SetValue(options, workspace.Cache);
        options.GetType().GetProperty("Decrypt")?.SetValue(options, (Func<string, string>)(text => text));
        var loaded = Call(loader, "Provision.Cli.Loading.StackLoader", "Load", project, "lab", options, TestContext.Current.CancellationToken);
        Assert.Equal(true, loaded?.GetType().GetProperty("FromCache")?.GetValue(loaded));
        var names = apart.Assemblies.Select(assembly => assembly.GetName().Name).ToImmutableHashSet();
        Assert.Contains("Provision.Model", names);
        Assert.DoesNotContain(names, name => name?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true);
    }

    private static object? Call(Assembly assembly, string type, string method, params object?[] arguments) =>
        TypeIn(assembly, type).GetMethod(method, BindingFlags.Public | BindingFlags.Static)?.Invoke(null, arguments);

    private static Type TypeIn(Assembly assembly, string name) => assembly.GetType(name, throwOnError: true) ?? throw new InvalidOperationException();

    private sealed class PrivateContext() : AssemblyLoadContext("apart")
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            Path.Combine(AppContext.BaseDirectory, assemblyName.Name + ".dll") is var path && File.Exists(path) ? LoadFromAssemblyPath(path) : null;
    }
}
