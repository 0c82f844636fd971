using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Texts that must not appear in what a builder or a registry says. Builders repeat whatever a command prints.</summary>
internal sealed class SecretMask
{
    public static readonly SecretMask None = new([]);

    private const string Hidden = "[secret]";

    private readonly ImmutableArray<string> _secrets;

    // Longest first: a secret that begins with another one is hidden whole.
    private SecretMask(IEnumerable<string> secrets) =>
        _secrets = [.. secrets.Where(text => text.Trim().Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];

    /// <summary>Every text below a secret in the inputs.</summary>
    public static SecretMask Of(PropertyMap inputs) => new(inputs.Values.SelectMany(value => TextsIn(value, secret: false)));

    public SecretMask With(IEnumerable<string> secrets) => new(_secrets.Concat(secrets));

    public string Apply(string text)
    {
        foreach (var secret in _secrets)
        {
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return text;
    }

    public override string ToString() => Hidden;

    /// <summary>A secret of several lines comes out line by line.</summary>
    private static IEnumerable<string> TextsIn(PropertyValue value, bool secret) => value switch
    {
        PropertyValue.Secret hidden => TextsIn(Values.Plain(hidden) ?? PropertyValue.Null.Value, secret: true),
        PropertyValue.String text when secret => text.Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Prepend(text.Value),
        PropertyValue.List list => list.Items.SelectMany(item => TextsIn(item, secret)),
        PropertyValue.Map map => map.Properties.Values.SelectMany(item => TextsIn(item, secret)),
        _ => [],
    };
}
