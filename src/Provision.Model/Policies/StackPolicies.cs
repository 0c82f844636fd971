namespace Provision.Model.Policies;

/// <summary>
/// Rules that every stack of a workspace has to keep, in a file beside the definitions such as <c>stacks/Policies.cs</c>. They see what a stack comes to
/// once it is lowered to resources, and run in <c>diff</c>, <c>preview</c> and <c>up</c>. Where there are several such classes, all apply.
/// </summary>
public abstract class StackPolicies
{
    /// <summary>The rules. Called once a stack; like a definition it depends on nothing but itself.</summary>
    public abstract IEnumerable<Policy> Define();

    /// <summary>A rule that every resource of a type has to keep, or nothing is brought up.</summary>
    /// <param name="name">What people know it by, such as "machines have an owner".</param>
    /// <param name="type">The type of the resources it is about; see <see cref="ResourceTypes"/>.</param>
    /// <param name="isKept">Whether a resource keeps it.</param>
    /// <param name="message">What is wrong where it is not kept.</param>
    /// <param name="remedy">What to do then.</param>
    protected static Policy Require(string name, string type, Func<LoweredResource, bool> isKept, string message, string? remedy = null) =>
        Policy.ForEach(name, type, resource => isKept(resource) ? null : message) with { Remedy = remedy };

    /// <summary>A rule that every resource of a type should keep; where one does not, it is said and nothing is held up.</summary>
    /// <param name="name">What people know it by.</param>
    /// <param name="type">The type of the resources it is about; see <see cref="ResourceTypes"/>.</param>
    /// <param name="isKept">Whether a resource keeps it.</param>
    /// <param name="message">What is wrong where it is not kept.</param>
    /// <param name="remedy">What to do then.</param>
    protected static Policy Prefer(string name, string type, Func<LoweredResource, bool> isKept, string message, string? remedy = null) =>
        Require(name, type, isKept, message, remedy) with { Enforcement = Enforcement.Advisory };
}
