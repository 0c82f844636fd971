using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Provision.Cli.Projects;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>A setting cannot become what its property is; the words complete "has to be …".</summary>
internal sealed class SettingConversionException(string path, SourcePlace place, string expected, string got, Type? secretIn = null) : Exception
{
    /// <summary>Where inside the setting: <c>.inner[0]</c>, empty for all of it.</summary>
    public string Path { get; } = path;

    public SourcePlace Place { get; } = place;

    public string Expected { get; } = expected;

    public string Got { get; } = got;

    /// <summary>The plain type that a secret was about to be put into; null for any other failure.</summary>
    public Type? SecretIn { get; } = secretIn;
}

/// <summary>Turns settings into the types of properties.</summary>
internal sealed partial class SettingConverter(Func<string, string> decrypt)
{
    private const BindingFlags Invoke = BindingFlags.DoNotWrapExceptions;

    public object? Convert(ConfigValue value, Type type, string path = "", bool inSecret = false)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return value is ConfigValue.Scalar { IsNull: true } ? null : Convert(value, underlying, path, inSecret);
        }

        if (IsGeneric(type, typeof(Value<>)))
        {
            return ConvertValue(value, type, path);
        }

        return value switch
        {
            ConfigValue.Secure secure when inSecret => Convert(
                new ConfigValue.Scalar(decrypt(secure.Ciphertext), Quoted: true) { Place = secure.Place, Secret = true }, type, path, inSecret),
            { HasSecret: true } and (ConfigValue.Secure or ConfigValue.Scalar) when !inSecret => throw new SettingConversionException(path, value.Place, "", "", type),
            ConfigValue.Scalar scalar when IsComposite(type) => Convert(ReadFlow(scalar, type, path, inSecret), type, path, inSecret),
            ConfigValue.Scalar scalar => ConvertScalar(scalar, type, path, inSecret),
            ConfigValue.List list => ConvertList(list, type, path, inSecret),
            ConfigValue.Map map => ConvertMap(map, type, path, inSecret),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private object? ConvertValue(ConfigValue value, Type type, string path)
    {
        var inner = type.GetGenericArguments()[0];
        ValueExpression expression = new ValueExpression.Literal(Convert(value, inner, path, inSecret: true));
        return Activator.CreateInstance(type, value.HasSecret ? new ValueExpression.Secret(expression) : expression);
    }

    private static object? ConvertScalar(ConfigValue.Scalar scalar, Type type, string path, bool inSecret)
    {
        var text = scalar.Text;
        if (scalar.IsNull)
        {
            return type.IsValueType ? throw Wrong(Words(type)) : null;
        }

        if (type == typeof(string) || type == typeof(object))
        {
            return text;
        }

        if (type == typeof(bool))
        {
            return bool.TryParse(text, out var flag) ? flag : throw Wrong(Words(type));
        }

        if (type == typeof(TimeSpan))
        {
            return ReadDuration(text) ?? throw Wrong(Words(type));
        }

        if (type.IsEnum)
        {
            return Enum.GetNames(type).FirstOrDefault(name => Names.Fold(name) == Names.Fold(text)) is { } name ? Enum.Parse(type, name) : throw Wrong(Words(type));
        }

        // Numbers, DataSize, DateOnly, Guid, IPAddress and whatever else reads itself from text, a definition's own types included.
        var parsable = type.GetInterfaces().Any(contract => IsGeneric(contract, typeof(IParsable<>)) && contract.GetGenericArguments()[0] == type);
        if (!parsable)
        {
            throw Wrong(Words(type));
        }

        var arguments = new object?[] { text.Trim(), CultureInfo.InvariantCulture, null };
        var parsed = typeof(SettingConverter).GetMethod(nameof(TryParse), BindingFlags.NonPublic | BindingFlags.Static)?.MakeGenericMethod(type).Invoke(null, Invoke, null, arguments, null);
        return parsed is true ? arguments[2] : throw Wrong(Words(type));

        SettingConversionException Wrong(string expected) => new(path, scalar.Place, expected, Shown(scalar, inSecret));
    }

    private static string Shown(ConfigValue.Scalar scalar, bool inSecret) => scalar switch
    {
        _ when inSecret => "a secret of another form",
        { IsNull: true } => "nothing",
        _ => $"'{scalar.Text}'",
    };

    private static bool TryParse<T>(string text, IFormatProvider format, out T? parsed)
        where T : IParsable<T> => T.TryParse(text, format, out parsed);

    private object ConvertList(ConfigValue.List list, Type type, string path, bool inSecret)
    {
        if (ItemType(type) is not { } itemType)
        {
            throw new SettingConversionException(path, list.Place, Words(type), "a list");
        }

        var items = Array.CreateInstance(itemType, list.Items.Length);
        for (var i = 0; i < list.Items.Length; i++)
        {
            items.SetValue(Convert(list.Items[i], itemType, $"{path}[{i.ToString(CultureInfo.InvariantCulture)}]", inSecret), i);
        }

        if (type.IsInstanceOfType(items))
        {
            return items;
        }

        return CreateRange(type, typeof(ImmutableArray), typeof(ImmutableList), typeof(ImmutableHashSet), items, itemType)
            ?? Activator.CreateInstance(type, Invoke, null, [items], null)
            ?? throw new SettingConversionException(path, list.Place, Words(type), "a list");
    }

    private object ConvertMap(ConfigValue.Map map, Type type, string path, bool inSecret)
    {
        if (EntryType(type) is not { } entryType)
        {
            return ItemType(type) is null && IsComposite(type)
                ? ConvertRecord(map, type, path, inSecret)
                : throw new SettingConversionException(path, map.Place, Words(type), "a mapping");
        }

        var dictionary = (IDictionary?)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), entryType))
            ?? throw new System.Diagnostics.UnreachableException();
        foreach (var (key, value) in map.Entries)
        {
            dictionary.Add(key, Convert(value, entryType, $"{path}.{key}", inSecret));
        }

        if (type.IsInstanceOfType(dictionary))
        {
            return dictionary;
        }

        return CreateRange(type, typeof(ImmutableDictionary), typeof(ImmutableSortedDictionary), null, dictionary, typeof(string), entryType)
            ?? Activator.CreateInstance(type, Invoke, null, [dictionary], null)
            ?? throw new SettingConversionException(path, map.Place, Words(type), "a mapping");
    }

    // By constructor parameters first, as records are written, then by properties.
    private object ConvertRecord(ConfigValue.Map map, Type type, string path, bool inSecret)
    {
        var members = map.Entries.ToDictionary(entry => Names.Fold(entry.Key), entry => entry);
        var constructor = type.GetConstructors().Where(candidate => candidate.GetParameters() is not [{ ParameterType: var only }] || only != type)
            .OrderByDescending(candidate => candidate.GetParameters().Length).FirstOrDefault();
        var parameters = constructor?.GetParameters() ?? [];
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            var parameter = parameters[i];
            arguments[i] = members.Remove(Names.Fold(parameter.Name ?? ""), out var member)
                ? Convert(member.Value, parameter.ParameterType, $"{path}.{member.Key}", inSecret)
                : parameter.HasDefaultValue
                    ? parameter.DefaultValue
                    : throw new SettingConversionException(path, map.Place, $"a mapping with '{Names.Camel(parameter.Name ?? "")}'", "one without it");
        }

        var made = (constructor is null ? Activator.CreateInstance(type) : constructor.Invoke(Invoke, null, arguments, null)) ?? throw new System.Diagnostics.UnreachableException();
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true }).ToArray();
        foreach (var property in properties)
        {
            if (members.Remove(Names.Fold(property.Name), out var member))
            {
                property.SetValue(made, Convert(member.Value, property.PropertyType, $"{path}.{member.Key}", inSecret), Invoke, null, null, null);
            }
            else if (property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) && !parameters.Any(parameter => parameter.Name == property.Name))
            {
                throw new SettingConversionException(path, map.Place, $"a mapping with '{Names.Camel(property.Name)}'", "one without it");
            }
        }

        return members.Count == 0
            ? made
            : throw new SettingConversionException(
                path, map.Place, $"a mapping of {string.Join(", ", properties.Select(property => Names.Camel(property.Name)))}", $"one with '{members.Values.First().Key}'");
    }

    // '-c names=[a, b]' and 'config set names "[a, b]"' give text where a list is meant.
    private static ConfigValue ReadFlow(ConfigValue.Scalar scalar, Type type, string path, bool inSecret)
    {
        if (scalar.Text.AsSpan().TrimStart() is ['[', ..] or ['{', ..])
        {
            try
            {
                return ConfigValue.From(YamlText.Parse("value: " + scalar.Text, scalar.Place.File ?? "").Entries[0].Value) with { Place = scalar.Place };
            }
            catch (WorkspaceException)
            {
                // Told below, as what it is.
            }
        }

        throw new SettingConversionException(path, scalar.Place, Words(type), Shown(scalar, inSecret));
    }

    private static object? CreateRange(Type type, Type first, Type second, Type? third, object items, params Type[] arguments)
    {
        var factory = new[] { first, second, third }.FirstOrDefault(candidate => candidate is not null && type.Name.StartsWith(candidate.Name + "`", StringComparison.Ordinal));
        return factory?.GetMethods().FirstOrDefault(method => method.Name == "CreateRange" && method.GetGenericArguments().Length == arguments.Length
                && method.GetParameters() is [{ ParameterType: var parameter }] && IsGeneric(parameter, typeof(IEnumerable<>)))?
            .MakeGenericMethod(arguments).Invoke(null, [items]);
    }

    private static bool IsComposite(Type type) =>
        type != typeof(string) && type != typeof(object) && !type.IsEnum
        && !type.GetInterfaces().Any(contract => IsGeneric(contract, typeof(IParsable<>))) && !type.IsPrimitive;

    private static Type? ItemType(Type type) =>
        type.IsArray ? type.GetElementType()
        : EntryType(type) is not null ? null
        : type.GetInterfaces().Append(type).FirstOrDefault(contract => IsGeneric(contract, typeof(IEnumerable<>)))?.GetGenericArguments()[0];

    private static Type? EntryType(Type type)
    {
        var pair = type.GetInterfaces().Append(type).Where(contract => IsGeneric(contract, typeof(IEnumerable<>))).Select(contract => contract.GetGenericArguments()[0])
            .FirstOrDefault(item => IsGeneric(item, typeof(KeyValuePair<,>)))?.GetGenericArguments();
        return pair is not null && pair[0] == typeof(string) ? pair[1] : null;
    }

    private static bool IsGeneric(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    /// <summary>What a property's type asks for, for a person.</summary>
    public static string Words(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return Words(underlying);
        }

        return type switch
        {
            _ when type == typeof(string) => "text",
            _ when type == typeof(bool) => "true or false",
            _ when type == typeof(int) => "a whole number of up to ±2 147 483 647",
            _ when type == typeof(long) => "a whole number",
            _ when type == typeof(double) || type == typeof(decimal) => "a number",
            _ when type == typeof(TimeSpan) => "a length of time such as 30s or 1h15m",
            _ when type == typeof(DataSize) => "an amount of data such as 512MiB or 2GiB",
            { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type).Select(Names.Kebab))}",
            _ when EntryType(type) is { } entry => $"a mapping of names to values, each {Words(entry)}",
            _ when ItemType(type) is { } item => $"a list, each item {Words(item)}",
            _ when IsComposite(type) => $"a mapping of {string.Join(", ", type.GetProperties().Where(property => property.CanWrite).Select(property => Names.Camel(property.Name)))}",
            _ => $"a {type.Name}",
        };
    }

    private static TimeSpan? ReadDuration(string text)
    {
        if (DurationPattern().Match(text.Trim()) is { Success: true } match)
        {
            var total = TimeSpan.Zero;
            try
            {
                foreach (var (number, unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
                {
                    var count = double.Parse(number.ValueSpan, CultureInfo.InvariantCulture);
                    total += unit.Value switch
                    {
                        "d" => TimeSpan.FromDays(count),
                        "h" => TimeSpan.FromHours(count),
                        "m" => TimeSpan.FromMinutes(count),
                        "s" => TimeSpan.FromSeconds(count),
                        _ => TimeSpan.FromMilliseconds(count),
                    };
                }
            }
            catch (OverflowException)
            {
                return null;
            }

            return total;
        }

        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var clock) ? clock : null;
    }

    [GeneratedRegex(@"\A(?:(?<number>[0-9]+(?:\.[0-9]+)?)(?<unit>ms|d|h|m|s))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();
}
