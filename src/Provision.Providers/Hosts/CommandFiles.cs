using System.Globalization;

namespace Provision.Providers.Hosts;

/// <summary>File operations made of commands: for what only root may do on this machine, and for hosts that offer nothing but commands.</summary>
internal sealed class CommandFiles(IHostTransport transport, bool asRoot)
{
    private const UnixFileMode Permissions = (UnixFileMode)0xFFF;

    public async Task<FileFacts?> StatAsync(string path, CancellationToken cancellationToken)
    {
        // "81a4 512": the raw mode in hex and the size. What is missing is told from what may not be seen by the shell's own test.
        var result = await RunAsync(
            "if [ -e \"$1\" ] || [ -L \"$1\" ]; then exec stat -c '%f %s' -- \"$1\"; fi; ls -d -- \"$1\" 2>&1 | grep -q 'ermission denied' && exit 77; exit 44",
            [path], default, cancellationToken);
        if (result.ExitCode == 44)
        {
            return null;
        }

        Demand(result, "look at", path);
        var parts = result.Output.Trim().Split(' ');
        var mode = int.Parse(parts[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var kind = (mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            0xA000 => FileKind.Link,
            _ => FileKind.Other,
        };
        return new FileFacts(kind, (UnixFileMode)mode & Permissions, long.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public async Task<byte[]?> ReadAsync(string path, int limit, CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            "[ -e \"$1\" ] || exit 44; exec head -c \"$2\" -- \"$1\"", [path, limit.ToString(CultureInfo.InvariantCulture)], default, cancellationToken);
        if (result.ExitCode == 44)
        {
            return null;
        }

        Demand(result, "read", path);
        return result.OutputBytes.ToArray();
    }

    public async Task WriteAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var octal = Convert.ToString((int)mode, 8);
        var result = await RunAsync(
            "set -e; mkdir -p -- \"${1%/*}/\"; t=$(mktemp \"$1.XXXXXX\"); trap 'rm -f \"$t\"' EXIT; cat >\"$t\"; chmod \"$2\" \"$t\"; mv -f -T -- \"$t\" \"$1\"; trap - EXIT",
            [path, octal], content, cancellationToken);
        Demand(result, "write", path);
    }

    public async Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        Demand(await transport.RunAsync(new HostCommand("rm", "-rf", "--", path) { AsRoot = asRoot }, cancellationToken), "remove", path);

    private Task<CommandResult> RunAsync(string script, string[] parameters, ReadOnlyMemory<byte> stdin, CancellationToken cancellationToken) =>
        transport.RunAsync(HostCommand.Script(script, [.. parameters]) with { AsRoot = asRoot, Stdin = stdin }, cancellationToken);

    private static void Demand(CommandResult result, string verb, string path)
    {
        if (!result.Succeeded)
        {
            throw new IOException($"Cannot {verb} {path}: {result.Complaint(2)}");
        }
    }
}
