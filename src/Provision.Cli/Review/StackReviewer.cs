using Provision.Cli.Review.Worker;
using Provision.Engine.Comparison;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Model.Policies;

namespace Provision.Cli.Review;

/// <summary>Compares what two revisions say of one stack.</summary>
internal sealed class StackReviewer(Composition composition)
{
    /// <param name="stack">Its name.</param>
    /// <param name="before">What the base says; null where it has no such stack.</param>
    /// <param name="after">What the head says; null where it has none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StackReview> ReviewAsync(string stack, EvaluatedStack? before, EvaluatedStack? after, CancellationToken cancellationToken)
    {
        var review = new StackReview { Stack = stack, Change = StackChange.Failed, BaseProblems = before?.Problems ?? [], Problems = after?.Problems ?? [] };
        if (after is { Stack: null })
        {
            return review;
        }

        // A base that is wrong is no state that anything can be compared with.
        var old = before is { Stack: not null } ? before : null;
        var result = await new GoalComparison(TimeProvider.System, composition.NewId)
            .RunAsync((after ?? old)?.Project ?? "", stack, Side(old), Side(after), cancellationToken);
        var plan = AsDeclared(result.Plan, after);
        review = review with
        {
            Plan = ReviewPlan.Of(plan),
            Impact = ImpactFinder.Find(plan, result.Before),
            Violations =
            [
                .. (after?.Violations ?? []).Select(violation => new ReviewViolation(
                    violation.Policy, violation.Enforcement == Enforcement.Mandatory, violation.Urn?.Name, violation.Message, violation.Remedy)),
            ],
            Capacity = CapacityFinder.Find(stack, old?.Stack, after?.Stack),
            BaseProblems = [.. review.BaseProblems, .. result.BeforeDiagnostics],
            Problems = [.. review.Problems, .. result.Diagnostics],
        };
        return review with
        {
            Change = ReviewReport.HasErrors(review.Problems) ? StackChange.Failed
                : before is null ? StackChange.Added
                : after is null ? StackChange.Removed
                : review.Plan.HasChanges || OutputsDiffer(review.Plan) ? StackChange.Changed
                : StackChange.Unchanged,
        };
    }

    private ComparisonSide Side(EvaluatedStack? side) =>
        side is null ? new ComparisonSide([], []) : new ComparisonSide(side.Goals, composition.ReviewProviders(side.Folder));

    // A reader knows the declaration's order; a run decides as its providers get ready, each time in another. The deletes are sorted already, and come last.
    private static Plan AsDeclared(Plan plan, EvaluatedStack? after)
    {
        var places = new Dictionary<Urn, int>();
        foreach (var goal in after?.Goals ?? [])
        {
            places.TryAdd(goal.Urn, places.Count);
        }

        return plan with { Steps = [.. plan.Steps.OrderBy(step => places.GetValueOrDefault(step.Urn, step.Op is StepOp.Delete or StepOp.Discard ? int.MaxValue : -1))] };
    }

    private static bool OutputsDiffer(Plan plan) =>
        plan.Steps.FirstOrDefault(step => step.Urn.Type == ResourceType.Stack)?.Old is { } root && !root.Outputs.Equals(plan.Outputs);
}
