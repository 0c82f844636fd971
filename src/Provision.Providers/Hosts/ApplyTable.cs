using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>How a change of each input of a resource is applied.</summary>
internal sealed class ApplyTable
{
    private ApplyTable(ImmutableArray<ApplyRule> rules) => (Rules, Names) = (rules, [.. rules.Select(rule => rule.Name)]);

    /// <summary>By name.</summary>
    public ImmutableArray<ApplyRule> Rules { get; }

    public ImmutableArray<string> Names { get; }

    public static ApplyTable Of(IEnumerable<string> replace, IEnumerable<string>? live = null, IEnumerable<string>? restart = null) =>
        new([.. Rows(replace, ApplyClass.Replace).Concat(Rows(live, ApplyClass.Live)).Concat(Rows(restart, ApplyClass.Restart)).OrderBy(rule => rule.Name, StringComparer.Ordinal)]);

    private static IEnumerable<ApplyRule> Rows(IEnumerable<string>? names, ApplyClass apply) => (names ?? []).Select(name => new ApplyRule(name, apply));
}

/// <summary>How a change of one input is applied.</summary>
internal sealed record ApplyRule(string Name, ApplyClass Apply);
