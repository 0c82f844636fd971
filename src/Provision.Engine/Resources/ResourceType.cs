namespace Provision.Engine.Resources;

/// <summary>A type token, <c>package:module:Name</c>, such as <c>docker:index/container:Container</c>.</summary>
public sealed record ResourceType(string Token)
{
    /// <summary>The root of every stack; a component without a parent.</summary>
    public static readonly ResourceType Stack = new("pulumi:pulumi:Stack");

    private const string ProviderPrefix = "pulumi:providers:";

    /// <summary>The type of provider resources of one package.</summary>
    public static ResourceType ProviderOf(string package) => new(ProviderPrefix + package);

    public bool IsProvider => Token.StartsWith(ProviderPrefix, StringComparison.Ordinal);

    /// <summary>The package that handles the type; for a provider type, the package it provides.</summary>
    public string Package => IsProvider ? Token[ProviderPrefix.Length..] : Token.Split(':', 2)[0];

    /// <summary>The last part of the token: <c>Container</c>.</summary>
    public string Name => Token[(Token.LastIndexOf(':') + 1)..];

    public override string ToString() => Token;
}
