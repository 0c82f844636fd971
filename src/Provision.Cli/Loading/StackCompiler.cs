using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;
using Provision.Cli.Projects;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>Compiles definitions. The only way to Roslyn, which takes long to load: a load from the cache never comes here.</summary>
internal static class StackCompiler
{
    // What the .NET SDK writes for ImplicitUsings, so that an editor and a load agree.
    private const string ImplicitUsings =
        """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    // Read once, however many revisions are compiled.
    private static readonly Lazy<ImmutableArray<MetadataReference>> KnownReferences = new(() => [.. References()]);

    /// <exception cref="StackCompilationException">There are errors, by the compiler's rules or by ours; all of them are listed.</exception>
    public static CompiledStacks Compile(ImmutableArray<SourceFile> sources, CancellationToken cancellationToken)
    {
        // The path goes into symbols and [CallerFilePath]: relative, so that it is the same in every clone.
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None);
        var trees = sources.Select(source => CSharpSyntaxTree.ParseText(
            SourceText.From(source.Content.AsSpan().ToArray(), source.Content.Length, Encoding.UTF8), options, source.Path, cancellationToken)).ToImmutableArray();
        var compilation = CSharpCompilation.Create(
            "Stacks",
            trees.Add(CSharpSyntaxTree.ParseText(ImplicitUsings, options, "ImplicitUsings.g.cs", Encoding.UTF8, cancellationToken)),
            KnownReferences.Value,
            // Unsafe code compiles, so that PurityCheck can refuse it in its own words.
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, deterministic: true, allowUnsafe: true));

        var errors = compilation.GetDiagnostics(cancellationToken)
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .Select(diagnostic => new SourceError(PlaceOf(diagnostic.Location), diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), null))
            .Concat(PurityCheck.Run(compilation, trees).Select(impurity => Impure(impurity.Location, impurity.Kind, impurity.What)))
            .OrderBy(error => error.Place.File, StringComparer.Ordinal).ThenBy(error => error.Place.Line).ThenBy(error => error.Place.Column)
            .ToImmutableArray();
        if (errors.Length > 0)
        {
            throw new StackCompilationException(errors);
        }

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var guarded = compilation.ReplaceTrees(trees);
        var result = guarded.Emit(assembly, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb), cancellationToken: cancellationToken);
        return result.Success
            ? new CompiledStacks(assembly.ToArray(), symbols.ToArray())
            : throw new StackCompilationException([.. result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(diagnostic => new SourceError(PlaceOf(diagnostic.Location), diagnostic.Id, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), null))]);
    }

    private static CSharpCompilation ReplaceTrees(this CSharpCompilation compilation, ImmutableArray<SyntaxTree> trees)
    {
        foreach (var tree in trees)
        {
            compilation = compilation.ReplaceSyntaxTree(tree, RecursionGuard.Insert(tree));
        }

        return compilation;
    }

    // The runtime's own assemblies, which every installation and every published build has, and the model. Nothing else of ours.
    private static IEnumerable<MetadataReference> References()
    {
        var trusted = (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var runtime = trusted.Where(path => Path.GetFileName(path) is var name
            && (name.StartsWith("System.", StringComparison.Ordinal) || name is "Microsoft.CSharp.dll" or "netstandard.dll" or "mscorlib.dll")
            && name is not "System.CommandLine.dll").ToArray();
        var model = typeof(StackDefinition).Assembly.Location;
        return runtime.Length == 0 || model.Length == 0
            ? throw new WorkspaceException(LoadingDiagnostics.NoReferences())
            : runtime.Append(model).Select(Reference);
    }

    // Of the runtime's assemblies all but a small part is machine code, which a reference by path would read too.
    private static PortableExecutableReference Reference(string path) =>
        AssemblyMetadata.Create(ModuleMetadata.CreateFromStream(File.OpenRead(path), PEStreamOptions.PrefetchMetadata)).GetReference(filePath: path);

    private static SourceError Impure(Location location, ImpurityKind kind, string what)
    {
        var rule = PurityRule.Of(kind);
        return new SourceError(PlaceOf(location), rule.Code, $"{what} {rule.Why}", rule.Remedy);
    }

    private static SourcePlace PlaceOf(Location location)
    {
        var span = location.GetLineSpan();
        return new SourcePlace(span.Path ?? "", span.StartLinePosition.Line + 1, span.StartLinePosition.Character + 1);
    }
}
