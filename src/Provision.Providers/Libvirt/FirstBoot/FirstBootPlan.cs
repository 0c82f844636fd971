using System.Collections.Immutable;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>What a machine shall be told when it boots first, whatever the form it is told in.</summary>
internal sealed record FirstBootPlan
{
    /// <summary>cloud-config, script or ignition.</summary>
    public required string Format { get; init; }

    public string? HostName { get; init; }

    public ImmutableArray<FirstBootUser> Users { get; init; } = [];

    /// <summary>Keys of the image's default user; of root where there is none.</summary>
    public ImmutableArray<string> SshKeys { get; init; } = [];

    public ImmutableArray<FirstBootFile> Files { get; init; } = [];

    public ImmutableArray<string> Packages { get; init; } = [];

    public ImmutableArray<FirstBootCommand> Commands { get; init; } = [];

    public ImmutableArray<FirstBootMount> Mounts { get; init; } = [];

    /// <summary>Cloud-config merged last, for what has no property here.</summary>
    public string? Extra { get; init; }
}

/// <param name="Password">A hash in crypt's form (<c>$6$…</c>), or the password itself.</param>
internal sealed record FirstBootUser(string Name, ImmutableArray<string> SshKeys, bool Sudo, string? Shell, string? Password)
{
    public bool HasHash => Password is ['$', ..];
}

/// <param name="Mode">In octal, <c>0644</c>.</param>
internal sealed record FirstBootFile(string Path, string Content, string Mode, string? Owner);

/// <summary>A command as an argument vector, or as a line for the shell.</summary>
internal sealed record FirstBootCommand(ImmutableArray<string> Arguments, string? Line);

/// <summary>The disk with that serial, mounted there; given a file system where it has none.</summary>
internal sealed record FirstBootMount(string Serial, string Path);
