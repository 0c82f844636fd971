using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>What a changed <see cref="FirstBoot"/> means for a machine that has had its first boot.</summary>
public enum FirstBootChange
{
    /// <summary>Restart the machine with the new data; its system sees a new instance and sets itself up again.</summary>
    Reapply,

    /// <summary>Make its first disk, and so the machine, anew.</summary>
    Recreate,

    /// <summary>Nothing: the new data is for machines that are made later.</summary>
    Ignore,
}

/// <summary>What is set up when a machine starts for the first time.</summary>
public sealed record FirstBoot
{
    /// <summary>A host name and the stack's key, as every machine has them.</summary>
    public static readonly FirstBoot Default = new();

    /// <summary>Its host name; null for the machine's name.</summary>
    public string? Hostname { get; init; }

    /// <summary>Public SSH keys that may log in as the image's own user, beside the stack's.</summary>
    public ImmutableArray<Value<string>> SshKeys { get; init; } = [];

    /// <summary>Users to make.</summary>
    public ImmutableArray<MachineUser> Users { get; init; } = [];

    /// <summary>Files to write.</summary>
    public ImmutableArray<MachineFile> Files { get; init; } = [];

    /// <summary>Packages of the image's distribution to install.</summary>
    public ImmutableArray<string> Packages { get; init; } = [];

    /// <summary>Shell commands to run, after all else.</summary>
    public ImmutableArray<Value<string>> Commands { get; init; } = [];

    /// <summary>cloud-config in YAML that is merged over all of the above, for what is not in the model.</summary>
    public Value<string>? UserData { get; init; }

    /// <summary>What a change of any of this means for a machine that is there.</summary>
    public FirstBootChange OnChange { get; init; }
}

/// <summary>A user of a machine.</summary>
/// <param name="Name">The name to log in with.</param>
public sealed record MachineUser(string Name)
{
    /// <summary>Public SSH keys that may log in, beside the stack's.</summary>
    public ImmutableArray<Value<string>> SshKeys { get; init; } = [];

    /// <summary>May do everything with <c>sudo</c>, unasked.</summary>
    public bool Sudo { get; init; }

    /// <summary>What runs after the login; null for the image's usual.</summary>
    public string? Shell { get; init; }

    /// <summary>The password for the console; null for none. Over SSH only keys are taken.</summary>
    public Value<string>? Password { get; init; }
}

/// <summary>A file of a machine.</summary>
/// <param name="Path">Where, absolute.</param>
/// <param name="Content">What is in it.</param>
public sealed record MachineFile(string Path, Value<string> Content)
{
    /// <summary>Its permissions, four octal digits.</summary>
    public string Mode { get; init; } = "0644";

    /// <summary>Whose it is: <c>user</c> or <c>user:group</c>; null for root's.</summary>
    public string? Owner { get; init; }
}
