using System.Collections.Immutable;

namespace Provision.Providers.Docker.Images;

/// <summary>Who builds.</summary>
internal enum BuildTool
{
    /// <summary>The engine itself, through its own API: always there.</summary>
    Engine,

    /// <summary>The engine, asked through the <c>docker</c> program, for the options that our API client cannot say.</summary>
    Client,

    /// <summary>BuildKit, through the <c>docker</c> program.</summary>
    BuildKit,
}

internal sealed record BuildUlimit(string Name, long Soft, long Hard);

/// <summary>One build, whichever resource asks for it.</summary>
internal sealed record BuildSpec
{
    public required BuildTool Tool { get; init; }

    /// <summary>The name to give the image first, for messages too.</summary>
    public required string Name { get; init; }

    /// <summary>The folder to build from; null where <see cref="RemoteContext"/> says what to fetch.</summary>
    public BuildContext? Context { get; init; }

    public string? RemoteContext { get; init; }

    /// <summary>The Dockerfile within a remote context.</summary>
    public string? RemoteDockerfile { get; init; }

    public ImmutableArray<string> ExtraTags { get; init; } = [];

    public ImmutableSortedDictionary<string, string> Args { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<string> CacheFrom { get; init; } = [];

    public ImmutableArray<string> ExtraHosts { get; init; } = [];

    public string? Network { get; init; }

    public string? Platform { get; init; }

    public string? Target { get; init; }

    public bool NoCache { get; init; }

    public bool PullParent { get; init; }

    public bool Squash { get; init; }

    /// <summary>Keep intermediate containers, against the rule.</summary>
    public bool KeepIntermediates { get; init; }

    /// <summary>Tell nothing of the steps.</summary>
    public bool Quiet { get; init; }

    public long? CpuPeriod { get; init; }

    public long? CpuQuota { get; init; }

    public long? CpuShares { get; init; }

    public string? CpuSetCpus { get; init; }

    public string? CpuSetMems { get; init; }

    public long? Memory { get; init; }

    public long? MemorySwap { get; init; }

    public long? ShmSize { get; init; }

    public string? CgroupParent { get; init; }

    public string? Isolation { get; init; }

    public ImmutableArray<string> SecurityOpts { get; init; } = [];

    public ImmutableArray<BuildUlimit> Ulimits { get; init; } = [];

    /// <summary>The buildx builder's name; null for the usual one.</summary>
    public string? Builder { get; init; }

    public ImmutableArray<string> AdditionalContexts { get; init; } = [];

    public ImmutableArray<string> CacheTo { get; init; } = [];

    public string? Provenance { get; init; }

    public string? Sbom { get; init; }

    /// <summary>In the client's own spelling, <c>id=token,env=TOKEN</c>.</summary>
    public ImmutableArray<string> Secrets { get; init; } = [];

    public string? LogFile { get; init; }

    /// <summary>Credentials given with the resource, by registry; they go before all others.</summary>
    public ImmutableDictionary<string, RegistryCredential> Credentials { get; init; } = ImmutableDictionary<string, RegistryCredential>.Empty;

    public SecretMask Mask { get; init; } = SecretMask.None;
}
