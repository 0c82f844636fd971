using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Engine.Resources;

namespace Provision.Engine.Comparison;

/// <summary>Takes texts that stand for outputs out of inputs, and puts them back. Pure.</summary>
internal static class StandIns
{
    /// <summary>The inputs with every text that holds a stand-in unknown; null where there is none.</summary>
    public static PropertyMap? Hide(PropertyMap inputs) => inputs.WithValues((_, value) => Hide(value)) is var hidden && ReferenceEquals(hidden, inputs) ? null : hidden;

    /// <summary>
    /// The inputs with what is unknown in them as it was before, where it still stands in its old place. What was made of it has a text that follows from
    /// what it was made of: equal where that is.
    /// </summary>
    public static PropertyMap Restore(PropertyMap inputs, PropertyMap before) => inputs.WithValues((key, value) =>
        Restore(value, before.Find(key), () => Derived(key, before)));

    private static PropertyValue Hide(PropertyValue value) => value switch
    {
        PropertyValue.String text when text.Value.Contains(AssumedOutputs.Mark, StringComparison.Ordinal) => PropertyValue.Unknown.Value,
        PropertyValue.Secret { Ciphertext: null } secret => Hide(secret.Reveal()) is var plain && ReferenceEquals(plain, secret.Reveal()) ? secret : new PropertyValue.Secret(plain),
        PropertyValue.List list => list.WithItems(Hide),
        PropertyValue.Map map => map.WithValues((_, member) => Hide(member)),
        _ => value,
    };

    private static PropertyValue Restore(PropertyValue value, PropertyValue? before, Func<string> derive) => (value, before) switch
    {
        (PropertyValue.Unknown, null or PropertyValue.Null) => derive(),
        (PropertyValue.Unknown, _) => before,
        (PropertyValue.Secret { Ciphertext: null } now, PropertyValue.Secret { Ciphertext: null } then) => new PropertyValue.Secret(Restore(now.Reveal(), then.Reveal(), derive)),
        (PropertyValue.List now, PropertyValue.List then) when now.Items.Length == then.Items.Length =>
            PropertyValue.ListOf(now.Items.Zip(then.Items, (item, old) => Restore(item, old, derive))),
        (PropertyValue.Map now, PropertyValue.Map then) => now.WithValues((key, member) =>
            Restore(member, then.Properties.Find(key), derive)),
        _ => value,
    };

    /// <summary>Of the input it stands in or, where the check added that whole, of all that hold stand-ins.</summary>
    private static string Derived(string key, PropertyMap before)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in before.Where((input, held) => before.ContainsKey(key) ? input == key : Holds(held)))
        {
            Write(name, text);
            Write(value, text);
        }

        return $"{AssumedOutputs.Mark}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..16]}}}";
    }

    private static bool Holds(PropertyValue value) => !ReferenceEquals(Hide(value), value);

    // Each part with its length, so that no two values have one text. A secret only goes into the digest.
    private static void Write(PropertyValue value, StringBuilder text)
    {
        switch (value)
        {
            case PropertyValue.Secret secret:
                Write(secret.Reveal(), text);
                break;
            case PropertyValue.List list:
                text.Append(CultureInfo.InvariantCulture, $"[{list.Items.Length}");
                foreach (var item in list.Items)
                {
                    Write(item, text);
                }

                break;
            case PropertyValue.Map map:
                text.Append(CultureInfo.InvariantCulture, $"{{{map.Properties.Count}");
                foreach (var (name, member) in map.Properties)
                {
                    Write(name, text);
                    Write(member, text);
                }

                break;
            default:
                Write($"{value.GetType().Name} {value}", text);
                break;
        }
    }

    private static void Write(string part, StringBuilder text) => text.Append(CultureInfo.InvariantCulture, $"({part.Length})").Append(part);
}
