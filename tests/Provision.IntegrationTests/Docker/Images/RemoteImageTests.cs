using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;
using static Provision.IntegrationTests.Docker.Images.ImageWorld;

namespace Provision.IntegrationTests.Docker.Images;

public sealed class RemoteImageTests(DockerLab lab, LabRegistry registry)
{
    private const string Type = "docker:index/remoteImage:RemoteImage";
    private const string ImageType = "docker:index/image:Image";

    private static readonly string GoodAuth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{LabRegistry.User}:{LabRegistry.Password}"));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_pushed_with_given_credentials_and_pulled_with_those_of_the_Docker_client()
    {
        await using var world = await OpenAsync();
        var name = $"{LabRegistry.Address}/round/trip:1";
        var pushed = await PushAsync(world, name, "round trip");
        Assert.StartsWith($"{LabRegistry.Address}/round/trip@sha256:", Text(pushed.Outputs, "repoDigest"), StringComparison.Ordinal);
        await world.RemoveAsync(name);
        LogIn(world);
        var urn = UrnOf(Type, "round-trip");

        var pulled = await world.CreateAsync(urn, PropertyMap.Of(("name", name)));

        var image = await world.InspectAsync(name);
        Assert.NotNull(image);
        Assert.Equal(image.ID + name, pulled.Id);
        Assert.Equal(image.ID, Text(pulled.Outputs, "imageId"));
        Assert.Equal(Text(pushed.Outputs, "repoDigest"), Text(pulled.Outputs, "repoDigest"));
        Assert.Contains(world.Said.All, said => said.Text.StartsWith($"pulling {name}: ", StringComparison.Ordinal) && said.Total > 0 && said.Done <= said.Total);
        var found = Assert.IsType<ReadResponse.Found>(await world.ReadAsync(urn, pulled, PropertyMap.Of(("name", name))));
        Assert.Equal(pulled.Outputs, found.Outputs);
        Assert.False(world.Diff(urn, pulled, PropertyMap.Of(("name", name)), PropertyMap.Of(("name", name))).HasChanges);

        // By digest it is there already: nothing is asked of the registry, which would refuse us now.
        File.Delete(world.PathOf(".docker/config.json"));
        var byDigest = await world.CreateAsync(UrnOf(Type, "by-digest"), PropertyMap.Of(("name", Text(pulled.Outputs, "repoDigest"))));
        Assert.Equal(image.ID, Text(byDigest.Outputs, "imageId"));
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_the_password()
    {
        await using var world = await OpenAsync();
        var name = $"{LabRegistry.Address}/wrong:1";
        var provider = world.Open(PropertyMap.Of(("registryAuth", PropertyValue.ListOf(
            [PropertyMap.Of(("address", $"https://{LabRegistry.Address}"), ("username", LabRegistry.User), ("password", new PropertyValue.Secret("battery-staple")))]))));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(UrnOf(Type, "wrong"), PropertyMap.Of(("name", name)), provider));

        Assert.Equal(ProviderFailure.Unauthorized, failure.Failure);
        Assert.Contains("credentials were used", failure.Message, StringComparison.Ordinal);
        Assert.Contains("docker login", failure.Remedy, StringComparison.Ordinal);
        Assert.DoesNotContain("battery-staple", failure + world.Said.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(LabRegistry.User, failure + world.Said.Text, StringComparison.Ordinal);
        await provider.DisposeAsync();
    }

    [Fact]
    public async Task A_push_that_is_refused_leaves_the_image_recorded_as_not_complete()
    {
        await using var world = await OpenAsync();
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo refused > /f\n");
        var name = $"{LabRegistry.Address}/refused:1";

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(
            UrnOf(ImageType, "refused-push"), ImageInputs(name, PropertyMap.Of(("username", LabRegistry.User), ("password", "battery-staple")))));

        Assert.Equal(ProviderFailure.Unauthorized, failure.Failure);
        var partial = Assert.IsType<Remainder.Partial>(failure.Remainder);
        Assert.Equal(name, partial.Id);
        Assert.Equal((await world.InspectAsync(name))?.ID, Text(partial.Outputs, "repoDigest"));
        Assert.DoesNotContain("battery-staple", failure.ToString() + partial.Outputs + partial.Outputs["__inputs"], StringComparison.Ordinal);
        await world.RemoveAsync(name);
    }

