using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>
/// Reads typed inputs and collects what is wrong with them. An unknown passes every check and reads as its default: it is checked
/// again once it is known.
/// </summary>
internal sealed class InputReader(PropertyMap inputs)
{
    private readonly ImmutableArray<CheckFailure>.Builder _failures = ImmutableArray.CreateBuilder<CheckFailure>();

    public ImmutableArray<CheckFailure> Failures => _failures.ToImmutable();

    /// <summary>The value itself, secret or not; null where it is not set or not known.</summary>
    public static PropertyValue? Plain(PropertyValue? value) => value switch
    {
        PropertyValue.Secret secret => Plain(secret.Reveal()),
        PropertyValue.Null or PropertyValue.Unknown => null,
        _ => value,
    };

    public void Fail(PropertyPath path, string reason, string? remedy = null) => _failures.Add(new CheckFailure(path, reason, remedy));

    public void RefuseOthers(params ReadOnlySpan<string> known)
    {
        foreach (var key in inputs.Keys)
        {
            if (!known.Contains(key) && key != "__defaults")
            {
                Fail(PropertyPath.Of(key), $"'{key}' is no input of this resource", $"The inputs are {string.Join(", ", known)}.");
            }
        }
    }

    public string? Text(string key, Regex? shape = null, string? meant = null) => Text(inputs.Find(key), PropertyPath.Of(key), shape, meant);

    public string RequiredText(string key, Regex? shape = null, string? meant = null)
    {
        if (inputs.Find(key) is null or PropertyValue.Null)
        {
            Fail(PropertyPath.Of(key), $"'{key}' is missing", meant is null ? null : $"Give {meant}.");
        }

        return Text(key, shape, meant) ?? "";
    }

    public string? Text(PropertyValue? value, PropertyPath path, Regex? shape, string? meant)
    {
        switch (Plain(value))
        {
            case null:
                return null;
            case PropertyValue.String { Value: var text } when shape is null || shape.IsMatch(text):
                if (text.Contains('\0', StringComparison.Ordinal))
                {
                    Fail(path, "a text here cannot hold a zero character");
                }

                return text;
            case PropertyValue.String { Value: var text }:
                Fail(path, value is PropertyValue.Secret ? "the secret has not the right shape" : $"'{text}' is not {meant}");
                return null;
            default:
                Fail(path, "a text is expected");
                return null;
        }
    }

    public bool Flag(string key, bool otherwise)
    {
        switch (Plain(inputs.Find(key)))
        {
            case null:
                return otherwise;
            case PropertyValue.Bool flag:
                return flag.Value;
            default:
                Fail(PropertyPath.Of(key), "true or false is expected");
                return otherwise;
        }
    }

    public int Whole(string key, int least, int most, int otherwise)
    {
        switch (Plain(inputs.Find(key)))
        {
            case null:
                return otherwise;
            case PropertyValue.Number { Value: var number } when number == Math.Floor(number) && number >= least && number <= most:
                return (int)number;
            default:
                Fail(PropertyPath.Of(key), $"a whole number from {least} to {most} is expected");
                return otherwise;
        }
    }

    public ImmutableArray<string> Texts(string key, Regex? shape = null, string? meant = null)
    {
        var path = PropertyPath.Of(key);
        return [.. Items(key).Select((item, index) => Text(item, path.Child(index), shape, meant)).OfType<string>()];
    }

    public ImmutableArray<PropertyValue> Items(string key)
    {
        switch (Plain(inputs.Find(key)))
        {
            case null:
                return [];
            case PropertyValue.List list:
                return list.Items;
            default:
                Fail(PropertyPath.Of(key), "a list is expected");
                return [];
        }
    }

    public ImmutableSortedDictionary<string, string> TextMap(string key)
    {
        switch (Plain(inputs.Find(key)))
        {
            case null:
                return ImmutableSortedDictionary<string, string>.Empty;
            case PropertyValue.Map map:
                var path = PropertyPath.Of(key);
                var texts = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
                foreach (var (name, value) in map.Properties)
                {
                    if (Text(value, path.Child(name), null, null) is { } text)
                    {
                        texts[name] = text;
                    }
                }

                return texts.ToImmutable();
            default:
                Fail(PropertyPath.Of(key), "a map is expected");
                return ImmutableSortedDictionary<string, string>.Empty;
        }
    }
}
