using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;
using Provision.Model;

namespace Provision.Cli.Loading;

/// <summary>Puts a stack's settings into its definition's properties, and finds all that is wrong with them at once.</summary>
internal sealed class SettingsBinder(string project, string stack, string configFile, Func<string, string> decrypt)
{
    private readonly ImmutableArray<Diagnostic>.Builder _problems = ImmutableArray.CreateBuilder<Diagnostic>();
    private readonly SettingConverter _converter = new(decrypt);

    /// <exception cref="WorkspaceException">Settings are unknown, missing, of the wrong type or out of range.</exception>
    public void Bind(StackDefinition definition, ImmutableSortedDictionary<ConfigKey, ConfigValue> config)
    {
        var type = definition.GetType();
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.SetMethod is { IsPublic: true } && property.GetIndexParameters().Length == 0)
            .ToDictionary(property => Names.Fold(property.Name));
        var bound = new HashSet<PropertyInfo>();
        foreach (var (key, value) in config)
        {
            if (key.Namespace != project || key == StackConfigFile.DefinitionKey)
            {
                continue;
            }

            if (!properties.TryGetValue(Names.Fold(key.Name), out var property))
            {
                var known = properties.Values.Select(candidate => Names.Camel(candidate.Name)).Order(StringComparer.Ordinal).ToArray();
                _problems.Add(LoadingDiagnostics.UnknownSetting(key.ToString(), value.Place, type.Name, Names.Nearest(key.Name, known), known));
            }
            else if (!bound.Add(property))
            {
                _problems.Add(ProjectDiagnostics.ConfigKeyTwice(key.ToString(), value.Place));
            }
            else
            {
                Set(definition, property, key.ToString(), value);
            }
        }

        foreach (var property in properties.Values.Where(property => !bound.Contains(property)))
        {
            var key = $"{project}:{Names.Camel(property.Name)}";
            if (property.IsDefined(typeof(RequiredMemberAttribute)))
            {
                _problems.Add(LoadingDiagnostics.MissingSetting(key, property.Name, stack, configFile));
            }
            else
            {
                Check(definition, property, key, new SourcePlace(configFile, 0, 0));
            }
        }

        if (_problems.Count > 0)
        {
            throw new WorkspaceException(_problems.ToImmutable());
        }
    }

    private void Set(StackDefinition definition, PropertyInfo property, string key, ConfigValue value)
    {
        object? converted;
        try
        {
            converted = _converter.Convert(value, property.PropertyType);
        }
        catch (SettingConversionException exception)
        {
            var whole = key + exception.Path;
            var place = exception.Path.Length > 0 ? exception.Place : value.Place;
            _problems.Add(exception.SecretIn is { } plain
                ? LoadingDiagnostics.SecretShown(whole, place, property.Name, plain == typeof(string) ? "string" : plain.Name)
                : LoadingDiagnostics.WrongType(whole, place, property.Name, exception.Expected, exception.Got));
            return;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            // A record of the definition's own refused what it was made of.
            _problems.Add(LoadingDiagnostics.OutOfRange(key, value.Place, Why(exception, value)));
            return;
        }

        try
        {
            property.SetValue(definition, converted, BindingFlags.DoNotWrapExceptions, null, null, null);
        }
        catch (Exception exception) when (exception is not WorkspaceException)
        {
            _problems.Add(LoadingDiagnostics.OutOfRange(key, value.Place, Why(exception, value)));
            return;
        }

        Check(definition, property, key, value.Place, value.HasSecret);
    }

    private void Check(StackDefinition definition, PropertyInfo property, string key, SourcePlace place, bool secret = false)
    {
        var attributes = property.GetCustomAttributes<ValidationAttribute>().ToArray();
        if (attributes.Length == 0)
        {
            return;
        }

        var value = Plain(property.GetValue(definition, BindingFlags.DoNotWrapExceptions, null, null, null));
        var context = new ValidationContext(definition) { MemberName = property.Name, DisplayName = Names.Camel(property.Name) };
        foreach (var attribute in attributes)
        {
            if (attribute.GetValidationResult(value, context) is { } failure)
            {
                // An author's own attribute may put the value into its words.
                _problems.Add(LoadingDiagnostics.OutOfRange(key, place, secret ? $"it does not pass [{attribute.GetType().Name.Replace("Attribute", "", StringComparison.Ordinal)}]." : failure.ErrorMessage ?? "it is not valid."));
            }
        }
    }

    private static string Why(Exception exception, ConfigValue value) => value.HasSecret ? "the definition refused it." : exception.Message;

    // Attributes know numbers and text, not a Value<T>; what exists only later cannot be checked.
    private static object? Plain(object? value)
    {
        if (value?.GetType() is not { IsGenericType: true } type || type.GetGenericTypeDefinition() != typeof(Value<>))
        {
            return value;
        }

        var expression = type.GetProperty("Expression")?.GetValue(value) as ValueExpression;
        return expression is ValueExpression.Secret secret ? (secret.Inner as ValueExpression.Literal)?.Value : (expression as ValueExpression.Literal)?.Value;
    }
}
