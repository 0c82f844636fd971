using System.Globalization;

namespace Provision.Providers.Docker.Images;

/// <summary>A build as the argument list of the <c>docker</c> program. Pure.</summary>
internal static class BuildArguments
{
    public static IReadOnlyList<string> Of(BuildSpec spec, bool buildx, string idFile, LocalMachine machine)
    {
        var arguments = new List<string>();
        arguments.AddRange(buildx ? ["buildx", "build", "--load"] : ["build"]);
        arguments.AddRange(["--iidfile", idFile]);
        if (spec.Tool == BuildTool.BuildKit)
        {
            arguments.AddRange(["--progress", "plain"]);
        }
        else if (!spec.KeepIntermediates)
        {
            arguments.Add("--force-rm");
        }

        foreach (var tag in spec.ExtraTags.Prepend(spec.Name))
        {
            arguments.AddRange(["--tag", tag]);
        }

        foreach (var (name, value) in spec.Args)
        {
            arguments.AddRange(["--build-arg", GoesByEnvironment(name, machine) ? name : $"{name}={value}"]);
        }

        foreach (var (name, value) in spec.Labels)
        {
            arguments.AddRange(["--label", $"{name}={value}"]);
        }

        AddEach("--cache-from", spec.CacheFrom);
        AddEach("--cache-to", spec.CacheTo);
        AddEach("--add-host", spec.ExtraHosts);
        AddEach("--build-context", spec.AdditionalContexts);
        AddEach("--secret", spec.Secrets);
        AddEach("--security-opt", spec.SecurityOpts);
        AddEach("--ulimit", spec.Ulimits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name}={limit.Soft}:{limit.Hard}")));
        Add("--network", spec.Network);
        Add("--platform", spec.Platform);
        Add("--target", spec.Target);
        Add("--builder", spec.Builder);
        Add("--provenance", spec.Provenance);
        Add("--sbom", spec.Sbom);
        Add("--cgroup-parent", spec.CgroupParent);
        Add("--isolation", spec.Isolation);
        Add("--cpuset-cpus", spec.CpuSetCpus);
        Add("--cpuset-mems", spec.CpuSetMems);
        Add("--cpu-period", Text(spec.CpuPeriod));
        Add("--cpu-quota", Text(spec.CpuQuota));
        Add("--cpu-shares", Text(spec.CpuShares));
        Add("--memory", Text(spec.Memory));
        Add("--memory-swap", Text(spec.MemorySwap));
        Add("--shm-size", Text(spec.ShmSize));
        AddIf("--no-cache", spec.NoCache);
        AddIf("--pull", spec.PullParent);
        AddIf("--squash", spec.Squash);
        Add("--file", spec.Context?.Dockerfile ?? spec.RemoteDockerfile);
        arguments.Add(spec.Context?.Folder ?? spec.RemoteContext ?? ".");
        return arguments;

        void Add(string option, string? value)
        {
            if (value is { Length: > 0 })
            {
                arguments.AddRange([option, value]);
            }
        }

        void AddEach(string option, IEnumerable<string> values)
        {
            foreach (var value in values)
            {
                Add(option, value);
            }
        }

        void AddIf(string option, bool set)
        {
            if (set)
            {
                arguments.Add(option);
            }
        }
    }

    /// <summary>Whether a build argument's value can go by environment: not where the client itself would be steered by a variable of that name.</summary>
    public static bool GoesByEnvironment(string name, LocalMachine machine) =>
        !machine.Environment.ContainsKey(name)
        && !name.StartsWith("DOCKER_", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("BUILDX_", StringComparison.OrdinalIgnoreCase)
        && !name.StartsWith("BUILDKIT_", StringComparison.OrdinalIgnoreCase)
        && !name.EndsWith("_PROXY", StringComparison.OrdinalIgnoreCase);

    private static string? Text(long? number) => number?.ToString(CultureInfo.InvariantCulture);
}
