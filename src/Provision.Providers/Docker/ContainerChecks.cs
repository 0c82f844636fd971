using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>What a daemon would refuse, found before anything is touched. Pure.</summary>
internal static class ContainerChecks
{
    private static readonly string[] ContentInputs = ["content", "contentBase64", "source"];

    public static CheckResponse Check(CheckRequest request)
    {
        var inputs = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        var failures = InputChecks.Check(ContainerTable.Table, inputs);
        if (failures.Count == 0)
        {
            CheckTogether(new InputReader(inputs), failures);
        }

        return new CheckResponse(inputs, [.. failures]) { Sizes = ContainerTable.Table.Sizes };
    }

    private static void CheckTogether(InputReader inputs, List<CheckFailure> failures)
    {
        void Fail(string name, string reason, string remedy) => failures.Add(new CheckFailure(PropertyPath.Parse(name), reason, remedy));

        var restart = Canonical.RestartPolicy(inputs.Text("restart") ?? "no");
        if (inputs.Integer("maxRetryCount") is > 0 && restart != "on-failure")
        {
            Fail("maxRetryCount", $"a retry count only goes with restart on-failure, not with {restart}", "Set restart to on-failure, or leave maxRetryCount out.");
        }

        if (inputs.Flag("rm") == true && restart != "no")
        {
            Fail("rm", $"a container that is removed when it ends cannot have restart {restart}", "Keep one of rm and restart.");
        }

        if (inputs.Integer("memorySwap") is > 0 and var limit && inputs.Integer("memory") is { } memory && limit < memory)
        {
            Fail("memorySwap", $"memorySwap ({limit} MiB) is memory and swap together, and less than memory ({memory} MiB)", "Make it at least as large as memory, or -1 for no limit.");
        }

        if (inputs.Has("gpus") && !inputs.Objects("deviceRequests").IsEmpty)
        {
            Fail("gpus", "gpus and deviceRequests exclude each other", "Keep one of the two.");
        }

        foreach (var (i, volume) in inputs.Objects("volumes").Index())
        {
            if (volume.Text("containerPath") is null && volume.Text("fromContainer") is null)
            {
                Fail($"volumes[{i}]", "it says neither where the volume goes (containerPath) nor whose volumes to take (fromContainer)", "Give one of the two.");
            }
        }

        foreach (var (i, upload) in inputs.Objects("uploads").Index())
        {
            var ways = ContentInputs.Count(upload.Has);
            if (ways != 1)
            {
                Fail($"uploads[{i}]", $"it has {ways} of content, contentBase64 and source", "Give exactly one of them.");
            }
        }

        foreach (var (i, networks) in inputs.Objects("networksAdvanced").GroupBy(network => network.Text("name")).Index())
        {
            if (networks.Count() > 1)
            {
                Fail($"networksAdvanced[{i}].name", $"network '{networks.Key}' is named twice", "Put all its aliases and addresses in one entry.");
            }
        }
    }
}
