using System.Collections.Immutable;
using System.Globalization;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;
using Provision.Model;

namespace Provision.Cli.Templating;

/// <summary>Reads what was given for a template's parameters, with their types and bounds.</summary>
internal static class TemplateArguments
{
    /// <summary>A value a parameter: string, long, bool, <see cref="DataSize"/> or a list of strings.</summary>
    /// <exception cref="WorkspaceException">Parameters are unknown, missing or out of bounds; all of them are listed.</exception>
    public static ImmutableSortedDictionary<string, object> Read(Template template, IReadOnlyDictionary<string, string> given)
    {
        var problems = ImmutableArray.CreateBuilder<Diagnostic>();
        var names = template.Parameters.Select(parameter => parameter.Name).ToArray();
        foreach (var name in given.Keys.Where(name => !names.Contains(name)).Order(StringComparer.Ordinal))
        {
            problems.Add(TemplateDiagnostics.UnknownParameter(template.Name, name, Names.Nearest(name, names), names));
        }

        var values = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        foreach (var parameter in template.Parameters)
        {
            if ((given.GetValueOrDefault(parameter.Name) ?? parameter.Default) is not { } text)
            {
                if (parameter.Required)
                {
                    problems.Add(TemplateDiagnostics.MissingParameter(template.Name, parameter));
                }
            }
            else if (WhyNot(parameter, text, out var value) is { } why)
            {
                problems.Add(TemplateDiagnostics.BadValue(parameter.Name, why));
            }
            else
            {
                values.Add(parameter.Name, value);
            }
        }

        return problems.Count > 0 ? throw new WorkspaceException(problems.ToImmutable()) : values.ToImmutable();
    }

    /// <summary>Why a text is no value of a parameter, to complete "'name' …"; null where it is one. For asking on a terminal.</summary>
    public static string? WhyNot(TemplateParameter parameter, string text, out object value)
    {
        value = text;
        if (text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar) && !text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return "is no valid Unicode text";
        }

        switch (parameter.Type)
        {
            case ParameterType.Int:
                if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                {
                    return $"has to be a whole number, and is '{text}'";
                }

                value = number;
                return OutOf(parameter, number, bound => long.Parse(bound, CultureInfo.InvariantCulture), "");
            case ParameterType.Bool:
                if (!bool.TryParse(text, out var flag))
                {
                    return $"has to be true or false, and is '{text}'";
                }

                value = flag;
                return null;
            case ParameterType.Size:
                if (!DataSize.TryParse(text, CultureInfo.InvariantCulture, out var size))
                {
                    return $"has to be an amount of data such as 512MiB or 2GiB, and is '{text}'";
                }

                value = size;
                return OutOf(parameter, size, bound => DataSize.Parse(bound, CultureInfo.InvariantCulture), "");
            case ParameterType.List:
                ImmutableArray<string> items = text.Length == 0 ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries)];
                value = items;
                return items.Select(item => WhyNotText(parameter, item)).FirstOrDefault(why => why is not null)
                    ?? OutOf(parameter, (long)items.Length, bound => long.Parse(bound, CultureInfo.InvariantCulture), " items");
            default:
                return WhyNotText(parameter, text) ?? OutOf(parameter, (long)text.Length, bound => long.Parse(bound, CultureInfo.InvariantCulture), " characters");
        }
    }

    private static string? WhyNotText(TemplateParameter parameter, string text) =>
        !parameter.Choices.IsEmpty && !parameter.Choices.Contains(text) ? $"has to be one of {string.Join(", ", parameter.Choices)}, and is '{text}'"
        : parameter.Pattern?.IsMatch(text) == false ? $"has to match {parameter.Pattern.ToString()[5..^3]}, and is '{text}'"
        : null;

    private static string? OutOf<T>(TemplateParameter parameter, T value, Func<string, T> read, string unit)
        where T : IComparable<T> =>
        parameter.Minimum is { } minimum && value.CompareTo(read(minimum)) < 0 ? $"has to be at least {minimum}{unit}, and is {value}"
        : parameter.Maximum is { } maximum && value.CompareTo(read(maximum)) > 0 ? $"has to be at most {maximum}{unit}, and is {value}"
        : null;
}
