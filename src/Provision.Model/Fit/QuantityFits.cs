using System.Collections.Immutable;

namespace Provision.Model.Fit;

/// <summary>One quantity of a host against all that needs it.</summary>
internal static class QuantityFits
{
    // Shares of processors, such as ten times 0.1, add up to a little more than they are.
    private const double Rounding = 1e-9;

    public static Room<QuantityFit> Of(FitQuantity quantity, ImmutableArray<FitWorkload> workloads, double? declared, double? reported, double overcommit)
    {
        var available = (declared ?? reported) * overcommit;
        var (needed, undeclared, count) = (0.0, 0, (int?)null);
        for (var i = 0; i < workloads.Length; i++)
        {
            var need = workloads[i].Of(quantity);
            needed += Math.Max(0, need.Amount);
            undeclared += need.IsDeclared ? 0 : 1;
            count ??= needed > available + Rounding ? i : null;
        }

        var source = declared is not null ? FitSource.Declared : reported is not null ? FitSource.Reported : FitSource.Unknown;
        var firstWithout = count is { } at ? workloads[at].Name : null;
        return new Room<QuantityFit>(new QuantityFit(quantity, needed, available, overcommit, source, undeclared, firstWithout), count ?? workloads.Length);
    }
}
