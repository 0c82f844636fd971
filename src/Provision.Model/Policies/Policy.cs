namespace Provision.Model.Policies;

/// <summary>How a policy is enforced.</summary>
public enum Enforcement
{
    /// <summary>A stack that breaks it is not brought up.</summary>
    Mandatory,

    /// <summary>A stack that breaks it is brought up, and it is said.</summary>
    Advisory,
}

/// <summary>A rule that stacks have to keep.</summary>
/// <param name="Name">What people know it by.</param>
/// <param name="Rule">Finds what breaks it in a stack.</param>
public sealed record Policy(string Name, Func<LoweredStack, IEnumerable<PolicyFinding>> Rule)
{
    /// <summary>What follows where it is broken.</summary>
    public Enforcement Enforcement { get; init; }

    /// <summary>What to do where it is broken; null where the finding says it all.</summary>
    public string? Remedy { get; init; }

    /// <summary>A policy that looks at each resource of a type by itself.</summary>
    /// <param name="name">What people know it by.</param>
    /// <param name="type">The type; see <see cref="ResourceTypes"/>.</param>
    /// <param name="rule">What is wrong with a resource; null where nothing is.</param>
    public static Policy ForEach(string name, string type, Func<LoweredResource, string?> rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new Policy(name, stack => stack.OfType(type)
            .Select(resource => rule(resource) is { } wrong ? new PolicyFinding(resource, wrong) : null)
            .OfType<PolicyFinding>());
    }
}

/// <summary>Something that breaks a policy.</summary>
/// <param name="Resource">The resource; null where it is the stack as a whole.</param>
/// <param name="Message">What is wrong with it.</param>
public sealed record PolicyFinding(LoweredResource? Resource, string Message);
