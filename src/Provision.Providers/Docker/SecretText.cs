using Provision.Engine.Resources;

namespace Provision.Providers.Docker;

/// <summary>Takes a resource's secrets out of text that a container or daemon wrote, before it goes into a message.</summary>
internal static class SecretText
{
    private const string Hidden = "[secret]";

    public static string Redact(string text, PropertyMap inputs)
    {
        // The longest first, so that a secret that holds another is hidden whole.
        foreach (var secret in inputs.Values.SelectMany(value => Of(value, secret: false)).Distinct(StringComparer.Ordinal).OrderByDescending(secret => secret.Length))
        {
            text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return text;
    }

    private static IEnumerable<string> Of(PropertyValue value, bool secret) => value switch
    {
        PropertyValue.Secret hidden => Of(hidden.Reveal(), secret: true),
        PropertyValue.List list => list.Items.SelectMany(item => Of(item, secret)),
        PropertyValue.Map map => map.Properties.Values.SelectMany(item => Of(item, secret)),
        PropertyValue.String text when secret => Parts(text.Value),
        _ => [],
    };

    /// <summary>An environment entry is printed without its name more often than with it; of a file, each line may be printed alone.</summary>
    private static IEnumerable<string> Parts(string text) =>
        text.Split('\n').Append(text[(text.IndexOf('=', StringComparison.Ordinal) + 1)..]).Append(text)
            .Select(part => part.Trim()).Where(part => part.Length > 2);
}
