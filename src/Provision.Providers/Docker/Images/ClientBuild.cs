using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker.Images;

/// <summary>Builds through the <c>docker</c> program: BuildKit, which has a protocol of its own, and options the API client lacks.</summary>
internal sealed class ClientBuild(LocalMachine machine)
{
    private const string ChooseEngine = "or choose the engine's own builder: build.builderVersion \"BuilderV1\" (of a RemoteImage: build.useLegacyBuilder true)";

    /// <summary>Returns the image's id.</summary>
    public async Task<string?> RunAsync(
        DockerEndpoint endpoint, BuildSpec spec, Dictionary<string, RegistryCredential> credentials, IStepProgress progress, CancellationToken cancellationToken)
    {
        var docker = machine.FindProgram("docker")
            ?? throw Missing(spec, "the 'docker' program is not in PATH", "Install Docker's command line client");
        var usesBuildx = spec.Tool == BuildTool.BuildKit && await HasBuildxAsync(docker, spec, cancellationToken);
        using var folder = new PrivateFolder();
        var idFile = folder.PathOf("image-id");
        var environment = EnvironmentOf(endpoint, spec, credentials, folder);
        var output = new BuildOutput(spec, progress);
        var exitCode = await RunAsync(docker, BuildArguments.Of(spec, usesBuildx, idFile, machine), environment, output.AddLine, spec.LogFile, cancellationToken);
        return exitCode == 0
            ? File.Exists(idFile) ? (await File.ReadAllTextAsync(idFile, cancellationToken)).Trim() : null
            : throw output.Failed($"'docker build' ended with code {exitCode}");
    }

    /// <summary>BuildKit is a plug-in (buildx) of new clients and a part of old ones.</summary>
    private async Task<bool> HasBuildxAsync(string docker, BuildSpec spec, CancellationToken cancellationToken)
    {
        if (await RunAsync(docker, ["buildx", "version"], machine.Environment, _ => { }, null, cancellationToken) == 0)
        {
            return true;
        }

        var version = "";
        await RunAsync(docker, ["--version"], machine.Environment, line => version += line, null, cancellationToken);
        var major = new string([.. version.SkipWhile(sign => !char.IsAsciiDigit(sign)).TakeWhile(char.IsAsciiDigit)]);
        const int firstWithoutBuilder = 23;
        return int.TryParse(major, out var number) && number < firstWithoutBuilder && spec.Builder is null && spec.AdditionalContexts.IsEmpty && spec.CacheTo.IsEmpty
            && spec.Provenance is null && spec.Sbom is null
            ? false
            : throw Missing(spec, $"BuildKit was asked for, and the 'docker' program at '{docker}' has no buildx plug-in", "Install the package docker-buildx-plugin (or docker-buildx)");
    }

    private static ProviderException Missing(BuildSpec spec, string what, string remedy) =>
        new(ProviderFailure.Refused, $"Cannot build image '{spec.Name}': {what}.", $"{remedy}, {ChooseEngine}.", Remainder.Untouched.Value);

    private ImmutableDictionary<string, string> EnvironmentOf(
        DockerEndpoint endpoint, BuildSpec spec, Dictionary<string, RegistryCredential> credentials, PrivateFolder folder)
    {
        var environment = machine.Environment.Remove("DOCKER_CONTEXT").Remove("DOCKER_TLS").Remove("DOCKER_TLS_VERIFY").Remove("DOCKER_CERT_PATH")
            .SetItem("DOCKER_HOST", endpoint.Name)
            .SetItem("DOCKER_BUILDKIT", spec.Tool == BuildTool.BuildKit ? "1" : "0");
        environment = endpoint.Tls switch
        {
            null => environment,
            TlsMaterial.Folder tls => environment.SetItem("DOCKER_CERT_PATH", tls.Path).SetItem("DOCKER_TLS_VERIFY", "1"),
            _ => throw Missing(spec, "the provider has TLS material as text, which the 'docker' program takes from a folder only", "Set the provider's certPath"),
        };

        // Values of build arguments go by environment: an argument list can be read by everybody on the machine.
        foreach (var (name, value) in spec.Args.Where(arg => BuildArguments.GoesByEnvironment(arg.Key, machine)))
        {
            environment = environment.SetItem(name, value);
        }

        return spec.Credentials.IsEmpty ? environment : environment.SetItem("DOCKER_CONFIG", WriteConfig(credentials, folder));
    }

    /// <summary>Credentials that came with the resource are not in the user's own configuration: the client gets one for this build.</summary>
    private string WriteConfig(Dictionary<string, RegistryCredential> credentials, PrivateFolder folder)
    {
        var auths = credentials.ToDictionary(pair => RegistryAddress.KeyOf(pair.Key), pair =>
        {
            var auth = pair.Value.For(pair.Key);
            return new Dictionary<string, string>
            {
                ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{auth.Username}:{auth.Password}")),
                ["identitytoken"] = auth.IdentityToken ?? "",
            };
        });
        folder.Write(DockerConfigFile.FileName, JsonSerializer.Serialize(new Dictionary<string, object> { ["auths"] = auths }));
        if (machine.DockerConfigFolder is { } usual && Directory.Exists(Path.Combine(usual, "cli-plugins")))
        {
            Directory.CreateSymbolicLink(folder.PathOf("cli-plugins"), Path.Combine(usual, "cli-plugins"));
        }

        return folder.Path;
    }

    private async Task<int> RunAsync(
        string program, IReadOnlyList<string> arguments, ImmutableDictionary<string, string> environment, Action<string> onLine, string? logFile, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = machine.Folder };
        start.Environment.Clear();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start) ?? throw new IOException($"'{program}' did not start.");
            await using var log = logFile is null ? StreamWriter.Null : new StreamWriter(machine.Resolve(logFile));
            var gate = new Lock();
            try
            {
                process.StandardInput.Close();
                await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
                await process.WaitForExitAsync(cancellationToken);
                return process.ExitCode;
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }

            async Task ReadAsync(StreamReader reader)
            {
                while (await reader.ReadLineAsync(cancellationToken) is { } line)
                {
                    lock (gate)
                    {
                        onLine(line);
                        log.WriteLine(line);
                    }
                }
            }
        }
        catch (Exception broken) when (broken is IOException or Win32Exception or UnauthorizedAccessException)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"Cannot run '{program}': {broken.Message}", "See that it can be run, and that build.buildLogFile can be written.", Remainder.Untouched.Value, broken);
        }
    }
}
