using Provision.Engine.Contract;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Docker.Images;

/// <summary>The inputs of <c>docker:index/remoteImage:RemoteImage</c>.</summary>
internal static class RemoteImageTable
{
    public static readonly InputTable Table = new(
        new("build", Nested, Replace),
        new("build.additionalContexts", TextList, Replace),
        new("build.authConfigs", ObjectList, StateOnly),
        new("build.authConfigs[].auth", Text, StateOnly),
        new("build.authConfigs[].email", Text, StateOnly),
        new("build.authConfigs[].hostName", Text, StateOnly) { Required = true },
        new("build.authConfigs[].identityToken", Text, StateOnly),
        new("build.authConfigs[].password", Text, StateOnly),
        new("build.authConfigs[].registryToken", Text, StateOnly),
        new("build.authConfigs[].serverAddress", Text, StateOnly),
        new("build.authConfigs[].userName", Text, StateOnly),
        new("build.buildArgs", TextMap, Replace),
        new("build.buildId", Text, Replace),
        new("build.buildLogFile", Text, Replace),
        new("build.builder", Text, Replace),
        new("build.cacheFroms", TextList, Replace),
        new("build.cacheTos", TextList, Replace),
        new("build.cgroupParent", Text, Replace),
        new("build.context", Text, Replace) { Required = true },
        new("build.cpuPeriod", Integer, Replace) { Least = 0 },
        new("build.cpuQuota", Integer, Replace) { Least = 0 },
        new("build.cpuSetCpus", Text, Replace) { Canonical = Canonical.CpuSet, Expected = "processors such as 0-2 or 0,3" },
        new("build.cpuSetMems", Text, Replace) { Canonical = Canonical.CpuSet, Expected = "memory nodes such as 0-2 or 0,3" },
        new("build.cpuShares", Integer, Replace) { Least = 0 },
        new("build.dockerfile", Text, Replace) { Default = "Dockerfile" },
        new("build.extraHosts", TextList, Replace),
        new("build.forceRemove", Flag, Replace),
        new("build.isolation", Text, Replace),

        // Upstream changes these three without building again; then the image would keep what it had.
        new("build.label", TextMap, Replace),
        new("build.labels", TextMap, Replace),
        new("build.memory", Integer, Replace) { Least = 0, SizeUnit = SizedInput.Bytes },
        new("build.memorySwap", Integer, Replace) { Least = -1, SizeUnit = SizedInput.Bytes },
        new("build.networkMode", Text, Replace),
        new("build.noCache", Flag, Replace),
        new("build.platform", Text, Replace),
        new("build.provenance", Text, Replace),
        new("build.pullParent", Flag, Replace),
        new("build.remoteContext", Text, Replace),
        new("build.remove", Flag, StateOnly) { Default = true },
        new("build.sbom", Text, Replace),
        new("build.secrets", ObjectList, Replace),
        new("build.secrets[].env", Text, Replace),
        new("build.secrets[].id", Text, Replace) { Required = true },
        new("build.secrets[].src", Text, Replace),
        new("build.securityOpts", TextList, Replace),
        new("build.sessionId", Text, Replace),
        new("build.shmSize", Integer, Replace) { Least = 1, SizeUnit = SizedInput.Bytes },
        new("build.squash", Flag, Replace),
        new("build.suppressOutput", Flag, Replace),
        new("build.tags", TextList, Replace),
        new("build.target", Text, Replace),
        new("build.ulimits", ObjectList, Replace),
        new("build.ulimits[].hard", Integer, Replace) { Required = true },
        new("build.ulimits[].name", Text, Replace) { Required = true },
        new("build.ulimits[].soft", Integer, Replace) { Required = true },
        new("build.useLegacyBuilder", Flag, Replace) { Default = false },
        new("build.version", Text, Replace) { Canonical = text => text is "1" or "2" ? text : null, Expected = "1 (the engine's own builder) or 2 (BuildKit)" },
        new("forceRemove", Flag, StateOnly),
        new("keepLocally", Flag, StateOnly),
        new("name", Text, Replace) { Required = true, Canonical = Canonicalise, Expected = "an image name such as nginx:1.27 or registry.example.edu/lab/web:3" },
        new("platform", Text, Replace) { Default = "" },
        new("pullTriggers", TextSet, Replace),
        new("triggers", TextMap, Replace));

    private static string? Canonicalise(string name) => ImageReference.TryParse(name, out var reference, out _) ? reference.ToString() : null;
}
