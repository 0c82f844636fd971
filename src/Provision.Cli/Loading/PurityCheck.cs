using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Provision.Cli.Loading;

/// <summary>
/// Finds what makes a definition more than a function of its settings and files. It keeps honest people from mistakes and gives each a remedy; it is no
/// sandbox: whoever can change a definition can run code with the rights of the person who brings it up.
/// </summary>
internal static class PurityCheck
{
    public static IEnumerable<(Location Location, ImpurityKind Kind, string What)> Run(CSharpCompilation compilation, IEnumerable<SyntaxTree> trees) =>
        trees.SelectMany(tree => RunOne(compilation, compilation.GetSemanticModel(tree), tree.GetRoot()));

    private static IEnumerable<(Location Location, ImpurityKind Kind, string What)> RunOne(CSharpCompilation compilation, SemanticModel model, SyntaxNode root)
    {
        var seen = new HashSet<(int Line, ImpurityKind Kind)>();
        foreach (var node in root.DescendantNodes(descend => descend is not UsingDirectiveSyntax))
        {
            var found = node is SimpleNameSyntax name ? OfName(compilation, model, name) : OfSyntax(node);
            if (found is { } impurity && seen.Add((impurity.Location.GetLineSpan().StartLinePosition.Line, impurity.Kind)))
            {
                yield return impurity;
            }
        }
    }

    private static (Location Location, ImpurityKind Kind, string What)? OfName(CSharpCompilation compilation, SemanticModel model, SimpleNameSyntax name)
    {
        // The left of 'File.ReadAllText' says nothing that its right does not say better.
        if (name.Parent is MemberAccessExpressionSyntax access && access.Expression == name && model.GetSymbolInfo(name).Symbol is ITypeSymbol)
        {
            return null;
        }

        var symbols = model.GetSymbolInfo(name);
        var symbol = symbols.Symbol ?? symbols.CandidateSymbols.FirstOrDefault();
        if (symbol is IAliasSymbol alias)
        {
            symbol = alias.Target;
        }

        var place = name.Parent is MemberAccessExpressionSyntax whole && whole.Name == name ? whole : (SyntaxNode)name;
        if (symbol is IDynamicTypeSymbol)
        {
            return (place.GetLocation(), ImpurityKind.Dynamic, "'dynamic'");
        }

        return KindOf(compilation, name, symbol) is { } kind ? (place.GetLocation(), kind, $"'{WordsOf(symbol, place)}'") : null;
    }

    private static ImpurityKind? KindOf(CSharpCompilation compilation, SimpleNameSyntax name, ISymbol? symbol)
    {
        if (symbol is IMethodSymbol { ReducedFrom: { } reduced })
        {
            symbol = reduced;
        }

        var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
        if (type is null
            || type.ContainingNamespace is not { IsGlobalNamespace: false } space
            || SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, compilation.Assembly)
            || type.ContainingAssembly?.Name == "Provision.Model"
            || type.TypeKind is TypeKind.Enum or TypeKind.Delegate)
        {
            return null;
        }

        var outermost = type;
        while (outermost.ContainingType is { } outer)
        {
            outermost = outer;
        }

        var member = symbol is INamedTypeSymbol or IMethodSymbol { MethodKind: MethodKind.Constructor } ? null : symbol?.Name;
        var kind = PurityTable.Find(space.ToDisplayString(), outermost.Name, member);
        if (kind is null || (IsPlainKind(type) && !PurityTable.NamesType(space.ToDisplayString(), outermost.Name)))
        {
            return null;
        }

        // Hash codes differ from run to run, but a type's own GetHashCode is there to combine them.
        var hashing = kind == ImpurityKind.Chance && (type.Name == "HashCode" || member == "GetHashCode");
        return hashing && name.Ancestors().OfType<MethodDeclarationSyntax>().Any(method => method.Identifier.ValueText == "GetHashCode") ? null : kind;
    }

    // Exceptions and attributes only say something, wherever they live.
    private static bool IsPlainKind(INamedTypeSymbol type)
    {
        for (var parent = type; parent is not null; parent = parent.BaseType)
        {
            if (parent is { Name: "Exception" or "Attribute", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }

    private static string WordsOf(ISymbol? symbol, SyntaxNode place) => symbol switch
    {
        INamedTypeSymbol type => type.Name,
        { ContainingType: { } type } => $"{type.Name}.{symbol.Name}",
        _ => place.ToString(),
    };

    private static (Location Location, ImpurityKind Kind, string What)? OfSyntax(SyntaxNode node) => node switch
    {
        AwaitExpressionSyntax wait => (wait.AwaitKeyword.GetLocation(), ImpurityKind.Async, "'await'"),
        ForEachStatementSyntax { AwaitKeyword.RawKind: not 0 } loop => (loop.AwaitKeyword.GetLocation(), ImpurityKind.Async, "'await foreach'"),
        MethodDeclarationSyntax method when Has(method.Modifiers, SyntaxKind.AsyncKeyword) => (method.Identifier.GetLocation(), ImpurityKind.Async, "'async'"),
        LocalFunctionStatementSyntax local when Has(local.Modifiers, SyntaxKind.AsyncKeyword) => (local.Identifier.GetLocation(), ImpurityKind.Async, "'async'"),
        AnonymousFunctionExpressionSyntax { AsyncKeyword.RawKind: not 0 } lambda => (lambda.AsyncKeyword.GetLocation(), ImpurityKind.Async, "'async'"),
        UnsafeStatementSyntax or FixedStatementSyntax or PointerTypeSyntax or FunctionPointerTypeSyntax => (node.GetLocation(), ImpurityKind.Native, "unsafe code"),
        MemberDeclarationSyntax member when Has(member.Modifiers, SyntaxKind.ExternKeyword) => (member.GetLocation(), ImpurityKind.Native, "'extern'"),
        MemberDeclarationSyntax member when Has(member.Modifiers, SyntaxKind.UnsafeKeyword) => (member.GetLocation(), ImpurityKind.Native, "unsafe code"),
        DestructorDeclarationSyntax destructor => (destructor.GetLocation(), ImpurityKind.Threads, $"'~{destructor.Identifier.ValueText}'"),
        BaseFieldDeclarationSyntax field when Has(field.Modifiers, SyntaxKind.StaticKeyword) && !Has(field.Modifiers, SyntaxKind.ReadOnlyKeyword) =>
            (field.Declaration.GetLocation(), ImpurityKind.StaticState, $"The static field '{field.Declaration.Variables.FirstOrDefault()?.Identifier.ValueText}'"),
        PropertyDeclarationSyntax property when Has(property.Modifiers, SyntaxKind.StaticKeyword) && HasSetter(property) =>
            (property.Identifier.GetLocation(), ImpurityKind.StaticState, $"The static property '{property.Identifier.ValueText}'"),
        _ => null,
    };

    private static bool HasSetter(PropertyDeclarationSyntax property) =>
        property.AccessorList?.Accessors.Any(accessor => accessor.IsKind(SyntaxKind.SetAccessorDeclaration)) == true;

    private static bool Has(SyntaxTokenList modifiers, SyntaxKind kind) => modifiers.Any(kind);
}
