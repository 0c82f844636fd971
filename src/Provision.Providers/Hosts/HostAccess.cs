namespace Provision.Providers.Hosts;

/// <summary>What a user may do on a host.</summary>
public enum HostRights
{
    /// <summary>Neither root nor sudo without a password.</summary>
    None,
    PasswordlessSudo,
    Root,
}

/// <summary>Which program installs packages.</summary>
public enum PackageTool
{
    None,
    Apt,
    Dnf,
}

/// <summary>What runs as process 1, as far as it starts services.</summary>
public enum InitSystem
{
    /// <summary>A container's or a small machine's process 1, which starts nothing.</summary>
    None,
    Systemd,

    /// <summary>SysV init, OpenRC or runit: init scripts are meant to be run.</summary>
    Scripts,
}

/// <summary>The facts about a host that decide how things are done there; read once a run.</summary>
public sealed record HostAccess(int UserId, HostRights Rights, PackageTool Packages, InitSystem Init)
{
    private const string Facts = """
        u=$(id -u); echo "uid=$u"
        if [ "$u" = 0 ]; then echo rights=root; elif sudo -n true </dev/null >/dev/null 2>&1; then echo rights=sudo; fi
        if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then echo packages=apt
        elif command -v dnf >/dev/null; then echo packages=dnf; fi
        [ -d /run/systemd/system ] && echo init=systemd
        if read -r one </proc/1/comm; then echo "one=$one"; fi
        """;

    public bool CanBeRoot => Rights != HostRights.None;

    /// <summary>Asks the host, in one command.</summary>
    public static async Task<HostAccess> ReadAsync(IHostTransport transport, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(transport);
        var result = await transport.RunAsync(HostCommand.Script(Facts), cancellationToken);
        var facts = Parse(result.OutputLines);
        return facts ?? throw new IOException($"{transport.Address} does not tell what it is: {result.Complaint(3)}");
    }

    internal static HostAccess? Parse(IEnumerable<string> lines)
    {
        var facts = lines.Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Last()[1], StringComparer.Ordinal);
        if (!int.TryParse(facts.GetValueOrDefault("uid"), out var uid))
        {
            return null;
        }

        return new HostAccess(
            uid,
            facts.GetValueOrDefault("rights") switch { "root" => HostRights.Root, "sudo" => HostRights.PasswordlessSudo, _ => HostRights.None },
            facts.GetValueOrDefault("packages") switch { "apt" => PackageTool.Apt, "dnf" => PackageTool.Dnf, _ => PackageTool.None },
            facts.ContainsKey("init") ? InitSystem.Systemd
                : facts.GetValueOrDefault("one") is "init" or "openrc-init" or "runit" or "runit-init" ? InitSystem.Scripts
                : InitSystem.None);
    }
}
