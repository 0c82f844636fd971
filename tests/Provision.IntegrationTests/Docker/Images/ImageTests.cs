using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;
using static Provision.IntegrationTests.Docker.Images.ImageWorld;

namespace Provision.IntegrationTests.Docker.Images;

public sealed class ImageTests(DockerLab lab)
{
    private const string Type = "docker:index/image:Image";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_image_is_built_of_a_folder_without_what_is_ignored_and_told_step_by_step()
    {
        await using var world = await OpenAsync(lab);
        world.File("web/Dockerfile", $"FROM {DockerLab.TinyImage}\nARG GREETING\nCOPY . /ctx\nRUN test -x /ctx/run && test ! -e /ctx/secret.log && test ! -e /ctx/Dockerfile && echo \"$GREETING\" > /greeting\nRUN cat /greeting\n")
            .File("web/.dockerignore", "*.log\nDockerfile\n.dockerignore\n").File("web/secret.log", "private").File("web/größe.txt", "ä")
            .File("web/run", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var urn = UrnOf(Type, "built");
        var inputs = Inputs(urn, "built:1", "web", ("args", PropertyMap.Of(("GREETING", "hello there"))));

        var made = await world.CreateAsync(urn, inputs);

        var image = await world.InspectAsync("built:1");
        Assert.NotNull(image);
        Assert.Equal("built:1", made.Id);
        Assert.Equal(image.ID, Text(made.Outputs, "repoDigest"));
        Assert.Equal($"linux/{image.Architecture}", Text(made.Outputs, "platform"));
        Assert.IsType<PropertyValue.Secret>(made.Outputs["__inputs"]);
        Assert.Equal(urn.ToString(), image.Config?.Labels?["provision.urn"]);
        Assert.Contains(("step 5/8: RUN cat /greeting", 5L, 8L), world.Said.All.Select(item => (item.Text, item.Done ?? 0, item.Total ?? 0)));
    }

    [Fact]
    public async Task It_is_built_again_only_when_its_files_or_inputs_change_and_the_old_one_goes()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nCOPY data /data.txt\n").File("data", "one");
        var urn = UrnOf(Type, "again");
        var inputs = Inputs(urn, "again:1", ".");
        var first = await world.CreateAsync(urn, inputs);
        var firstInputs = world.Check(urn, inputs);

        File.SetLastWriteTimeUtc(world.PathOf("data"), DateTime.UnixEpoch);
        Assert.False(world.Diff(urn, first, inputs, inputs).HasChanges);
        Assert.IsType<ReadResponse.Found>(await world.ReadAsync(urn, first, inputs));

        world.File("data", "two");
        var diff = world.Provider.Diff(new DiffRequest(urn, first.Id, firstInputs, first.Outputs, world.Check(urn, inputs)));
        Assert.Equal("build.contextDigest", Assert.Single(diff.Changes).Path.ToString());
        Assert.False(diff.Replaces);
        Assert.DoesNotContain("repoDigest", diff.Stables);
        var second = await world.Provider.UpdateAsync(new UpdateRequest(urn, first.Id, firstInputs, first.Outputs, world.Check(urn, inputs), diff, null, world.Said), Token);

        Assert.NotEqual(Text(first.Outputs, "repoDigest"), Text(second.Outputs, "repoDigest"));
        Assert.Equal([Text(second.Outputs, "repoDigest")], (await world.StampedAsync(urn)).Select(image => image.ID));
        Assert.False(world.Provider.Diff(new DiffRequest(urn, first.Id, firstInputs, second.Outputs, world.Check(urn, inputs))).HasChanges);
    }

    [Fact]
    public async Task Destroying_leaves_no_image_of_ours_and_a_second_time_is_no_error()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo destroyed > /f\n");
        var urn = UrnOf(Type, "destroyed");
        var inputs = Inputs(urn, "destroyed:1", ".");
        var made = await world.CreateAsync(urn, inputs);

        await world.DeleteAsync(urn, made, inputs);