    [Fact]
    public async Task A_helper_program_is_asked_for_the_registry_s_credentials()
    {
        await using var world = await OpenAsync();
        var name = $"{LabRegistry.Address}/helped:1";
        world.Variable("PATH", $"{world.PathOf("bin")}:/usr/bin:/bin").File(".docker/config.json", $$$"""{"credHelpers":{"{{{LabRegistry.Address}}}":"lab"}}""");
        await PushAsync(world, name, "helped");
        await world.RemoveAsync(name);
        world.File("bin/docker-credential-lab", $$"""
            #!/bin/sh
            read server; echo "$1 $server" >> "$HOME/asked"
            echo '{"ServerURL":"x","Username":"{{LabRegistry.User}}","Secret":"{{LabRegistry.Password}}"}'
            """, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        await world.CreateAsync(UrnOf(Type, "helped"), PropertyMap.Of(("name", name)));

        Assert.NotNull(await world.InspectAsync(name));
        Assert.Equal($"get {LabRegistry.Address}\n", await File.ReadAllTextAsync(world.PathOf("asked"), Token));
    }

    [Fact]
    public async Task A_tag_that_moved_is_pulled_again_and_the_old_image_goes()
    {
        await using var world = await OpenAsync();
        LogIn(world);
        var name = $"{LabRegistry.Address}/moved:1";
        await PushAsync(world, name, "first");
        var urn = UrnOf(Type, "moved");
        var first = await world.CreateAsync(urn, PropertyMap.Of(("name", name), ("triggers", PropertyMap.Of(("v", "1")))));

        // The registry gets a new one, and the daemon the old one back.
        await PushAsync(world, name, "second");
        await world.Client.Images.TagImageAsync(Text(first.Outputs, "imageId"), new ImageTagParameters { RepositoryName = $"{LabRegistry.Address}/moved", Tag = "1" }, Token);
        var second = await world.CreateAsync(urn, PropertyMap.Of(("name", name), ("triggers", PropertyMap.Of(("v", "2")))));

        Assert.NotEqual(Text(first.Outputs, "imageId"), Text(second.Outputs, "imageId"));
        await world.DeleteAsync(urn, first, PropertyMap.Of(("name", name)));
        Assert.Null(await world.InspectAsync(Text(first.Outputs, "imageId")));
        Assert.NotNull(await world.InspectAsync(name));
    }

    [Fact]
    public async Task A_replacement_by_the_same_image_does_not_take_it_away()
    {
        await using var world = await OpenAsync();
        LogIn(world);
        var name = $"{LabRegistry.Address}/same:1";
        await PushAsync(world, name, "same");
        var urn = UrnOf(Type, "same");
        var before = PropertyMap.Of(("name", name), ("pullTriggers", PropertyValue.ListOf(["a"])));
        var after = PropertyMap.Of(("name", name), ("pullTriggers", PropertyValue.ListOf(["b"])));
        var made = await world.CreateAsync(urn, before);
        Assert.True(world.Diff(urn, made, before, after).Replaces);

        var again = await world.CreateAsync(urn, after);
        await world.DeleteAsync(urn, made, before);

        Assert.Equal(made.Id, again.Id);
        Assert.NotNull(await world.InspectAsync(name));
    }

    [Fact]
    public async Task Without_the_registry_the_daemon_s_own_image_will_do_and_that_is_said()
    {
        await using var world = await OpenAsync();
        const string name = "127.0.0.1:5999/absent:1";
        await world.Client.Images.TagImageAsync(DockerLab.TinyImage, new ImageTagParameters { RepositoryName = "127.0.0.1:5999/absent", Tag = "1" }, Token);

        var made = await world.CreateAsync(UrnOf(Type, "absent"), PropertyMap.Of(("name", name)));

        Assert.Equal((await world.InspectAsync(DockerLab.TinyImage))?.ID, Text(made.Outputs, "imageId"));
        Assert.Contains($"using the image '{name}' that is there already", world.Said.Text, StringComparison.Ordinal);
        await world.DeleteAsync(UrnOf(Type, "absent"), new CreateResponse(made.Id, made.Outputs), PropertyMap.Of(("name", name), ("keepLocally", true)));
        Assert.NotNull(await world.InspectAsync(name));
        await world.RemoveAsync(name);
    }

    [Fact]
    public async Task A_registry_that_cannot_be_reached_is_told_apart_from_an_image_that_is_not_there()
    {
        await using var world = await OpenAsync();
        LogIn(world);

        var unreachable = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(UrnOf(Type, "unreachable"), PropertyMap.Of(("name", "127.0.0.1:5998/none:1"))));
        var missing = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(UrnOf(Type, "missing"), PropertyMap.Of(("name", $"{LabRegistry.Address}/none:1"))));

