using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Cli.Workloads;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Listing;

/// <summary>Everything in a stack, looked at now: machines and containers through their daemons, what they stand on through its providers' batched reads.</summary>
internal static partial class StackListing
{
    /// <summary>Besides machines and containers: what is worth a look. All else is only recorded, and shown where all is asked for.</summary>
    private static readonly ImmutableArray<string> Looked = ["Network", "Volume", "Pool", "Service"];

    private static readonly ImmutableArray<string> Order = ["machine", "container", "network", "pool", "volume", "service"];

    public static async Task<(ImmutableArray<ListItem> Items, ImmutableArray<Diagnostic> Silent)> ReadAsync(
        Invocation invocation, Workspace workspace, Snapshot snapshot, bool all)
    {
        var workloads = Workload.All(snapshot).ToArray();
        ResourceState[] others =
        [
            .. snapshot.Resources.Where(state => state.Custom && !state.Delete && !state.Type.IsProvider && Workload.Of(state) is null),
        ];
        await using var reach = new WorkloadReach(invocation, snapshot);
        var looking = StackLook.ReadAsync(invocation, reach, workloads);
        var reading = ReadOthersAsync(invocation, workspace, snapshot, others.Where(state => Looked.Contains(state.Type.Name)));
        var (looks, silentDaemons) = await looking;
        var (seen, silentProviders) = await reading;
        var items = workloads.Select(workload => Of(workload, looks[workload], ImageName.Of(snapshot, workload)))
            .Concat(others.Where(state => all || Looked.Contains(state.Type.Name)).Select(state => Of(state, seen)));
        return (
            [.. items.OrderBy(item => Rank(item.Kind)).ThenBy(item => item.Kind, StringComparer.Ordinal).ThenBy(item => item.Name, NaturalOrder.Instance)],
            [.. silentDaemons.Concat(silentProviders).DistinctBy(diagnostic => diagnostic.Detail)]);
    }

    /// <summary><c>DiskImage</c> as people write it: disk image.</summary>
    internal static string KindOf(ResourceType type) => WordStart().Replace(type.Name, " $1").TrimStart().ToLowerInvariant();

    private static ListItem Of(Workload workload, WorkloadLook look, string image) =>
        new(Workload.Word(workload.Kind), workload.Name, workload.State, look.State, look.Word, look.Address, look.Uptime, look.StartedAt, image);

    private static ListItem Of(ResourceState state, Dictionary<Urn, SeenState> seen)
    {
        SeenState? look = seen.TryGetValue(state.Urn, out var found) ? found : null;
        var word = look switch
        {
            null => "recorded",
            SeenState.Gone => "gone",
            SeenState.Unreachable => "unreachable",
            _ => "there",
        };
        return new ListItem(KindOf(state.Type), state.Urn.Name, state, look, word, Subnet(state));
    }

    private static async Task<(Dictionary<Urn, SeenState> Seen, IReadOnlyList<Diagnostic> Silent)> ReadOthersAsync(
        Invocation invocation, Workspace workspace, Snapshot snapshot, IEnumerable<ResourceState> states)
    {
        var factories = invocation.Composition.Providers(invocation.Clock, workspace.Project.Folder).ToDictionary(factory => factory.Package, StringComparer.Ordinal);
        var groups = await Task.WhenAll(states.GroupBy(state => state.Provider?.Urn).Select(group => ReadGroupAsync(invocation, snapshot, factories, group.Key, [.. group])));
        var seen = new Dictionary<Urn, SeenState>();
        foreach (var (state, look) in groups.SelectMany(group => group.Seen))
        {
            seen[state.Urn] = look;
        }

        return (seen, [.. groups.Select(group => group.Silent).OfType<Diagnostic>()]);
    }

    private static async Task<(IEnumerable<(ResourceState State, SeenState Look)> Seen, Diagnostic? Silent)> ReadGroupAsync(
        Invocation invocation, Snapshot snapshot, Dictionary<string, IProviderFactory> factories, Urn? providerUrn, ResourceState[] group)
    {
        var recorded = snapshot.Resources.FirstOrDefault(state => state.Urn == providerUrn && !state.Delete);
        if (recorded is null || !factories.TryGetValue(recorded.Type.Package, out var factory))
        {
            // Of a foreign state: nobody here can look.
            return ([], null);
        }

        using var limit = new CancellationTokenSource(StackLook.Limit, invocation.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, invocation.Token);
        try
        {
            await using var provider = factory.Open(recorded.Inputs);
            var requests = group.Select(state => new ReadRequest(state.Urn, state.Id, state.Inputs, state.Outputs)).ToArray();
            var answers = await provider.ReadAsync(requests, either.Token).WaitAsync(either.Token);
            return (group.Select((state, at) => (state, answers[at] is ReadResponse.Gone ? SeenState.Gone : SeenState.Running)), null);
        }
        catch (ProviderException failure)
        {
            return (Unreachable(), CliDiagnostics.EndpointSilent(recorded.Urn.Name, failure.Message));
        }
        catch (OperationCanceledException) when (!invocation.Token.IsCancellationRequested)
        {
            return (Unreachable(), CliDiagnostics.EndpointSilent(recorded.Urn.Name, $"no answer within {StackLook.Limit.TotalSeconds:0} s."));
        }

        IEnumerable<(ResourceState, SeenState)> Unreachable() => group.Select(state => (state, SeenState.Unreachable));
    }

    /// <summary>What a network is made of, as libvirt's inputs and as Docker's say it.</summary>
    private static string Subnet(ResourceState state) => state.Type.Name != "Network" ? "" :
        First(state.Inputs, "addresses") is PropertyValue.String address ? address.Value
        : First(state.Outputs, "ipamConfigs") is PropertyValue.Map config && config.Properties.Find("subnet") is PropertyValue.String subnet ? subnet.Value
        : "";

    private static PropertyValue? First(PropertyMap map, string key) => map.Find(key) is PropertyValue.List { Items: [var first, ..] } ? first : null;

    private static int Rank(string kind) => Order.IndexOf(kind) is >= 0 and var at ? at : Order.Length;

    [GeneratedRegex("([A-Z])")]
    private static partial Regex WordStart();
}
