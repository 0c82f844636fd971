using System.Diagnostics;
using System.Globalization;

namespace Provision.Cli.Ssh;

/// <summary>
/// An ssh-agent of our own that holds one key for one session. The private half goes from our memory into the agent's by a pipe: it is
/// on no command line, in no environment and in no file.
/// </summary>
internal sealed class SshAgent : IAsyncDisposable
{
    // The shell ends with its input, which is a pipe from us: however we end, the agent and its folder go. The agent prints its
    // variables once its socket is there, so nobody has to look for it.
    private const string Holder = """
        trap '' INT HUP TERM
        "$1" -D -a "$2/agent" </dev/null &
        agent=$!
        cat >/dev/null
        kill "$agent" 2>/dev/null
        wait "$agent" 2>/dev/null
        rm -rf -- "$2"
        """;

    private readonly Process _holder;

    private SshAgent(Process holder, string folder) => (_holder, Folder) = (holder, folder);

    /// <summary>Ours alone, and gone at the end.</summary>
    public string Folder { get; }

    public string Socket => Path.Combine(Folder, "agent");

    /// <summary>Starts an agent that holds the key for so long at most.</summary>
    /// <exception cref="CliException">OpenSSH's programs are missing, or refuse the key.</exception>
    public static async Task<SshAgent> StartAsync(IoContext io, string privateKey, TimeSpan life, CancellationToken cancellationToken)
    {
        var program = Programs.Find(io, "ssh-agent", "openssh-client");
        var add = Programs.Find(io, "ssh-add", "openssh-client");

        // Made with mode 0700.
        var folder = Directory.CreateTempSubdirectory("provision-ssh-").FullName;
        var holder = Process.Start(new ProcessStartInfo("sh", ["-c", Holder, "sh", program, folder]) { RedirectStandardInput = true, RedirectStandardOutput = true })
            ?? throw new IOException("sh did not start.");
        var agent = new SshAgent(holder, folder);
        try
        {
            var said = await holder.StandardOutput.ReadLineAsync(cancellationToken);
            if (said is null || !said.StartsWith("SSH_AUTH_SOCK=", StringComparison.Ordinal))
            {
                throw new CliException(ExitCode.Error, CliDiagnostics.KeyUnusable($"ssh-agent did not start in {folder}."));
            }

            await agent.AddAsync(add, privateKey, life, cancellationToken);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync(CancellationToken.None);
        _holder.Dispose();
    }

    private async Task AddAsync(string add, string privateKey, TimeSpan life, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(add, ["-q", "-t", ((int)life.TotalSeconds).ToString(CultureInfo.InvariantCulture), "-"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SSH_AUTH_SOCK"] = Socket;

        // Nobody is asked for the passphrase of a key that has none.
        start.Environment["SSH_ASKPASS_REQUIRE"] = "never";
        using var process = Process.Start(start) ?? throw new IOException("ssh-add did not start.");
        var said = process.StandardError.ReadToEndAsync(cancellationToken);
        var printed = process.StandardOutput.ReadToEndAsync(cancellationToken);
        try
        {
            await process.StandardInput.WriteAsync((privateKey.TrimEnd('\n') + '\n').AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read all; its message says why.
        }

        await process.WaitForExitAsync(cancellationToken);
        await printed;
        if (process.ExitCode != 0)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.KeyUnusable($"ssh-add refuses it: {(await said).Trim()}"));
        }
    }
}
