using System.Diagnostics;
using Provision.IntegrationTests.Docker.Images;
using Provision.IntegrationTests.Lab;
using Xunit;

[assembly: AssemblyFixture(typeof(LabRegistry))]

namespace Provision.IntegrationTests.Docker.Images;

/// <summary>A registry in the lab's network that asks for a password. It is started by the first test that needs it.</summary>
public sealed class LabRegistry : IAsyncDisposable
{
    public const string Address = "127.0.0.1:5000";
    public const string User = "student";
    public const string Password = "correct-horse";

    /// <summary>The password as the registry's user file has it: bcrypt with the least rounds.</summary>
    private const string PasswordHash = "$2b$04$0f85cAPOMfVK4FQyqxt87enLAqS74ROS.aFc5v9hRwXciOlr5B.su";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("provision-registry-").FullName;
    private Process? _process;
    private string? _impossible;

    /// <summary>Starts it if it does not run; skips the test where there can be none.</summary>
    public async Task ReadyAsync(DockerLab lab)
    {
        await lab.ReadyAsync();
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            if (_process is null && _impossible is null)
            {
                await StartAsync(lab);
            }
        }
        finally
        {
            _starting.Release();
        }

        Assert.SkipWhen(_impossible is not null, _impossible ?? "");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(CancellationToken.None);
            _process.Dispose();
        }

        _starting.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAsync(DockerLab lab)
    {
        if (await FindProgramAsync() is not { } program)
        {
            _impossible = "there is no docker-registry here, and its package cannot be fetched";
            return;
        }

        await WriteAsync("users", $"{User}:{PasswordHash}\n");
        await WriteAsync("config.yml", $"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {_folder}/data
            http:
              addr: {Address}
              secret: lab
            auth:
              htpasswd:
                realm: lab
                path: {_folder}/users
            """);

        // The shell ends the registry when its own standard input ends: with us, in whatever way that comes.
        var script = $"{program} serve {_folder}/config.yml >{_folder}/log 2>&1 & pid=$!; cat >/dev/null; kill $pid; wait";
        _process = Process.Start(new ProcessStartInfo("ip", ["netns", "exec", lab.Namespace, "sh", "-c", script]) { RedirectStandardInput = true })
            ?? throw new InvalidOperationException("The registry did not start.");
        await lab.HttpGetAsync($"http://{Address}/");
    }

    /// <summary>The installed program, else that of the package: unpacked, not installed, for the package would start a service.</summary>
    private async Task<string?> FindProgramAsync()
    {
        if (LabPackages.Find("docker-registry") is { } installed)
        {
            return installed;
        }

        var token = TestContext.Current.CancellationToken;
        var fetch = await LabProcess.RunAsync("sh", ["-c", $"cd {_folder} && apt-get download -qq docker-registry && dpkg-deb -x docker-registry*.deb package"], token);
        var program = Path.Combine(_folder, "package/usr/bin/docker-registry");
        return fetch.ExitCode == 0 && File.Exists(program) ? program : null;
    }

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(_folder, name), content, TestContext.Current.CancellationToken);
}
