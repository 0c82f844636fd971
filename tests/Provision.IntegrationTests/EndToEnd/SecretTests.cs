using System.Text;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>Secrets reach the container, and nothing else that anybody could read.</summary>
public sealed class SecretTests(DockerLab lab)
{
    private const string FromSettings = "marker-of-settings-4711";
    private const string FromDefinition = "marker-of-definition-4712";

    private const string Source = $$"""
        using Provision.Model;

        public sealed class Vault : StackDefinition
        {
            public string Endpoint { get; init; } = "";
            public Value<string> Password { get; init; } = "";

            public override Stack Define() => new()
            {
                Hosts =
                [
                    new Host("here")
                    {
                        Docker = new() { Endpoint = Endpoint, Prepare = false },
                        Containers =
                        [
                            new Container("app", "provision-lab/tiny:1")
                            {
                                Environment = new() { ["PASSWORD"] = Password, ["TOKEN"] = Value.Secret("{{FromDefinition}}") },
                                Files = [new ContainerFile("/etc/secret", Value.Text($"pw={Password}"))],
                            },
                        ],
                    },
                ],
                Outputs = new() { ["login"] = Value.Text($"app:{Password}") },
            };
        }
        """;

    [Fact]
    public async Task A_secret_is_found_in_the_container_and_in_no_text_and_no_file()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-vault").Declare("Vault", Source, ("endpoint", lab.Endpoint));
        using var objects = new StampedObjects(lab, workspace.Stack);
        workspace.With("PULUMI_CONFIG_PASSPHRASE", "correct horse");
        var said = new StringBuilder();
        said.Append((await workspace.RunAsync("config", "set", "password", FromSettings, "--secret", "-s", workspace.Stack)).With(0).All);
        var plan = Path.Combine(workspace.Home, "plan.json");

        said.Append((await workspace.PreviewAsync("--diff", "--save-plan", plan)).With(0).All);
        said.Append((await workspace.PreviewAsync("--json")).With(0).All);
        said.Append((await workspace.UpAsync("--diff")).With(0).All);
        var app = await objects.ContainerAsync("app");
        Assert.Contains($"PASSWORD={FromSettings}", app.Config?.Env ?? []);
        Assert.Contains($"TOKEN={FromDefinition}", app.Config?.Env ?? []);
        said.Append((await workspace.RunAsync("stack", "output", "-s", workspace.Stack)).With(0).All);
        said.Append((await workspace.RunAsync("stack", "export", "-s", workspace.Stack)).With(0).All);
        Assert.Contains(FromSettings, (await workspace.RunAsync("stack", "output", "login", "--show-secrets", "-s", workspace.Stack)).With(0).Out, StringComparison.Ordinal);

        // A run that is cut off leaves its journal.
        await objects.RemoveAsync("app");
        await using (var cut = ProvisionProcess.Start(workspace, "up", workspace.Stack, "--yes", "--skip-preview"))
        {
            await LabNamespaces.UntilAsync(() => Task.FromResult(File.Exists(workspace.Journal)), TimeSpan.FromSeconds(60), cut.ErrorSoFar);
            cut.Kill();
            said.Append((await cut.EndAsync()).All);
        }

        AssertNoSecret(workspace, said.ToString());
        said.Append((await workspace.UpAsync()).With(0).All);
        said.Append((await workspace.DestroyAsync()).With(0).All);
        AssertNoSecret(workspace, said.ToString());
        Assert.Empty(await objects.AllAsync());
    }

    [Fact]
    public async Task A_wrong_or_missing_passphrase_is_told_before_anything_is_done()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-phrase").Declare("Vault", Source, ("endpoint", lab.Endpoint));
        using var objects = new StampedObjects(lab, workspace.Stack);
        workspace.With("PULUMI_CONFIG_PASSPHRASE", "correct horse");
        (await workspace.RunAsync("config", "set", "password", FromSettings, "--secret", "-s", workspace.Stack)).With(0);
        var before = await File.ReadAllTextAsync(workspace.SettingsPath, TestContext.Current.CancellationToken);

        workspace.With("PULUMI_CONFIG_PASSPHRASE", "battery staple");
        var ended = (await workspace.UpAsync()).WithOneError(3, "PROV1250");

        Assert.DoesNotContain("battery", ended.All, StringComparison.Ordinal);
        Assert.Contains("PULUMI_CONFIG_PASSPHRASE", ended.Error, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(workspace.SettingsPath, TestContext.Current.CancellationToken));
        Assert.Empty(await objects.AllAsync());
    }

    private static void AssertNoSecret(TestWorkspace workspace, string said)
    {
        foreach (var secret in new[] { FromSettings, FromDefinition, "correct horse" })
        {
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            var bytes = Encoding.UTF8.GetBytes(secret);
            foreach (var file in workspace.WrittenFiles().Where(file => !file.Contains("/cache/", StringComparison.Ordinal) || secret != FromDefinition))
            {
                // The compiled definition holds what the user wrote into its source; every other file must not.
                Assert.True(File.ReadAllBytes(file).AsSpan().IndexOf(bytes) < 0, $"{file} holds {secret}");
            }
        }

        Assert.DoesNotContain(FromSettings, File.ReadAllText(workspace.SettingsPath), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(workspace.StateFolder, "*", SearchOption.AllDirectories))
        {
            Assert.True(new FileInfo(file).UnixFileMode == (UnixFileMode.UserRead | UnixFileMode.UserWrite), $"{file} has mode {new FileInfo(file).UnixFileMode}");
        }
    }
}
