using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Providers.Hosts.Images.Guest;

/// <summary>Pure: what a tiny root file system runs, out of the Dockerfile that lies beside it.</summary>
internal static class TinyCommand
{
    /// <summary>Its entrypoint and command as one; empty where there is none but the shell, which a guest has on its console anyway.</summary>
    public static ImmutableArray<string> Of(string dockerfile)
    {
        var entrypoint = Words(dockerfile, "ENTRYPOINT ");
        var command = Words(dockerfile, "CMD ");

        // What starts as process 1 in a container is handed its signals by /sbin/run; here init does that.
        if (entrypoint is ["/sbin/run"])
        {
            entrypoint = [];
            command = command is ["/bin/sh"] ? [] : command;
        }

        return [.. entrypoint, .. command];
    }

    private static ImmutableArray<string> Words(string dockerfile, string instruction)
    {
        var line = dockerfile.Split('\n').LastOrDefault(line => line.StartsWith(instruction, StringComparison.Ordinal));
        return line is null ? [] : [.. JsonSerializer.Deserialize<string[]>(line[instruction.Length..]) ?? []];
    }
}