        Assert.Equal(ProviderFailure.Unreachable, unreachable.Failure);
        Assert.Contains("127.0.0.1:5998", unreachable.Message, StringComparison.Ordinal);
        Assert.Contains("no credentials were used", unreachable.Message, StringComparison.Ordinal);
        Assert.Equal(ProviderFailure.Refused, missing.Failure);
        Assert.Contains($"'{LabRegistry.Address}/none:1'", missing.Message, StringComparison.Ordinal);
        Assert.Contains("(credentials were used)", missing.Message, StringComparison.Ordinal);
        Assert.All([unreachable, missing], failure => Assert.IsType<Remainder.Untouched>(failure.Remainder));
    }

    [Fact]
    public async Task Removing_keeps_what_a_container_uses_and_says_so()
    {
        await using var world = await OpenAsync();
        LogIn(world);
        var name = $"{LabRegistry.Address}/busy:1";
        await PushAsync(world, name, "busy");
        var urn = UrnOf(Type, "busy");
        var inputs = PropertyMap.Of(("name", name));
        var made = await world.CreateAsync(urn, inputs);
        var container = await world.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = name, Name = "remote-image-user" }, Token);

        await world.DeleteAsync(urn, made, inputs);
        Assert.Contains("is kept: what replaced it is the same image", world.Said.Text, StringComparison.Ordinal);

        // A later run, which has not created it itself.
        await using var later = world.Open(PropertyMap.Empty);
        await later.DeleteAsync(new DeleteRequest(urn, made.Id, inputs, made.Outputs, null, world.Said), Token);
        Assert.Contains("is kept: container 'remote-image-user'", world.Said.Text, StringComparison.Ordinal);
        Assert.NotNull(await world.InspectAsync(name));

        await world.Client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters(), Token);
        await later.DeleteAsync(new DeleteRequest(urn, made.Id, inputs, made.Outputs, null, world.Said), Token);
        Assert.Null(await world.InspectAsync(name));
        Assert.IsType<ReadResponse.Gone>((await later.ReadAsync([new ReadRequest(urn, made.Id, inputs, made.Outputs)], Token))[0]);
        await later.DeleteAsync(new DeleteRequest(urn, made.Id, inputs, made.Outputs, null, world.Said), Token);
    }

    [Fact]
    public async Task An_image_is_built_with_the_options_that_only_the_client_knows()
    {
        await using var world = await OpenAsync();
        Assert.SkipUnless(File.Exists("/usr/bin/docker"), "there is no docker client in /usr/bin");
        world.File("ctx/Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN test \"$(ulimit -n)\" = 123\n");
        var build = PropertyMap.Of(
            ("context", "ctx"),
            ("labels", PropertyMap.Of(("lab.kind", "client"))),
            ("tags", PropertyValue.ListOf(["client-built:extra"])),
            ("ulimits", PropertyValue.ListOf([PropertyMap.Of(("name", "nofile"), ("soft", 123), ("hard", 456))])));
        var urn = UrnOf(Type, "client-built");
        var inputs = PropertyMap.Of(("name", "client-built:1"), ("build", build));

        var made = await world.CreateAsync(urn, inputs);

        var image = await world.InspectAsync("client-built:extra");
        Assert.Equal(Text(made.Outputs, "imageId"), image?.ID);
        Assert.Equal("client", image?.Config?.Labels?["lab.kind"]);
        Assert.False(world.Diff(urn, made, inputs, inputs).HasChanges);
        await world.RemoveAsync("client-built:1");
        await world.RemoveAsync("client-built:extra");
    }

    private async Task<ImageWorld> OpenAsync()
    {
        await registry.ReadyAsync(lab);
        return await ImageWorld.OpenAsync(lab);
    }

    private static void LogIn(ImageWorld world) =>
        world.File(".docker/config.json", $$$$"""{"auths":{"https://{{{{LabRegistry.Address}}}}/v2/":{"auth":"{{{{GoodAuth}}}}"}}}""");

    /// <summary>Builds an image of that content and pushes it, as a program would that gives the credentials itself.</summary>
    private static Task<CreateResponse> PushAsync(ImageWorld world, string name, string content)
    {
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo {content} > /content && head -c 300000 /dev/urandom > /noise\n");
        return world.CreateAsync(UrnOf(ImageType, $"push-{content}"), ImageInputs(name, PropertyMap.Of(("username", LabRegistry.User), ("password", LabRegistry.Password))));
    }

    private static PropertyMap ImageInputs(string name, PropertyMap credentials) =>
        PropertyMap.Of(("imageName", name), ("build", PropertyMap.Empty), ("registry", credentials.With("server", LabRegistry.Address)));
}
