using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class ImageResourceTests : IDisposable
{
    private static readonly Urn Urn = Urn.Create("lab", "tests", null, new ResourceType("docker:index/image:Image"), "web");

    private readonly TempFolder _folder = new();
    private readonly TempFolder _other = new();

    public ImageResourceTests()
    {
        _folder.File("Dockerfile", "FROM scratch\n").File("data", "1");
        _other.File("Dockerfile", "FROM scratch\n").File("data", "1");
    }

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Checking_adds_a_digest_of_the_files_and_nothing_of_this_machine()
    {
        var checkedInputs = Check(PropertyMap.Of(("imageName", "web:1"))).Inputs;

        Assert.Equal(
            PropertyMap.Of(
                ("build", PropertyMap.Of(("contextDigest", Digest(checkedInputs)))), ("buildOnPreview", false), ("imageName", "web:1"), ("skipPush", false)),
            checkedInputs);
        Assert.Equal(checkedInputs, new ImageResource(Machine(_other), Finder(_other)).Check(new CheckRequest(Urn, PropertyMap.Empty, PropertyMap.Of(("imageName", "web:1")))).Inputs);
        Assert.Equal(checkedInputs, Check(checkedInputs).Inputs);
    }

    [Fact]
    public void A_context_that_another_resource_makes_has_an_unknown_digest()
    {
        var response = Check(PropertyMap.Of(("imageName", "web:1"), ("build", PropertyMap.Of(("context", PropertyValue.Unknown.Value)))));

        Assert.Empty(response.Failures);
        Assert.IsType<PropertyValue.Unknown>(Digest(response.Inputs));
        Assert.Empty(Check(PropertyMap.Of(("imageName", PropertyValue.Unknown.Value), ("build", PropertyValue.Unknown.Value))).Failures);
    }

    [Theory]
    [InlineData("Web", "imageName", "capital")]
    [InlineData("", "imageName", "empty")]
    [InlineData("web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "imageName", "digest")]
    public void A_bad_name_is_refused(string name, string path, string reason)
    {
        var failure = Assert.Single(Check(PropertyMap.Of(("imageName", name))).Failures);

        Assert.Equal(path, failure.Path.ToString());
        Assert.Contains(reason, failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_refused_with_path_and_remedy()
    {
        var context = Assert.Single(Check(PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("context", "nowhere"))))).Failures);
        Assert.Equal(("build.context", true), (context.Path.ToString(), context.Remedy is { Length: > 0 }));
        var dockerfile = Assert.Single(Check(PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("dockerfile", "Nofile"))))).Failures);
        Assert.Equal(("build.dockerfile", true), (dockerfile.Path.ToString(), dockerfile.Remedy is { Length: > 0 }));
        var many = Check(PropertyMap.Of(("build", PropertyMap.Of(("builderVersion", "BuilderV3"), ("context", 7), ("target ", "x"))))).Failures;
        Assert.Equal(["build.builderVersion", "build.context", "build.target ", "imageName"], many.Select(failure => failure.Path.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void To_push_there_must_be_a_registry_in_the_name()
    {
        var registry = PropertyMap.Of(("server", "ghcr.io"));
        Assert.Equal("imageName", Assert.Single(Check(PropertyMap.Of(("imageName", "web"), ("registry", registry))).Failures).Path.ToString());
        Assert.Empty(Check(PropertyMap.Of(("imageName", "web"), ("registry", registry), ("skipPush", true))).Failures);
        Assert.Empty(Check(PropertyMap.Of(("imageName", "ghcr.io/web"), ("registry", registry))).Failures);
    }

    [Fact]
    public void A_password_becomes_a_secret_and_is_remembered_nowhere()
    {
        var inputs = Check(PropertyMap.Of(("imageName", "ghcr.io/web"), ("registry", PropertyMap.Of(("username", "ann"), ("password", "hunter2"))))).Inputs;

        Assert.DoesNotContain("hunter2", inputs.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", ImageInputs.Remembered(inputs).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("ann", ImageInputs.Remembered(inputs).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_files_in_another_place_are_no_change()
    {
        var before = Check(PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("context", _folder.Path))))).Inputs;
        var now = Check(PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("context", _other.Path), ("dockerfile", _other["Dockerfile"]))))).Inputs;

        Assert.False(Diff(before, now).HasChanges);
        _other.File("data", "2");
        var changed = Check(PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("context", _other.Path))))).Inputs;
        Assert.Contains("build.contextDigest", Diff(before, changed).Changes.Select(change => change.Path.ToString()));
    }

    [Fact]
    public void Rotated_credentials_and_settings_of_ours_are_no_change_but_another_server_is()
    {
        var before = Check(Pushed("ghcr.io", "ann", "old", previews: false)).Inputs;

        Assert.False(Diff(before, Check(Pushed("ghcr.io", "bob", "new", previews: true).With("__stamp", PropertyMap.Of(("provision.owner", "bob")))).Inputs).HasChanges);
        Assert.Equal("registry.server", Assert.Single(Diff(before, Check(Pushed("quay.io", "ann", "old", previews: false)).Inputs).Changes).Path.ToString());
    }

    [Fact]
    public void Every_other_input_builds_again_and_none_replaces()
    {
        var before = Check(PropertyMap.Of(("imageName", "web:1"))).Inputs;
        PropertyMap[] changed =
        [
            PropertyMap.Of(("imageName", "web:2")),
            PropertyMap.Of(("imageName", "web:1"), ("skipPush", true)),
            .. new Property[]
            {
                ("addHosts", PropertyValue.ListOf(["a:127.0.0.1"])), ("args", PropertyMap.Of(("A", "1"))), ("builderVersion", "BuilderV1"),
                ("cacheFrom", PropertyMap.Of(("images", PropertyValue.ListOf(["x"])))), ("network", "host"), ("platform", "linux/arm64"), ("target", "final"),
            }.Select(build => PropertyMap.Of(("imageName", "web:1"), ("build", PropertyMap.Of(build)))),
        ];

        foreach (var inputs in changed)
        {
            var diff = Diff(before, Check(inputs).Inputs);
            Assert.True(diff.HasChanges, inputs.ToString());
            Assert.False(diff.Replaces);
            Assert.DoesNotContain("repoDigest", diff.Stables);
            Assert.NotNull(diff.Reason);
        }
    }

    [Fact]
    public void A_secret_argument_is_compared_by_value_and_shown_to_nobody()
    {
        var before = Check(Args(new PropertyValue.Secret("hunter2"))).Inputs;

        Assert.False(Diff(before, Check(Args(new PropertyValue.Secret("hunter2"))).Inputs).HasChanges);
        foreach (var now in new[] { Args(new PropertyValue.Secret("hunter3")), PropertyMap.Of(("imageName", "web")) })
        {
            var change = Assert.Single(Diff(before, Check(now).Inputs).Changes);
            Assert.DoesNotContain("hunter", $"{change.Old} {change.New}", StringComparison.Ordinal);
        }

        static PropertyMap Args(PropertyValue token) => PropertyMap.Of(("imageName", "web"), ("build", PropertyMap.Of(("args", PropertyMap.Of(("TOKEN", token))))));
    }

    [Fact]
    public void A_state_without_remembered_inputs_is_compared_by_its_recorded_ones()
    {
        var inputs = Check(PropertyMap.Of(("imageName", "web"))).Inputs;

        Assert.False(Resource().Diff(new DiffRequest(Urn, "web", inputs, PropertyMap.Of(("imageName", "web")), inputs)).HasChanges);
    }

    private DiffResponse Diff(PropertyMap before, PropertyMap now) => Resource().Diff(
        new DiffRequest(Urn, "web", before, PropertyMap.Of((ImageResource.InputsKey, new PropertyValue.Secret(ImageInputs.Remembered(before)))), now));

    private CheckResponse Check(PropertyMap inputs) => Resource().Check(new CheckRequest(Urn, PropertyMap.Empty, inputs));

    private ImageResource Resource() => new(Machine(_folder), Finder(_folder));

    private static PropertyMap Pushed(string server, string user, string password, bool previews) => PropertyMap.Of(
        ("imageName", "ghcr.io/web"), ("buildOnPreview", previews), ("registry", PropertyMap.Of(("server", server), ("username", user), ("password", password))));

    private static PropertyValue Digest(PropertyMap inputs) => ((PropertyValue.Map)inputs["build"]).Properties["contextDigest"];

    private static LocalMachine Machine(TempFolder folder) => new(folder.Path, ImmutableDictionary<string, string>.Empty);

    private static RegistryCredentials Finder(TempFolder folder) => new(Machine(folder), []);
}
