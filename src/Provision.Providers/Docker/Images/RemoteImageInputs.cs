using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker.Images;

/// <summary>Reads a RemoteImage's inputs. Pure but for a look at a build context.</summary>
internal static class RemoteImageInputs
{
    /// <summary>Inputs below <c>build</c> that only BuildKit has.</summary>
    public static readonly ImmutableArray<string> OnlyBuildKit = ["additionalContexts", "builder", "buildLogFile", "cacheTos", "provenance", "sbom", "secrets"];

    /// <summary>Inputs below <c>build</c> of the engine's own builder that our API client cannot say.</summary>
    private static readonly ImmutableArray<string> OnlyClient = ["cgroupParent", "cpuSetMems", "isolation", "securityOpts", "ulimits"];

    public static string NameOf(PropertyMap inputs) => new InputReader(inputs).Text("name") ?? "";

    public static InputReader? BuildOf(PropertyMap inputs) => new InputReader(inputs).Object("build");

    public static BuildTool ToolOf(InputReader build) =>
        build.Flag("useLegacyBuilder") is not true && (build.Text("version") == "2" || OnlyBuildKit.Any(build.Has)) ? BuildTool.BuildKit
        : OnlyClient.Any(build.Has) ? BuildTool.Client
        : BuildTool.Engine;

    public static string DockerfileOf(InputReader build) => build.Text("dockerfile") ?? "Dockerfile";

    /// <summary>Opens the context; a remote one is opened by the engine.</summary>
    public static ContextFault? Open(InputReader build, LocalMachine machine, out BuildContext? context)
    {
        context = null;
        if (IsRemote(build))
        {
            return null;
        }

        var folder = machine.Resolve(build.Text("context") ?? ".");
        return BuildContext.TryOpen(folder, Path.GetFullPath(DockerfileOf(build), folder), out context, out var fault) ? null : fault;
    }

    public static BuildSpec SpecOf(PropertyMap inputs, InputReader build, LocalMachine machine)
    {
        if (Open(build, machine, out var context) is { } fault)
        {
            throw new ProviderException(ProviderFailure.Refused, fault.Reason, fault.Remedy, Remainder.Untouched.Value);
        }

        var credentials = CredentialsOf(build);
        return new BuildSpec
        {
            Tool = ToolOf(build),
            Name = NameOf(inputs),
            Context = context,
            RemoteContext = context is null ? build.Text("remoteContext") : null,
            RemoteDockerfile = context is null ? DockerfileOf(build) : null,
            ExtraTags = build.Texts("tags"),
            Args = Sorted(build.TextMap("buildArgs")),
            Labels = Sorted(build.TextMap("label")).SetItems(build.TextMap("labels")).SetItems(new InputReader(inputs).TextMap(ImageInputs.StampKey)),
            CacheFrom = build.Texts("cacheFroms"),
            ExtraHosts = build.Texts("extraHosts"),
            Network = build.Text("networkMode"),
            Platform = build.Text("platform"),
            Target = build.Text("target"),
            NoCache = build.Flag("noCache") is true,
            PullParent = build.Flag("pullParent") is true,
            Squash = build.Flag("squash") is true,
            KeepIntermediates = build.Flag("remove") is false && build.Flag("forceRemove") is not true,
            Quiet = build.Flag("suppressOutput") is true,
            CpuPeriod = build.Integer("cpuPeriod"),
            CpuQuota = build.Integer("cpuQuota"),
            CpuShares = build.Integer("cpuShares"),
            CpuSetCpus = build.Text("cpuSetCpus"),
            CpuSetMems = build.Text("cpuSetMems"),
            Memory = build.Integer("memory"),
            MemorySwap = build.Integer("memorySwap"),
            ShmSize = build.Integer("shmSize"),
            CgroupParent = build.Text("cgroupParent"),
            Isolation = build.Text("isolation"),
            SecurityOpts = build.Texts("securityOpts"),
            Ulimits = [.. build.Objects("ulimits").Select(limit => new BuildUlimit(limit.Text("name") ?? "", limit.Integer("soft") ?? 0, limit.Integer("hard") ?? 0))],
            Builder = build.Text("builder"),
            AdditionalContexts = build.Texts("additionalContexts"),
            CacheTo = build.Texts("cacheTos"),
            Provenance = build.Text("provenance"),
            Sbom = build.Text("sbom"),
            Secrets = [.. build.Objects("secrets").Select(SecretOf)],
            LogFile = build.Text("buildLogFile"),
            Credentials = credentials,
            Mask = SecretMask.Of(inputs).With(credentials.Values.SelectMany(credential => credential.Secrets)),
        };
    }

    /// <summary>The inputs without credentials, which have no part in a comparison.</summary>
    public static PropertyMap Compared(PropertyMap inputs) =>
        Values.Plain(inputs.Find("build")) is PropertyValue.Map build ? inputs.With("build", build.Properties.Without("authConfigs")) : inputs;

    private static bool IsRemote(InputReader build) => build.Text("remoteContext") is not null && build.Text("builder") is null;

    private static string SecretOf(InputReader secret) =>
        $"id={secret.Text("id")}{(secret.Text("src") is { } source ? $",src={source}" : secret.Text("env") is { } variable ? $",env={variable}" : "")}";

    private static ImmutableDictionary<string, RegistryCredential> CredentialsOf(InputReader build) =>
        build.Objects("authConfigs").Select(auth => (Host: RegistryAddress.HostOf(auth.Text("serverAddress") ?? auth.Text("hostName") ?? ""), Credential: CredentialOf(auth)))
            .Where(pair => pair.Credential is not null)
            .Aggregate(ImmutableDictionary<string, RegistryCredential>.Empty, (all, pair) => pair.Credential is { } credential ? all.SetItem(pair.Host, credential) : all);

    private static RegistryCredential? CredentialOf(InputReader auth) =>
        auth.Text("identityToken") is { } identity ? RegistryCredential.OfToken(identity)
        : auth.Text("registryToken") is { } token ? RegistryCredential.OfToken(null, token)
        : auth.Text("userName") is { } username ? RegistryCredential.OfPassword(username, auth.Text("password") ?? "")
        : auth.Text("auth") is { } pair ? DockerConfigFile.ReadPair(pair)
        : null;

    private static ImmutableSortedDictionary<string, string> Sorted(Dictionary<string, string> map) => map.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
