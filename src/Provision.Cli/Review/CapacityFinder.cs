using System.Collections.Immutable;
using Provision.Cli.Rendering;
using Provision.Model;
using Provision.Model.Fit;

namespace Provision.Cli.Review;

/// <summary>What a stack needs of its hosts and networks, before and after, against what they declare. Pure: no host is asked.</summary>
internal static class CapacityFinder
{
    public static ImmutableArray<CapacityChange> Find(string stack, Stack? before, Stack? after)
    {
        var old = Rows(stack, before).ToDictionary(row => new Key(row.Where, row.Quantity));
        var fresh = Rows(stack, after).ToDictionary(row => new Key(row.Where, row.Quantity));
        return
        [
            .. old.Keys.Union(fresh.Keys)
                .Select(key => Change(old.GetValueOrDefault(key), fresh.GetValueOrDefault(key)))
                .OfType<CapacityChange>(),
        ];
    }

    private static CapacityChange? Change(CapacityChange? old, CapacityChange? fresh) =>
        fresh is not null ? fresh with { Before = old?.After ?? 0 } : old is not null ? old with { Before = old.After, After = 0 } : null;

    private static IEnumerable<CapacityChange> Rows(string stackName, Stack? stack) => stack is null
        ? []
        : StackFit.Of(stack, stackName, ImmutableDictionary<string, HostCapacity>.Empty).Hosts.SelectMany(host => host.Quantities
            .Select(one => new CapacityChange(host.Name, FitWords.Quantity(one.Quantity), 0, one.Needed, one.Available, one.Quantity != FitQuantity.Processors))
            .Concat(host.Networks.Select(one => new CapacityChange($"{host.Name}/{one.Name}", "addresses", 0, one.Needed, one.Usable, false)))
            .Append(new CapacityChange(host.Name, "published ports", 0, host.Ports, null, false)));

    private sealed record Key(string Where, string Quantity);
}
