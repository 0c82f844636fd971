using Provision.Model.Policies;

/// <summary>What every stack here has to keep; <c>provision up</c> does not bring up one that breaks it.</summary>
public sealed class Policies : StackPolicies
{
    public override IEnumerable<Policy> Define() =>
    [
        .. StandardPolicies.All,

        // What nobody owns, nobody misses when it is deleted.
        Require(
            "containers have an owner", ResourceTypes.Container, container => container.Owner is not null,
            "has no owner, so nobody is told when it is interrupted", "Set its Owner."),
    ];
}
