using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model.Policies;

namespace Provision.Providers.Lowering;

/// <summary>A policy that a stack does not keep.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Enforcement">What follows.</param>
/// <param name="Urn">The resource; null where it is the stack as a whole.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
public sealed record PolicyViolation(string Policy, Enforcement Enforcement, Urn? Urn, string Message, string? Remedy);

/// <summary>Holds a lowered stack against policies. Pure, as far as the policies are.</summary>
public static class PolicyCheck
{
    /// <summary>All violations, in the order of the policies. A policy that fails itself is one that nobody knows to be kept.</summary>
    /// <param name="policies">The policies.</param>
    /// <param name="goals">The stack's goals.</param>
    /// <param name="stack">The stack's name.</param>
    /// <param name="placeOf">The line of a rule that threw; null where nobody can tell.</param>
    public static ImmutableArray<PolicyViolation> Run(
        IEnumerable<Policy> policies, IReadOnlyList<ResourceGoal> goals, string stack, Func<Exception, string?>? placeOf = null)
    {
        ArgumentNullException.ThrowIfNull(policies);
        var lowered = new LoweredStack(stack, [.. goals.Where(goal => goal.Custom && !goal.Type.IsProvider).Select(Of)]);
        return [.. policies.SelectMany(policy => Run(policy, lowered, placeOf))];
    }

    private static ImmutableArray<PolicyViolation> Run(Policy policy, LoweredStack stack, Func<Exception, string?>? placeOf)
    {
        try
        {
            return
            [
                .. policy.Rule(stack).Select(finding => new PolicyViolation(
                    policy.Name, policy.Enforcement, finding.Resource is { } resource ? Urn.Parse(resource.Urn) : null, finding.Message, policy.Remedy)),
            ];
        }
#pragma warning disable CA1031 // Whatever a rule of the user's own throws is that rule's fault, and says so.
        catch (Exception exception) when (exception is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            var place = placeOf?.Invoke(exception) is { } line ? $"{line}: " : "";
            return
            [
                new PolicyViolation(
                    policy.Name, Enforcement.Mandatory, null, $"the policy itself failed: {place}{exception.GetType().Name}: {exception.Message}", "Correct its rule."),
            ];
        }
    }

    private static LoweredResource Of(ResourceGoal goal) => new(goal.Urn.Name, goal.Type.Token, goal.Urn.ToString(), StampedOwner.In(goal.Inputs), Of(goal.Inputs));

    private static LoweredValue Of(PropertyValue? value) => value switch
    {
        null or PropertyValue.Null => LoweredValue.Missing,
        PropertyValue.Bool flag => LoweredValue.Of(flag.Value),
        PropertyValue.Number number => LoweredValue.Of(number.Value),
        PropertyValue.String text => LoweredValue.Of(text.Value),
        PropertyValue.List list => LoweredValue.Of(list.Items.Select(Of)),
        PropertyValue.Map map => LoweredValue.Of(map.Properties.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))),
        PropertyValue.Secret => LoweredValue.Secret,
        _ => LoweredValue.Unknown,
    };
}
