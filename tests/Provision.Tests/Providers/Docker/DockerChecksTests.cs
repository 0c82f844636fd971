using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.Tests.Providers.Docker;

/// <summary>Bad input is found before anything is touched, with its place.</summary>
public sealed class DockerChecksTests
{
    private static readonly Urn Web = Urn.Create("lab", "tests", null, new ResourceType("docker:index/container:Container"), "web");

    [Fact]
    public void Every_mistake_is_found_at_once()
    {
        var failures = Check(PropertyMap.Of(
            ("name", "x"), ("memory", "much"), ("restart", "sometimes"), ("command", "run"), ("envs", PropertyValue.ListOf(["A=1", "no"])),
            ("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 70000)), PropertyMap.Of(("external", 1))])), ("volume", true), ("cpuShares", 1.5)));

        Assert.Equal(
            ["command", "cpuShares", "envs[1]", "image", "memory", "name", "ports[0].internal", "ports[1].internal", "restart", "volume"],
            failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_failure_says_what_is_expected()
    {
        var failure = Assert.Single(Check(PropertyMap.Of(("image", "nginx"), ("memory", "much"))));

        Assert.Equal("expected a whole number of 0 or more, got text", failure.Reason);
    }

    [Fact]
    public void A_near_miss_is_suggested() =>
        Assert.Equal("Do you mean 'envs'?", Assert.Single(Check(PropertyMap.Of(("image", "nginx"), ("env", PropertyValue.ListOf(["A=1"]))))).Remedy);

    [Fact]
    public void Unknowns_and_secrets_pass() =>
        Assert.Empty(Check(PropertyMap.Of(
            ("image", PropertyValue.Unknown.Value), ("envs", PropertyValue.ListOf([new PropertyValue.Secret("A=1"), PropertyValue.Unknown.Value])), ("ports", PropertyValue.ListOf([PropertyValue.Unknown.Value])))));

    [Fact]
    public void A_malformed_secret_is_not_repeated() =>
        Assert.DoesNotContain("hunter2", Assert.Single(Check(PropertyMap.Of(("image", "nginx"), ("envs", PropertyValue.ListOf([new PropertyValue.Secret("hunter2")]))))).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("maxRetryCount")]
    [InlineData("rm")]
    [InlineData("memorySwap")]
    [InlineData("uploads[0]")]
    [InlineData("volumes[0]")]
    [InlineData("networksAdvanced[0].name")]
    public void What_does_not_go_together_is_refused(string path)
    {
        var inputs = PropertyMap.Of(("image", "nginx")).Merge(path switch
        {
            "maxRetryCount" => PropertyMap.Of(("maxRetryCount", 3), ("restart", "always")),
            "rm" => PropertyMap.Of(("rm", true), ("restart", "always")),
            "memorySwap" => PropertyMap.Of(("memory", 128), ("memorySwap", 64)),
            "uploads[0]" => PropertyMap.Of(("uploads", PropertyValue.ListOf([PropertyMap.Of(("file", "/a"), ("content", "x"), ("source", "/y"))]))),
            "volumes[0]" => PropertyMap.Of(("volumes", PropertyValue.ListOf([PropertyMap.Of(("hostPath", "/a"))]))),
            _ => PropertyMap.Of(("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "a")), PropertyMap.Of(("name", "a"))]))),
        });

        Assert.Equal(path, Assert.Single(Check(inputs)).Path.ToString());
    }

    [Fact]
    public void A_name_is_made_of_the_urn_and_kept()
    {
        var first = new ContainerResource(TimeProvider.System).Check(new CheckRequest(Web, PropertyMap.Empty, PropertyMap.Of(("image", "nginx")))).Inputs;
        var second = new ContainerResource(TimeProvider.System).Check(new CheckRequest(Web, PropertyMap.Of(("name", "web-old")), PropertyMap.Of(("image", "nginx")))).Inputs;

        Assert.Matches("^web-[0-9a-f]{7}$", first["name"].ToString());
        Assert.Equal("web-old", second["name"].ToString());
    }

    [Theory]
    [InlineData("unix:///var/run/docker.sock", null)]
    [InlineData("tcp://10.0.0.1:2376", null)]
    [InlineData("ssh://ops@lab-01", "host transport")]
    [InlineData("unix://docker.sock", "three slashes")]
    [InlineData("npipe:////./pipe/docker_engine", "unix:///")]
    [InlineData("nonsense", "unix:///")]
    public void Hosts_are_those_it_can_reach(string host, string? remedy)
    {
        var failures = new DockerProviderFactory(TimeProvider.System).CheckConfig(PropertyMap.Of(("host", host))).Failures;

        Assert.Equal(remedy is not null, failures.Length == 1);
        Assert.All(failures, failure => Assert.Contains(remedy ?? "", failure.Remedy, StringComparison.Ordinal));
    }

    [Fact]
    public void Another_host_is_another_world_and_other_certificates_are_not()
    {
        var factory = new DockerProviderFactory(TimeProvider.System);
        var here = PropertyMap.Of(("host", "tcp://a:2376"));

        Assert.True(factory.ConfigReplaces(here, PropertyMap.Of(("host", "tcp://b:2376"))));
        Assert.False(factory.ConfigReplaces(here, here.With("certPath", "/certs")));
        Assert.False(factory.ConfigReplaces(PropertyMap.Empty, PropertyMap.Of(("host", DockerEndpoint.DefaultHost))));
    }

    [Fact]
    public async Task Trap_20_an_unknown_type_is_an_error_and_never_gone()
    {
        await using var provider = new DockerProviderFactory(TimeProvider.System).Open(PropertyMap.Empty);
        var urn = Urn.Create("lab", "tests", null, new ResourceType("docker:index/service:Service"), "web");

        Assert.Single(provider.Check(new CheckRequest(urn, PropertyMap.Empty, PropertyMap.Empty)).Failures);
        await Assert.ThrowsAsync<ProviderException>(() => provider.ReadAsync([new ReadRequest(urn, "id", PropertyMap.Empty, PropertyMap.Empty)], TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", false)]
    [InlineData("10.1.0.0/16", "fd00::/16", false)]
    [InlineData("10.1.0.0/16", null, false)]
    public void Subnets_overlap_where_they_share_an_address(string left, string? right, bool overlap) => Assert.Equal(overlap, Subnets.Overlap(left, right));

    private static ImmutableArray<CheckFailure> Check(PropertyMap inputs) =>
        new ContainerResource(TimeProvider.System).Check(new CheckRequest(Web, PropertyMap.Empty, inputs.ContainsKey("name") ? inputs : inputs.With("name", "web"))).Failures;
}
