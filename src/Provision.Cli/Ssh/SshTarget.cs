namespace Provision.Cli.Ssh;

/// <summary>A machine as ssh reaches it.</summary>
/// <param name="Name">The machine's name, for messages.</param>
/// <param name="Address">Where it is.</param>
/// <param name="User">Who logs in; null for ssh's own choice.</param>
/// <param name="IsPrivate">Whether the address is of a network that the hypervisor made, and leads nowhere else.</param>
internal sealed record SshTarget(string Name, string Address, string? User, bool IsPrivate);
