using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Checks a RemoteImage's inputs.</summary>
internal static class RemoteImageCheck
{
    private static readonly PropertyPath BuildPath = PropertyPath.Of("build");

    public static CheckResponse Run(PropertyMap inputs, LocalMachine machine)
    {
        var failures = InputChecks.Check(RemoteImageTable.Table, inputs);
        if (failures.Count == 0 && RemoteImageInputs.BuildOf(inputs) is { } build)
        {
            CheckBuild(inputs, build, machine, failures);
        }

        return new CheckResponse(inputs, [.. failures]) { Sizes = RemoteImageTable.Table.Sizes };
    }

    private static void CheckBuild(PropertyMap inputs, InputReader build, LocalMachine machine, List<CheckFailure> failures)
    {
        if (new InputReader(inputs).Has("pullTriggers"))
        {
            failures.Add(new CheckFailure(PropertyPath.Of("pullTriggers"), "pullTriggers and build exclude each other: what is built is not pulled", "Use triggers instead."));
        }

        if (ImageReference.TryParse(RemoteImageInputs.NameOf(inputs), out var reference, out _) && reference.Digest is not null)
        {
            failures.Add(new CheckFailure(PropertyPath.Of("name"), "has a digest, which an image gets only when it is built", "Leave the digest out."));
        }

        foreach (var name in (ReadOnlySpan<string>)["buildId", "sessionId"])
        {
            if (build.Has(name))
            {
                failures.Add(new CheckFailure(BuildPath.Child(name), "belongs to a build session that the caller of the API keeps open, and there is none here", "Leave it out."));
            }
        }

        CheckTool(build, failures);
        foreach (var (at, secret) in build.Objects("secrets").Index())
        {
            if (secret.Has("src") && secret.Has("env"))
            {
                failures.Add(new CheckFailure(BuildPath.Child("secrets").Child(at), "has both src and env", "Keep one of the two."));
            }
        }

        if (!Values.HasUnknown(inputs.Find("build")) && RemoteImageInputs.Open(build, machine, out _) is { } fault)
        {
            failures.Add(new CheckFailure(BuildPath.Child(fault.Input), fault.Reason, fault.Remedy));
        }
    }

    private static void CheckTool(InputReader build, List<CheckFailure> failures)
    {
        if (build.Flag("useLegacyBuilder") is true || build.Text("version") == "1")
        {
            foreach (var name in RemoteImageInputs.OnlyBuildKit.Where(build.Has))
            {
                failures.Add(new CheckFailure(
                    BuildPath.Child(name), "only BuildKit has this, and the engine's own builder was asked for", "Leave it out, or leave out useLegacyBuilder and version."));
            }
        }

        if (RemoteImageInputs.ToolOf(build) != BuildTool.BuildKit)
        {
            return;
        }

        foreach (var name in (ReadOnlySpan<string>)["squash", "cpuPeriod", "cpuQuota", "cpuShares", "cpuSetCpus", "cpuSetMems", "memory", "memorySwap", "isolation", "securityOpts"])
        {
            if (build.Has(name))
            {
                failures.Add(new CheckFailure(
                    BuildPath.Child(name), "BuildKit does not have this, and another input asks for BuildKit",
                    $"Leave it out, or leave out {string.Join(", ", RemoteImageInputs.OnlyBuildKit.Where(build.Has).DefaultIfEmpty("version"))}."));
            }
        }
    }
}