        Assert.Empty(await world.StampedAsync(urn));
        Assert.Null(await world.InspectAsync("destroyed:1"));
        await world.DeleteAsync(urn, made, inputs);
    }

    [Fact]
    public async Task An_image_that_a_container_uses_is_kept_and_that_is_said()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo used > /f\n");
        var urn = UrnOf(Type, "used");
        var inputs = Inputs(urn, "used:1", ".");
        var made = await world.CreateAsync(urn, inputs);
        var container = await world.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = "used:1", Name = "image-user" }, Token);

        await world.DeleteAsync(urn, made, inputs);

        Assert.NotNull(await world.InspectAsync("used:1"));
        Assert.Contains("'used:1' is kept: container 'image-user'", world.Said.Text, StringComparison.Ordinal);
        await world.Client.Containers.RemoveContainerAsync(container.ID, new ContainerRemoveParameters(), Token);
        await world.DeleteAsync(urn, made, inputs);
        Assert.Null(await world.InspectAsync("used:1"));
    }

    [Fact]
    public async Task A_name_that_somebody_gave_to_another_image_stays_with_it()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo foreign > /f\n");
        var urn = UrnOf(Type, "foreign");
        var inputs = Inputs(urn, "foreign:1", ".");
        var made = await world.CreateAsync(urn, inputs);
        await world.Client.Images.TagImageAsync(DockerLab.TinyImage, new ImageTagParameters { RepositoryName = "foreign", Tag = "1" }, Token);

        Assert.IsType<ReadResponse.Gone>(await world.ReadAsync(urn, made, inputs));
        await world.DeleteAsync(urn, made, inputs);

        Assert.NotNull(await world.InspectAsync("foreign:1"));
        Assert.Empty(await world.StampedAsync(urn));
        await world.RemoveAsync("foreign:1");
    }

    [Fact]
    public async Task An_image_that_is_gone_is_told_so_and_built_again()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo gone > /f\n");
        var urn = UrnOf(Type, "gone");
        var inputs = Inputs(urn, "gone:1", ".");
        var made = await world.CreateAsync(urn, inputs);

        await world.RemoveAsync("gone:1");
        Assert.IsType<ReadResponse.Gone>(await world.ReadAsync(urn, made, inputs));
        await world.CreateAsync(urn, inputs);

        Assert.NotNull(await world.InspectAsync("gone:1"));
    }

    [Fact]
    public async Task A_step_that_fails_is_told_with_the_builder_s_last_lines_and_without_secrets()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nARG TOKEN\nRUN for i in 1 2 3; do echo line $i; done; echo the token is $TOKEN; exit 7\n");
        var urn = UrnOf(Type, "failing");
        var inputs = Inputs(urn, "failing:1", ".", ("args", PropertyMap.Of(("TOKEN", new PropertyValue.Secret("hunter2-hunter2")))));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(urn, inputs));

        Assert.Equal(ProviderFailure.Refused, failure.Failure);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.Contains("at step 3/6: RUN", failure.Message, StringComparison.Ordinal);
        Assert.Contains("  line 3\n", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the token is [secret]", failure.Message, StringComparison.Ordinal);
        Assert.Contains("code: 7", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString() + world.Said.Text, StringComparison.Ordinal);
        Assert.Empty(await world.StampedAsync(urn));
        var containers = await world.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, Token);
        Assert.DoesNotContain(containers, container => container.Command.Contains("the token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("FROM provision-lab/tiny:1\nNONSENSE x\n", "NONSENSE")]
    [InlineData("", "empty")]
    [InlineData("FROM provision-lab/tiny:1\nCOPY nowhere /x\n", "nowhere")]
    [InlineData("FROM provision-lab/tiny:1\nCOPY ../../etc/passwd /x\n", "etc/passwd")]
    public async Task A_Dockerfile_the_engine_refuses_is_told_in_its_words(string dockerfile, string word)
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", dockerfile);
        var urn = UrnOf(Type, "refused");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(urn, Inputs(urn, "refused:1", ".")));

        Assert.Equal(ProviderFailure.Refused, failure.Failure);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    [Fact]
    public async Task A_Dockerfile_outside_the_folder_is_used_and_does_not_end_up_in_the_image()
    {
        await using var world = await OpenAsync(lab);
        world.File("outer.Dockerfile", $"FROM {DockerLab.TinyImage}\nCOPY . /ctx\nRUN test \"$(ls -A /ctx)\" = only\n").File("ctx/only", "");
        var urn = UrnOf(Type, "outside");

        await world.CreateAsync(urn, Inputs(urn, "outside:1", "ctx", ("dockerfile", "outer.Dockerfile")));

        Assert.NotNull(await world.InspectAsync("outside:1"));
    }

    [Fact]
    public async Task What_an_interrupted_create_left_is_found_and_built_again_from_the_cache()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo found > /f\n");
        var urn = UrnOf(Type, "found");
        var inputs = Inputs(urn, "found:1", ".");
        Assert.Null(await world.Provider.FindAsync(new FindRequest(urn, inputs), Token));
        var made = await world.CreateAsync(urn, inputs);

        var found = await world.Provider.FindAsync(new FindRequest(urn, world.Check(urn, inputs)), Token);

        Assert.NotNull(found);
        Assert.Equal(Text(made.Outputs, "repoDigest"), Text(found.Outputs, "repoDigest"));
        Assert.True(world.Provider.Diff(new DiffRequest(urn, found.Id, world.Check(urn, inputs), found.Outputs, world.Check(urn, inputs))).HasChanges);
        Assert.Null(await world.Provider.FindAsync(new FindRequest(UrnOf(Type, "somebody-else"), inputs), Token));
    }

    [Fact]
    public async Task A_new_name_takes_the_old_one_s_place()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nRUN echo renamed > /f\n");
        var urn = UrnOf(Type, "renamed");
        var (before, after) = (Inputs(urn, "renamed:1", "."), Inputs(urn, "renamed:2", "."));
        var made = await world.CreateAsync(urn, before);
        var diff = world.Diff(urn, made, before, after);

        var renamed = await world.Provider.UpdateAsync(
            new UpdateRequest(urn, made.Id, world.Check(urn, before), made.Outputs, world.Check(urn, after), diff, null, world.Said), Token);

        Assert.Null(await world.InspectAsync("renamed:1"));
        Assert.NotNull(await world.InspectAsync("renamed:2"));
        var now = new CreateResponse(made.Id, renamed.Outputs);
        Assert.IsType<ReadResponse.Found>(await world.ReadAsync(urn, now, after));
        await world.DeleteAsync(urn, now, after);
        Assert.Empty(await world.StampedAsync(urn));
    }

    [Fact]
    public async Task BuildKit_builds_where_it_is_asked_for_and_the_client_has_it()
    {
        await using var world = await OpenAsync(lab);
        Assert.SkipUnless(File.Exists("/usr/bin/docker"), "there is no docker client in /usr/bin");
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\nARG SECRET_ARG\nCOPY data /data.txt\nRUN --mount=type=tmpfs,target=/x echo \"value $SECRET_ARG\" > /f\n").File("data", "x");
        var urn = UrnOf(Type, "buildkit");
        var inputs = Inputs(urn, "buildkit:1", ".", ("builderVersion", "BuilderBuildKit"), ("args", PropertyMap.Of(("SECRET_ARG", "hello"))));

        var made = await world.CreateAsync(urn, inputs);

        Assert.Equal((await world.InspectAsync("buildkit:1"))?.ID, Text(made.Outputs, "repoDigest"));
        Assert.Contains("step 3/3: RUN", world.Said.Text, StringComparison.Ordinal);
        Assert.Single(await world.StampedAsync(urn));
        await world.DeleteAsync(urn, made, inputs);
    }

    [Fact]
    public async Task BuildKit_without_a_client_says_what_is_missing_and_how_to_do_without()
    {
        await using var world = await OpenAsync(lab);
        world.File("Dockerfile", $"FROM {DockerLab.TinyImage}\n").Variable("PATH", world.Folder);
        var urn = UrnOf(Type, "no-client");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(urn, Inputs(urn, "no-client:1", ".", ("builderVersion", "BuilderBuildKit"))));

        Assert.Contains("'docker' program is not in PATH", failure.Message, StringComparison.Ordinal);
        Assert.Contains("BuilderV1", failure.Remedy, StringComparison.Ordinal);
    }

    private static PropertyMap Inputs(Urn urn, string name, string context, params Property[] build) => PropertyMap.Of(
        ("imageName", name),
        ("skipPush", true),
        ("build", PropertyMap.Of([("context", context), .. build])),
        ("__stamp", PropertyMap.Of(("provision.project", "tests"), ("provision.stack", "lab"), ("provision.urn", urn.ToString()))));
}
