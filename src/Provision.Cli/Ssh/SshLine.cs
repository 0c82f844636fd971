using System.Collections.Immutable;

namespace Provision.Cli.Ssh;

/// <summary>The arguments of the system's <c>ssh</c>. Pure.</summary>
internal static class SshLine
{
    /// <param name="target">Where to.</param>
    /// <param name="agentSocket">The agent that holds the stack's key; null to log in with what the user has.</param>
    /// <param name="terminal">Ask for a terminal even where there is a command.</param>
    /// <param name="more">Further arguments of the user's, before the address.</param>
    /// <param name="command">What to run there, as the remote shell reads it; empty for a shell.</param>
    public static ImmutableArray<string> Of(SshTarget target, string? agentSocket, bool terminal, IReadOnlyList<string> more, IReadOnlyList<string> command) =>
    [
        .. agentSocket is null ? [] : AgentOptions(agentSocket),
        .. HostKeyOptions(target),
        "-o", "ConnectTimeout=10",
        .. terminal && command.Count > 0 ? ["-t"] : Array.Empty<string>(),
        .. more,
        .. target.User is { } user ? ["-l", user] : Array.Empty<string>(),
        target.Address,

        // ssh takes options after the address too.
        .. command.Count > 0 ? ["--", .. command] : Array.Empty<string>(),
    ];

    /// <summary>Each word in single quotes, so that a shell hands it on as it is.</summary>
    public static string Quote(IEnumerable<string> words) =>
        string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));

    // The one key and no other: a server ends the session after a few that it refuses. And the agent is nobody's but ours.
    private static string[] AgentOptions(string socket) =>
        ["-o", $"IdentityAgent={socket}", "-o", "IdentityFile=none", "-o", "PreferredAuthentications=publickey", "-o", "ForwardAgent=no"];

    // A lab machine makes its host key when it first boots, so nobody can know it before, and every machine that is made anew or reset at
    // the same address has another. On a network of the hypervisor's own the packets never leave that host, and whoever could answer in
    // the machine's place there already owns its disk: the key is not asked for and not kept. On any other network the first key is kept in
    // the user's own known_hosts, and a changed one is an error, as ever with ssh.
    private static string[] HostKeyOptions(SshTarget target) => target.IsPrivate
        ? ["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"]
        : ["-o", "StrictHostKeyChecking=accept-new"];
}
