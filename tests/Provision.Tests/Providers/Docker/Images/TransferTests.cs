using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Providers.Docker;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class TransferTests
{
    private readonly Heard _heard = new();

    [Fact]
    public void Layers_are_added_up()
    {
        var progress = new TransferProgress("pulling web:1", _heard);
        Tell(progress, ("1.27", "Pulling from library/web", 0, 0), ("a", "Pulling fs layer", 0, 0), ("b", "Already exists", 0, 0), ("a", "Downloading", 50, 200),
            ("c", "Downloading", 10, 100), ("a", "Download complete", 0, 0), ("a", "Extracting", 3, 200), ("a", "Pull complete", 0, 0));

        Assert.Equal(
            [
                ("pulling web:1: 0 of 1 layers", null, null), ("pulling web:1: 1 of 2 layers", null, null), ("pulling web:1: 1 of 2 layers", 50, 200),
                ("pulling web:1: 1 of 3 layers", 60, 300), ("pulling web:1: 1 of 3 layers", 210, 300), ("pulling web:1: 1 of 3 layers", 210, 300),
                ("pulling web:1: 2 of 3 layers", 210, 300),
            ],
            _heard.All);
    }

    [Fact]
    public void A_layer_larger_than_announced_never_makes_more_than_the_whole()
    {
        var progress = new TransferProgress("pushing web:1", _heard);
        Tell(progress, ("a", "Pushing", 50, 0), ("a", "Pushing", 300, 200), ("b", "Mounted from lab/base", 0, 0), ("a", "Pushed", 0, 0));

        Assert.All(_heard.All, said => Assert.True(said.Done <= said.Total));
        Assert.Equal("pushing web:1: 2 of 2 layers", _heard.All[^1].Text);
    }

    [Theory]
    [InlineData("Get \"https://r.io/v2/\": dial tcp: lookup r.io: no such host", true, ProviderFailure.Unreachable)]
    [InlineData("Get \"https://r.io/v2/\": net/http: TLS handshake timeout", true, ProviderFailure.Unreachable)]
    [InlineData("x509: certificate signed by unknown authority", false, ProviderFailure.Unreachable)]
    [InlineData("unauthorized: authentication required", true, ProviderFailure.Unauthorized)]
    [InlineData("Get \"https://r.io/v2/\": no basic auth credentials", false, ProviderFailure.Unauthorized)]
    [InlineData("denied: requested access to the resource is denied", true, ProviderFailure.Unauthorized)]
    [InlineData("pull access denied for x, repository does not exist or may require 'docker login'", false, ProviderFailure.Refused)]
    [InlineData("pull access denied for x, repository does not exist or may require 'docker login'", true, ProviderFailure.Unauthorized)]
    [InlineData("manifest for r.io/x:1 not found: manifest unknown", true, ProviderFailure.Refused)]
    [InlineData("toomanyrequests: You have reached your pull rate limit.", false, ProviderFailure.Refused)]
    [InlineData("something else", false, ProviderFailure.Refused)]
    public void A_registry_s_refusal_is_understood(string message, bool known, ProviderFailure failure)
    {
        var lookup = known ? new CredentialLookup(RegistryCredential.OfPassword("ann", "hunter2")) : CredentialLookup.Nothing;

        var refusal = RegistryRefusal.Translate("pull image 'r.io/x:1'", ImageReference.Parse("r.io/x:1"), lookup, message + " hunter2");

        Assert.Equal(failure, refusal.Failure);
        Assert.Contains("r.io/x:1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(known ? "(credentials were used)" : "(no credentials were used)", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(!known, refusal.Message.Contains("hunter2", StringComparison.Ordinal));
        Assert.NotEmpty(refusal.Remedy ?? "");
    }

    [Theory]
    [InlineData("FROM nginx", "docker.io")]
    [InlineData("from --platform=$BUILDPLATFORM ghcr.io/a/b:1 as build\nFROM build\nCOPY --from=build /a /b\nCOPY --chown=1 --from=quay.io/x /a /b\nCOPY --from=0 /a /b", "ghcr.io quay.io")]
    [InlineData("ARG BASE=ghcr.io/a\nFROM ${BASE}:1", "ghcr.io")]
    [InlineData("ARG OTHER\nFROM ${OTHER:-r.io/a}", "r.io")]
    [InlineData("ARG GIVEN=ghcr.io/a\nFROM $GIVEN", "given.io")]
    [InlineData("FROM scratch\nRUN --mount=type=bind,from=localhost:5000/tools,target=/t make", "localhost:5000")]
    [InlineData("FROM $UNKNOWN\nFROM\nFROM --x\nnonsense", "")]
    public void The_registries_of_a_Dockerfile_s_base_images_are_found(string dockerfile, string registries) =>
        Assert.Equal(registries, string.Join(' ', DockerfileImages.RegistriesOf(dockerfile, new Dictionary<string, string> { ["GIVEN"] = "given.io/x" })));

    private static void Tell(TransferProgress progress, params (string Id, string Status, long Current, long Total)[] messages)
    {
        foreach (var (id, status, current, total) in messages)
        {
            progress.Report(new JSONMessage { ID = id, Status = status, Progress = total > 0 || current > 0 ? new JSONProgress { Current = current, Total = total } : null });
        }
    }
}
