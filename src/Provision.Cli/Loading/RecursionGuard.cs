using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Provision.Cli.Loading;

/// <summary>
/// Puts a look at the remaining stack at the start of every method body. A stack overflow ends the process without a word; an exception can be
/// told with the line. No line of the source moves.
/// </summary>
internal sealed class RecursionGuard : CSharpSyntaxRewriter
{
    private static readonly StatementSyntax Look =
        SyntaxFactory.ParseStatement("global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();");

    public static SyntaxTree Insert(SyntaxTree tree) => tree.WithRootAndOptions(new RecursionGuard().Visit(tree.GetRoot()), tree.Options);

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var visited = (MethodDeclarationSyntax)(base.VisitMethodDeclaration(node) ?? node);
        return visited switch
        {
            { Body: { } body } => visited.WithBody(Guard(body)),
            { ExpressionBody: { } arrow } => visited.WithBody(Guard(arrow, visited.ReturnType)).WithExpressionBody(null).WithSemicolonToken(default),
            _ => visited,
        };
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var visited = (LocalFunctionStatementSyntax)(base.VisitLocalFunctionStatement(node) ?? node);
        return visited switch
        {
            { Body: { } body } => visited.WithBody(Guard(body)),
            { ExpressionBody: { } arrow } => visited.WithBody(Guard(arrow, visited.ReturnType)).WithExpressionBody(null).WithSemicolonToken(default),
            _ => visited,
        };
    }

    public override SyntaxNode? VisitConstructorDeclaration(ConstructorDeclarationSyntax node)
    {
        var visited = (ConstructorDeclarationSyntax)(base.VisitConstructorDeclaration(node) ?? node);
        return visited.Body is { } body ? visited.WithBody(Guard(body)) : visited;
    }

    public override SyntaxNode? VisitAccessorDeclaration(AccessorDeclarationSyntax node)
    {
        var visited = (AccessorDeclarationSyntax)(base.VisitAccessorDeclaration(node) ?? node);
        return visited switch
        {
            { Body: { } body } => visited.WithBody(Guard(body)),
            { ExpressionBody: { } arrow, RawKind: (int)SyntaxKind.GetAccessorDeclaration } =>
                visited.WithBody(GuardReturning(arrow)).WithExpressionBody(null).WithSemicolonToken(default),
            _ => visited,
        };
    }

    public override SyntaxNode? VisitPropertyDeclaration(PropertyDeclarationSyntax node)
    {
        var visited = (PropertyDeclarationSyntax)(base.VisitPropertyDeclaration(node) ?? node);
        if (visited.ExpressionBody is not { } arrow || arrow.Expression is RefExpressionSyntax)
        {
            return visited;
        }

        var getter = SyntaxFactory.AccessorDeclaration(SyntaxKind.GetAccessorDeclaration, GuardReturning(arrow));
        return visited.WithExpressionBody(null).WithSemicolonToken(default)
            .WithAccessorList(SyntaxFactory.AccessorList([getter]));
    }

    // Behind the brace and before whatever follows it on its line, so that lines stay what they are.
    private static BlockSyntax Guard(BlockSyntax body) => body.WithStatements(body.Statements.Insert(0, Look));

    private static BlockSyntax Guard(ArrowExpressionClauseSyntax arrow, TypeSyntax returns) =>
        arrow.Expression is ThrowExpressionSyntax || returns is not PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword }
            ? GuardReturning(arrow)
            : Block(arrow, SyntaxFactory.ExpressionStatement(arrow.Expression));

    private static BlockSyntax GuardReturning(ArrowExpressionClauseSyntax arrow) => Block(arrow, arrow.Expression is ThrowExpressionSyntax thrown
        ? SyntaxFactory.ThrowStatement(thrown.Expression).WithThrowKeyword(thrown.ThrowKeyword)
        : SyntaxFactory.ReturnStatement(SyntaxFactory.Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(SyntaxFactory.Space), arrow.Expression, SyntaxFactory.Token(SyntaxKind.SemicolonToken)));

    // The line breaks around '=>' are kept where they were.
    private static BlockSyntax Block(ArrowExpressionClauseSyntax arrow, StatementSyntax statement) => SyntaxFactory.Block(Look, statement)
        .WithOpenBraceToken(SyntaxFactory.Token(arrow.ArrowToken.LeadingTrivia, SyntaxKind.OpenBraceToken, arrow.ArrowToken.TrailingTrivia));
}
