using System.Collections.Immutable;
using Docker.DotNet.Models;

namespace Provision.Providers.Docker;

/// <summary>A program to run in a container.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="Terminal">Give it a terminal: one stream, sizes, control characters.</param>
/// <param name="Input">Connect standard input.</param>
/// <param name="User">Who runs it; null for the container's own user.</param>
/// <param name="WorkingFolder">Where it runs; null for the container's own folder.</param>
public sealed record DockerExecOptions(ImmutableArray<string> Command, bool Terminal = false, bool Input = false, string? User = null, string? WorkingFolder = null)
{
    internal ContainerExecCreateParameters Create()
    {
        var parameters = new ContainerExecCreateParameters { Cmd = [.. Command], TTY = Terminal, AttachStdin = Input, AttachStdout = true, AttachStderr = true };
        if (User is { Length: > 0 })
        {
            parameters.User = User;
        }

        if (WorkingFolder is { Length: > 0 })
        {
            parameters.WorkingDir = WorkingFolder;
        }

        return parameters;
    }

    internal ContainerExecStartParameters Start() => new() { TTY = Terminal };
}
