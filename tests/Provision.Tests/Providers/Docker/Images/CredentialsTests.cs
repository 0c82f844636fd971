using System.Collections.Immutable;
using System.Text;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class CredentialsTests : IDisposable
{
    private readonly TempFolder _home = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _home.Dispose();

    [Theory]
    [InlineData("docker.io", "docker.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("registry-1.docker.io", "docker.io")]
    [InlineData("", "docker.io")]
    [InlineData("HTTPS://Ghcr.io/v2/", "ghcr.io")]
    [InlineData("http://localhost:5000", "localhost:5000")]
    [InlineData("registry.example.edu:8443/lab", "registry.example.edu:8443")]
    public void A_registry_has_one_host_however_it_is_written(string address, string host) => Assert.Equal(host, RegistryAddress.HostOf(address));

    [Theory]
    [InlineData("""{"auths":{"https://index.docker.io/v1/":{"auth":"AUTH"}}}""", "docker.io")]
    [InlineData("""{"auths":{"docker.io":{"auth":"AUTH"}}}""", "docker.io")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"AUTH"}},"credsStore":"","credHelpers":{}}""", "ghcr.io")]
    [InlineData("""{"auths":{"https://ghcr.io/v2/":{"auth":"AUTH"}}}""", "ghcr.io")]
    [InlineData("""{"auths":{"ghcr.io":{"username":"user","password":"pass:word"}}}""", "ghcr.io")]
    [InlineData("""{"auths":{"ghcr.io/team":{"auth":"b3RoZXI6eA=="},"ghcr.io":{"auth":"AUTH"}}}""", "ghcr.io")]
    public async Task The_Docker_client_s_file_is_read(string config, string host)
    {
        _home.File(".docker/config.json", config.Replace("AUTH", Convert.ToBase64String(Encoding.UTF8.GetBytes("user:pass:word")), StringComparison.Ordinal));

        var found = (await Finder().FindAsync(host, Token)).Credential?.For(host);

        Assert.Equal(("user", "pass:word"), (found?.Username, found?.Password));
        Assert.Equal(host == "docker.io" ? "https://index.docker.io/v1/" : host, found?.ServerAddress);
    }

    [Fact]
    public async Task An_identity_token_goes_as_such()
    {
        _home.File(".docker/config.json", """{"auths":{"ghcr.io":{"auth":"MDAwMA==","identitytoken":"refresh"}}}""");

        Assert.Equal("refresh", (await Finder().FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io").IdentityToken);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"s3cr3t"}""")]
    public async Task A_file_that_cannot_be_read_is_told_without_its_content_and_the_registry_is_asked_without(string config)
    {
        _home.File(".docker/config.json", config);

        var lookup = await Finder().FindAsync("ghcr.io", Token);

        Assert.Null(lookup.Credential);
        Assert.StartsWith("no credentials were used: ", lookup.Told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", lookup.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"not base64"}}}""")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"bm9jb2xvbg=="}}}""")]
    [InlineData("""{"auths":{"ghcr.io":"text"}}""")]
    [InlineData("""{"auths":[1],"credHelpers":7}""")]
    [InlineData("""{"auths":{"ghcr.io":{}}}""")]
    [InlineData("{}")]
    public async Task An_entry_that_says_nothing_is_passed_over(string config)
    {
        _home.File(".docker/config.json", config);

        Assert.Equal("no credentials were used", (await Finder().FindAsync("ghcr.io", Token)).Told);
    }

    [Fact]
    public async Task Without_a_file_or_a_home_there_are_none()
    {
        Assert.Null((await Finder().FindAsync("ghcr.io", Token)).Credential);
        var homeless = new RegistryCredentials(new LocalMachine(_home.Path, ImmutableDictionary<string, string>.Empty), []);
        Assert.Null((await homeless.FindAsync("ghcr.io", Token)).Credential);
    }

    [Fact]
    public async Task DOCKER_CONFIG_names_the_folder_before_the_home()
    {
        _home.File(".docker/config.json", """{"auths":{"ghcr.io":{"username":"home","password":"x"}}}""");
        _home.File("elsewhere/config.json", """{"auths":{"ghcr.io":{"username":"elsewhere","password":"x"}}}""");

        Assert.Equal("elsewhere", (await Finder(variables: ("DOCKER_CONFIG", _home["elsewhere"])).FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io").Username);
    }

    [Fact]
    public async Task A_helper_gets_the_registry_on_its_input_and_the_environment_and_answers_in_JSON()
    {
        Helper("lab", """read server; printf '{"Username":"%s","Secret":"from %s"}' "$LAB_USER" "$server" """);
        _home.File(".docker/config.json", """{"credsStore":"lab"}""");

        var found = (await Finder(variables: ("LAB_USER", "ann")).FindAsync("docker.io", Token)).Credential?.For("docker.io");

        Assert.Equal(("ann", "from https://index.docker.io/v1/"), (found?.Username, found?.Password));
    }

    [Fact]
    public async Task A_registry_s_own_helper_goes_before_the_common_one_and_a_token_is_no_password()
    {
        Helper("common", "echo no >&2; exit 9");
        Helper("own", """echo '{"Username":"<token>","Secret":"tok"}'""");
        _home.File(".docker/config.json", """{"credsStore":"common","credHelpers":{"ghcr.io":"own"}}""");

        var found = (await Finder().FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io");

        Assert.Equal(("tok", null), (found?.IdentityToken, found?.Password));
    }

    [Fact]
    public async Task What_a_helper_does_not_know_may_still_be_in_the_file()
    {
        Helper("lab", "echo 'credentials not found in native keychain'; exit 1");
        _home.File(".docker/config.json", """{"credsStore":"lab","auths":{"ghcr.io":{"username":"file","password":"x"}}}""");

        Assert.Equal("file", (await Finder().FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io").Username);
        Assert.Equal("no credentials were used", (await Finder().FindAsync("quay.io", Token)).Told);
    }

    [Theory]
    [InlineData("echo 's3cr3t spilled'; exit 3", "ended with code 3")]
    [InlineData("echo 's3cr3t'", "something else than credentials")]
    [InlineData("""echo '{"Username":1,"Secret":"s3cr3t"}'""", "something else than credentials")]
    [InlineData(null, "not in PATH")]
    public async Task A_helper_that_fails_is_told_by_name_without_what_it_said(string? script, string why)
    {
        if (script is not null)
        {
            Helper("lab", script);
        }

        _home.File(".docker/config.json", """{"credsStore":"lab"}""");

        var told = (await Finder().FindAsync("ghcr.io", Token)).Told;

        Assert.Contains("'docker-credential-lab'", told, StringComparison.Ordinal);
        Assert.Contains(why, told, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_helper_s_name_cannot_lead_out_of_the_search_path()
    {
        _home.File(".docker/config.json", """{"credsStore":"x/../../evil"}""");

        Assert.Contains("not in PATH", (await Finder().FindAsync("ghcr.io", Token)).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_provider_s_entry_for_a_registry_goes_before_the_client_s_file()
    {
        _home.File(".docker/config.json", """{"auths":{"ghcr.io":{"username":"file","password":"x"},"quay.io":{"username":"file","password":"x"},"off.io":{"username":"file","password":"x"}}}""");
        _home.File("other.json", """{"auths":{"lab.io":{"username":"other","password":"x"}}}""");
        var entries = PropertyValue.ListOf(
        [
            PropertyMap.Of(("address", "https://ghcr.io/"), ("username", "ann"), ("password", new PropertyValue.Secret("pw"))),
            PropertyMap.Of(("address", "quay.io"), ("configFileContent", """{"auths":{"quay.io":{"username":"content","password":"x"}}}""")),
            PropertyMap.Of(("address", "lab.io"), ("configFile", "other.json")),
            PropertyMap.Of(("address", "off.io"), ("authDisabled", true)),
            PropertyMap.Of(("username", "no address")),
        ]);
        var finder = Finder(PropertyMap.Of(("registryAuth", entries)));

        Assert.Equal("ann", (await finder.FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io").Username);
        Assert.Equal("content", (await finder.FindAsync("quay.io", Token)).Credential?.For("quay.io").Username);
        Assert.Equal("other", (await finder.FindAsync("lab.io", Token)).Credential?.For("lab.io").Username);
        Assert.Null((await finder.FindAsync("off.io", Token)).Credential);
    }

    [Fact]
    public async Task The_provider_s_entries_may_be_JSON_text()
    {
        var finder = Finder(PropertyMap.Of(("registryAuth", """[{"address":"ghcr.io","username":"ann","password":"pw"},{"address":"x"}]""")));

        Assert.Equal("pw", (await finder.FindAsync("ghcr.io", Token)).Credential?.For("ghcr.io").Password);
        Assert.Null((await Finder(PropertyMap.Of(("registryAuth", "nonsense"))).FindAsync("ghcr.io", Token)).Credential);
    }

    [Fact]
    public void A_credential_says_nothing_of_itself()
    {
        var credential = RegistryCredential.OfPassword("ann", "hunter2");

        Assert.DoesNotContain("hunter2", $"{credential} {new CredentialLookup(credential)} {new RegistryAuthSetting("h", credential, null, "hunter2", false)}", StringComparison.Ordinal);
        Assert.Equal("a [secret] b", new CredentialLookup(credential).Mask("a hunter2 b"));
    }

    private void Helper(string name, string script) =>
        _home.File($"bin/docker-credential-{name}", $"#!/bin/sh\n{script}\n").Mode($"bin/docker-credential-{name}", UnixFileMode.UserRead | UnixFileMode.UserExecute);

    private RegistryCredentials Finder(PropertyMap? provider = null, params (string, string)[] variables) =>
        new(
            new LocalMachine(_home.Path, variables.Append(("HOME", _home.Path)).Append(("PATH", $"{_home["bin"]}:/usr/bin:/bin")).ToImmutableDictionary(pair => pair.Item1, pair => pair.Item2)),
            RegistryAuthSetting.Read(provider ?? PropertyMap.Empty));
}
