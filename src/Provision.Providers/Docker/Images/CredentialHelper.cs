using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;

namespace Provision.Providers.Docker.Images;

/// <summary>Asks a <c>docker-credential-…</c> program, which keeps credentials in a keychain or makes them on the spot.</summary>
internal sealed class CredentialHelper(LocalMachine machine)
{
    private const string Prefix = "docker-credential-";

    /// <summary>The user name with which a helper says that the secret is an identity token.</summary>
    private const string TokenUser = "<token>";

    public async Task<CredentialLookup> AskAsync(string name, string host, CancellationToken cancellationToken)
    {
        var program = Prefix + name;
        if (name.AsSpan().ContainsAny('/', '\\') || machine.FindProgram(program) is not { } path)
        {
            return new CredentialLookup(null, $"the helper program '{program}' is not in PATH");
        }

        try
        {
            var (exitCode, output) = await RunAsync(path, RegistryAddress.KeyOf(host), cancellationToken);
            return exitCode == 0 ? Read(output, program) : Refusal(output, program, exitCode);
        }
        catch (Exception broken) when (broken is IOException or Win32Exception)
        {
            return new CredentialLookup(null, $"the helper program '{program}' cannot be run");
        }
    }

    private async Task<(int ExitCode, string Output)> RunAsync(string path, string server, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(path, ["get"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = machine.Folder,
        };
        start.Environment.Clear();
        foreach (var (key, value) in machine.Environment)
        {
            start.Environment[key] = value;
        }

        using var process = Process.Start(start) ?? throw new IOException($"'{path}' did not start.");
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var ignored = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process, server);
            await Task.WhenAll(output, ignored);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, await output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task WriteAsync(Process process, string server)
    {
        try
        {
            await process.StandardInput.WriteAsync(server);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code tells why.
        }
    }

    /// <summary>Nothing of what a helper says is repeated but that it has nothing: it may say the secret itself.</summary>
    private static CredentialLookup Refusal(string output, string program, int exitCode) =>
        output.Contains("not found", StringComparison.OrdinalIgnoreCase)
            ? CredentialLookup.Nothing
            : new CredentialLookup(null, $"the helper program '{program}' ended with code {exitCode}");

    private static CredentialLookup Read(string output, string program)
    {
        try
        {
            using var json = JsonDocument.Parse(output);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("Username", out var username) && username.ValueKind == JsonValueKind.String
                && json.RootElement.TryGetProperty("Secret", out var secret) && secret.ValueKind == JsonValueKind.String)
            {
                var (user, text) = (username.GetString() ?? "", secret.GetString() ?? "");
                return new CredentialLookup(user == TokenUser ? RegistryCredential.OfToken(text) : RegistryCredential.OfPassword(user, text));
            }
        }
        catch (JsonException)
        {
            // Told below, without its text.
        }

        return new CredentialLookup(null, $"the helper program '{program}' answered something else than credentials");
    }
}
