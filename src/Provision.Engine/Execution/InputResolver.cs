using System.Collections.Immutable;
using System.Text;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>Inputs with every reference looked up, and what each property depends on.</summary>
internal sealed record ResolvedInputs(
    PropertyMap Inputs,
    ImmutableArray<Urn> Dependencies,
    ImmutableArray<PropertyDependency> PropertyDependencies,
    ImmutableArray<Diagnostic> Problems);

/// <summary>Substitutes finished outputs into inputs; what is not known yet stays unknown. Pure.</summary>
internal static class InputResolver
{
    public static ResolvedInputs Resolve(ResourceGoal goal, Func<Urn, OutputForecast?> find) => Resolve(goal.Urn, goal.Inputs, goal.Options.DependsOn, find);

    public static ResolvedInputs Resolve(Urn subject, PropertyMap inputs, ImmutableArray<Urn> dependsOn, Func<Urn, OutputForecast?> find)
    {
        var problems = new List<Diagnostic>();
        var byProperty = new List<PropertyDependency>();
        var found = new List<Urn>();
        Action<PropertyValue.Reference> collect = reference => found.Add(reference.Urn);
        var resolved = inputs.WithValues((key, value) =>
        {
            found.Clear();
            PropertyReferences.Visit(value, collect);
            if (found.Count == 0)
            {
                return value;
            }

            byProperty.Add(new PropertyDependency(key, Sorted(found)));
            return Substitute(value, subject, find, problems);
        });

        found.Clear();
        found.AddRange(dependsOn);
        foreach (var dependency in byProperty)
        {
            found.AddRange(dependency.Urns);
        }

        return new ResolvedInputs(resolved, Sorted(found), [.. byProperty], [.. problems]);
    }

    /// <summary>Each once, in order.</summary>
    private static ImmutableArray<Urn> Sorted(List<Urn> urns)
    {
        urns.Sort();
        var each = ImmutableArray.CreateBuilder<Urn>(urns.Count);
        foreach (var urn in urns)
        {
            if (each.Count == 0 || each[^1] != urn)
            {
                each.Add(urn);
            }
        }

        return each.DrainToImmutable();
    }

    private static PropertyValue Substitute(
        PropertyValue value, Urn subject, Func<Urn, OutputForecast?> find, List<Diagnostic> problems) => value switch
        {
            PropertyValue.Reference reference => Look(reference, subject, find, problems),
            PropertyValue.Join join => Concatenate(join.Parts.Select(part => Substitute(part, subject, find, problems))),
            PropertyValue.List list => list.WithItems(item => Substitute(item, subject, find, problems)),
            PropertyValue.Map map => map.WithValues((_, member) => Substitute(member, subject, find, problems)),
            PropertyValue.Secret { Ciphertext: null } secret => new PropertyValue.Secret(Substitute(secret.Reveal(), subject, find, problems)),
            _ => value,
        };

    private static PropertyValue Look(
        PropertyValue.Reference reference, Urn subject, Func<Urn, OutputForecast?> find, List<Diagnostic> problems)
    {
        if (find(reference.Urn) is not { } forecast)
        {
            problems.Add(EngineDiagnostics.MissingReference(subject, reference.Urn));
            return PropertyValue.Unknown.Value;
        }

        if (reference.Path.Segments is [{ Key: "id" }])
        {
            return forecast.Id is { } id ? id : PropertyValue.Unknown.Value;
        }

        if (reference.Path.Find(forecast.Outputs) is { } output)
        {
            return output;
        }

        if (forecast.Complete)
        {
            problems.Add(EngineDiagnostics.MissingOutput(subject, reference.Urn, reference.Path.ToString()));
        }

        return PropertyValue.Unknown.Value;
    }

    private static PropertyValue Concatenate(IEnumerable<PropertyValue> parts)
    {
        var text = new StringBuilder();
        var (secret, unknown) = (false, false);
        foreach (var part in parts)
        {
            var plain = part;
            if (plain is PropertyValue.Secret hidden)
            {
                (plain, secret) = (hidden.Reveal(), true);
            }

            unknown |= plain is PropertyValue.Unknown;
            text.Append(plain);
        }

        PropertyValue joined = unknown ? PropertyValue.Unknown.Value : text.ToString();
        return secret ? new PropertyValue.Secret(joined) : joined;
    }
}
