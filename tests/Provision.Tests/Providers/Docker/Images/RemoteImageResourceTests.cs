using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class RemoteImageResourceTests : IDisposable
{
    private const string ImageId = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly Urn Urn = Urn.Create("lab", "tests", null, new ResourceType("docker:index/remoteImage:RemoteImage"), "nginx");

    private readonly TempFolder _folder = new TempFolder().File("Dockerfile", "FROM scratch\n").File("sub/Dockerfile", "FROM scratch\n");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Nginx")]
    [InlineData("nginx:")]
    [InlineData(ImageId)]
    public void A_bad_name_is_refused(string name) => Assert.Equal("name", Assert.Single(Check(PropertyMap.Of(("name", name))).Failures).Path.ToString());

    [Fact]
    public void Another_spelling_of_the_name_is_no_change()
    {
        var seen = PropertyMap.Of(("name", "nginx"), ("platform", ""));

        Assert.False(Diff(PropertyMap.Of(("name", "nginx")), seen, PropertyMap.Of(("name", "docker.io/library/nginx:latest"))).HasChanges);
        Assert.True(Diff(PropertyMap.Of(("name", "nginx")), seen, PropertyMap.Of(("name", "nginx:1.27"))).Replaces);
    }

    [Fact]
    public void What_only_steers_removal_is_recorded_and_triggers_bring_a_new_image()
    {
        var old = PropertyMap.Of(("name", "nginx"), ("pullTriggers", PropertyValue.ListOf(["a", "b"])));

        Assert.False(Diff(old, old, PropertyMap.Of(("name", "nginx"), ("pullTriggers", PropertyValue.ListOf(["b", "a"])))).HasChanges);
        Assert.True(Diff(old, old, PropertyMap.Of(("name", "nginx"), ("pullTriggers", PropertyValue.ListOf(["c"])))).Replaces);
        var kept = Diff(old, old, old.With("keepLocally", true).With("forceRemove", true));
        Assert.Equal(["forceRemove", "keepLocally"], kept.Changes.Select(change => change.Path.ToString()));
        Assert.False(kept.Replaces);
        Assert.Contains("imageId", kept.Stables);
    }

    [Fact]
    public void Credentials_of_a_build_are_no_part_of_a_comparison()
    {
        var old = Built(("authConfigs", PropertyValue.ListOf([PropertyMap.Of(("hostName", "ghcr.io"), ("userName", "ann"), ("password", "old"))])));

        Assert.False(Diff(old, old, Built(("authConfigs", PropertyValue.ListOf([PropertyMap.Of(("hostName", "ghcr.io"), ("userName", "bob"), ("password", "new"))])))).HasChanges);
        Assert.False(Diff(old, old, Built()).HasChanges);
    }

    [Theory]
    [InlineData("buildId")]
    [InlineData("sessionId")]
    public void What_belongs_to_a_session_we_do_not_have_is_refused(string name) =>
        Assert.Equal($"build.{name}", Assert.Single(Check(Built((name, "x"))).Failures).Path.ToString());

    [Fact]
    public void Contradictions_are_refused_all_at_once()
    {
        var inputs = Built(
            ("useLegacyBuilder", true), ("sbom", "true"), ("secrets", PropertyValue.ListOf([PropertyMap.Of(("id", "a"), ("src", "f"), ("env", "E"))])), ("dockerfile", "nowhere"))
            .With("pullTriggers", PropertyValue.ListOf(["x"]));

        Assert.Equal(
            ["build.dockerfile", "build.sbom", "build.secrets", "build.secrets[0]", "pullTriggers"],
            Check(inputs).Failures.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
        Assert.All(Check(inputs).Failures, failure => Assert.NotEmpty(failure.Remedy ?? ""));
        Assert.Equal("build.memory", Assert.Single(Check(Built(("version", "2"), ("memory", 5))).Failures).Path.ToString());
    }

    [Fact]
    public void A_Dockerfile_is_looked_for_in_the_context_and_a_remote_context_is_not_looked_into()
    {
        Assert.Empty(Check(Built(("dockerfile", "sub/Dockerfile"))).Failures);
        Assert.Equal("build.context", Assert.Single(Check(Built(("context", "nowhere"))).Failures).Path.ToString());
        Assert.Empty(Check(Built(("context", "nowhere"), ("remoteContext", "https://example.org/ctx.tar"))).Failures);
        Assert.Empty(Check(Built(("context", PropertyValue.Unknown.Value))).Failures);
    }

    [Theory]
    [InlineData("noCache", nameof(BuildTool.Engine))]
    [InlineData("ulimits", nameof(BuildTool.Client))]
    [InlineData("sbom", nameof(BuildTool.BuildKit))]
    public void The_lightest_tool_that_can_do_it_builds(string input, string tool)
    {
        PropertyValue value = input switch
        {
            "noCache" => true,
            "ulimits" => PropertyValue.ListOf([PropertyMap.Of(("name", "nofile"), ("soft", 1), ("hard", 2))]),
            _ => "true",
        };

        Assert.Equal(tool, Spec(Built((input, value))).Tool.ToString());
    }

    [Fact]
    public void Every_option_reaches_the_client_and_no_argument_s_value_does()
    {
        var spec = Spec(Built(
            ("buildArgs", PropertyMap.Of(("TOKEN", new PropertyValue.Secret("hunter2")), ("PATH", "/opt"))), ("labels", PropertyMap.Of(("a", "b"))), ("tags", PropertyValue.ListOf(["x:2"])),
            ("cacheFroms", PropertyValue.ListOf(["c"])), ("cacheTos", PropertyValue.ListOf(["type=inline"])), ("extraHosts", PropertyValue.ListOf(["h:1.2.3.4"])),
            ("additionalContexts", PropertyValue.ListOf(["n=p"])), ("networkMode", "host"), ("platform", "linux/arm64"), ("target", "t"), ("builder", "b"), ("provenance", "false"), ("sbom", "true"),
            ("secrets", PropertyValue.ListOf([PropertyMap.Of(("id", "s"), ("env", "E")), PropertyMap.Of(("id", "f"), ("src", "file"))])), ("noCache", true), ("pullParent", true), ("shmSize", 64),
            ("ulimits", PropertyValue.ListOf([PropertyMap.Of(("name", "nofile"), ("soft", 1), ("hard", 2))])), ("cgroupParent", "/g")));

        var line = string.Join(' ', BuildArguments.Of(spec, buildx: true, "/id", Machine()));

        Assert.Equal(
            "buildx build --load --iidfile /id --progress plain --tag built:1 --tag x:2 --build-arg PATH=/opt --build-arg TOKEN --label a=b --cache-from c --cache-to type=inline "
            + "--add-host h:1.2.3.4 --build-context n=p --secret id=s,env=E --secret id=f,src=file --ulimit nofile=1:2 --network host --platform linux/arm64 --target t --builder b "
            + $"--provenance false --sbom true --cgroup-parent /g --shm-size 64 --no-cache --pull --file {_folder["Dockerfile"]} {_folder.Path}",
            line);
    }

    private CheckResponse Check(PropertyMap inputs) => Resource().Check(new CheckRequest(Urn, PropertyMap.Empty, inputs));

    private DiffResponse Diff(PropertyMap oldInputs, PropertyMap seen, PropertyMap now) => Resource().Diff(new DiffRequest(Urn, ImageId + "nginx", oldInputs, seen, now));

    private BuildSpec Spec(PropertyMap inputs) => RemoteImageInputs.SpecOf(inputs, RemoteImageInputs.BuildOf(inputs) ?? throw new InvalidOperationException("No build."), Machine());

    private RemoteImageResource Resource() => new(Machine(), new RegistryCredentials(Machine(), []));

    private LocalMachine Machine() => new(_folder.Path, ImmutableDictionary<string, string>.Empty.Add("PATH", "/nowhere"));

    private static PropertyMap Built(params Property[] build) => PropertyMap.Of(("name", "built:1"), ("build", PropertyMap.Of([("context", "."), .. build])));
}
