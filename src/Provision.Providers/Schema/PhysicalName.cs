using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>The names daemons know objects by.</summary>
internal static partial class PhysicalName
{
    public const string Expected = "two or more of letters, digits, '_', '.' and '-', a letter or digit first";

    public static string? Check(string name) => Pattern().IsMatch(name) ? name : null;

    /// <summary>
    /// The name of an object whose program gives none: Pulumi's form, <c>name-1a2b3c4</c>. The digits come from the URN and not from chance,
    /// so that an interrupted run finds what it made.
    /// </summary>
    public static string Of(Urn urn)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(urn.ToString())))[..7];
        var stem = Forbidden().Replace(urn.Name, "-").TrimStart('_', '.', '-');
        return $"{(stem.Length == 0 ? urn.Type.Name.ToLowerInvariant() : stem[..Math.Min(stem.Length, 240)])}-{digits}";
    }

    /// <summary>The inputs with a name: the program's, else the one it has already, else one of our own.</summary>
    public static PropertyMap WithName(PropertyMap inputs, PropertyMap oldInputs, Urn urn) =>
        Values.Plain(inputs.Find("name")) is not null
            ? inputs
            : inputs.With("name", Values.Plain(oldInputs.Find("name")) ?? Of(urn));

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.-]+\z")]
    private static partial Regex Pattern();

    [GeneratedRegex("[^A-Za-z0-9_.-]+")]
    private static partial Regex Forbidden();
}
