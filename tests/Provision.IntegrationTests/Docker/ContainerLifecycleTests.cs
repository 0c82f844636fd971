using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>A container's life against a real daemon.</summary>
public sealed class ContainerLifecycleTests(DockerLab lab)
{
    [Fact]
    public async Task A_created_container_runs_and_a_second_look_plans_nothing()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync(
            "same", ("memory", 64), ("envs", PropertyValue.ListOf(["A=1", "B=2"])), ("restart", "unless-stopped"), ("cpus", "0.50"), ("hostname", "tiny"),
            ("capabilities", PropertyMap.Of(("adds", PropertyValue.ListOf(["net_admin"])))),
            ("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 80))])), ("networkMode", "default"),
            ("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "true"])), ("interval", "90s"))));

        var plan = await world.PlanAsync(container);

        Assert.Empty(plan.Changes);
        Assert.Equal(64, container.Id.Length);
        Assert.Equal(container.Id, container.Outputs["id"].ToString());
        Assert.Equal("default", container.Outputs["networkMode"].ToString());
        Assert.NotEqual(PropertyValue.Null.Value, PropertyPath.Parse("ports[0].external").Find(container.Outputs));
        Assert.Equal("0.0.0.0", PropertyPath.Parse("ports[0].ip").Find(container.Outputs)?.ToString());
    }

    [Fact]
    public async Task A_published_port_answers_in_the_lab()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await world.RunAsync(
            "page", ("command", PropertyValue.ListOf(["httpd", "-f", "-h", "/www"])), ("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 80), ("external", 18080))])), ("destroyGraceSeconds", 0));

        Assert.Equal("tiny", await lab.HttpGetAsync("http://127.0.0.1:18080/"));
    }

    [Fact]
    public async Task Limits_and_the_restart_policy_change_while_it_runs()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("live", ("memory", 64));

        // More than the swap the daemon doubled from the first: both have to go together.
        var updated = await world.UpdateAsync(container, container.Inputs.Merge(PropertyMap.Of(("memory", 256), ("restart", "always"), ("cpuShares", 512))));

        Assert.Equal(container.Id, updated.Id);
        Assert.Empty((await world.PlanAsync(updated)).Changes);
        var inspected = await InspectAsync(container.Id);
        Assert.Equal((256L << 20, 512L << 20, 512L), (inspected.HostConfig.Memory, inspected.HostConfig.MemorySwap, inspected.HostConfig.CPUShares));
        Assert.Equal(RestartPolicyKind.Always, inspected.HostConfig.RestartPolicy?.Name);
    }

    [Fact]
    public async Task A_quota_taken_away_is_lifted_while_it_runs()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("unlimited", ("cpuQuota", 50_000), ("cpuShares", 512), ("restart", "always"));

        var updated = await world.UpdateAsync(container, container.Inputs.Without("cpuQuota").Without("cpuShares").Without("restart"));

        Assert.Empty((await world.PlanAsync(updated)).Changes);
        var inspected = await InspectAsync(container.Id);
        Assert.True(inspected.HostConfig.CPUQuota <= 0);
        Assert.Equal(RestartPolicyKind.No, inspected.HostConfig.RestartPolicy?.Name);
    }

    [Fact]
    public async Task A_memory_limit_taken_away_takes_a_new_container()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("lifted", ("memory", 64));

        Assert.True((await world.PlanAsync(container, container.Inputs.Without("memory"))).Replaces);
    }

    [Fact]
    public async Task What_a_person_changed_by_hand_is_seen_and_put_back()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("drift", ("memory", 64), ("restart", "unless-stopped"), ("cpus", "0.5"));
        using var client = lab.Client();
        await client.Containers.UpdateContainerAsync(
            container.Id,
            new ContainerUpdateParameters { Memory = 32L << 20, MemorySwap = 64L << 20, NanoCPUs = 250_000_000, RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.No } },
            TestContext.Current.CancellationToken);
        await client.Containers.RenameContainerAsync(container.Id, new ContainerRenameParameters { NewName = "renamed" }, TestContext.Current.CancellationToken);

        var plan = await world.PlanAsync(container);
        var repaired = await world.UpdateAsync(container);

        Assert.Equal(["cpus", "memory", "name", "restart"], plan.Changes.Select(change => change.Path.ToString()).Order());
        Assert.All(plan.Changes, change => Assert.Equal(ApplyClass.Live, change.Apply));
        Assert.Empty((await world.PlanAsync(repaired)).Changes);
    }

    [Theory]
    [InlineData("stop", "stopped")]
    [InlineData("pause", "paused")]
    public async Task One_that_is_down_is_brought_up_again(string act, string reason)
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync($"down-{act}");
        using var client = lab.Client();
        await (act == "stop"
            ? client.Containers.StopContainerAsync(container.Id, new ContainerStopParameters { WaitBeforeKillSeconds = 5 }, TestContext.Current.CancellationToken)
            : client.Containers.PauseContainerAsync(container.Id, TestContext.Current.CancellationToken));

        var plan = await world.PlanAsync(container);
        var repaired = await world.UpdateAsync(container);

        Assert.Equal(reason, plan.Reason);
        Assert.Equal(ApplyClass.Restart, Assert.Single(plan.Changes).Apply);
        Assert.Equal(container.Id, repaired.Id);
        Assert.Empty((await world.PlanAsync(repaired)).Changes);
        Assert.True((await InspectAsync(container.Id)).State.Running);
    }

    [Fact]
    public async Task Trap_21_one_removed_by_hand_is_gone_and_its_deletion_succeeds()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("gone");
        await world.DeleteAsync(container);

        await world.DeleteAsync(container);

        Assert.IsType<ReadResponse.Gone>(await world.LookAsync(container));
    }

    [Fact]
    public async Task Trap_29_a_stop_is_graceful_first()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var volume = await world.CreateAsync(DockerWorld.Volume, "farewell", PropertyMap.Of(("name", "farewell")));
        var mount = PropertyValue.ListOf([PropertyMap.Of(("volumeName", "farewell"), ("containerPath", "/data"))]);
        var container = await world.RunAsync(
            "polite", ("volumes", mount), ("command", PropertyValue.ListOf(["sh", "-c", "trap 'echo bye >/data/said; exit 0' TERM; touch /data/up; while :; do sleep 3600 & wait $!; done"])),
            ("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "test", "-e", "/data/up"])), ("interval", "100ms"))), ("wait", true));
        await world.DeleteAsync(container);

        var reader = await world.RunAsync("reader", ("volumes", mount), ("attach", true), ("logs", true), ("command", PropertyValue.ListOf(["cat", "/data/said"])));

        Assert.Contains("bye", reader.Outputs["containerLogs"].ToString(), StringComparison.Ordinal);
        Assert.Equal("farewell", volume.Id);
    }

    [Fact]
    public async Task Trap_16_a_job_that_ended_well_is_converged()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var job = await world.RunAsync("job", ("attach", true), ("logs", true), ("command", PropertyValue.ListOf(["echo", "done"])));

        Assert.Empty((await world.PlanAsync(job)).Changes);
        Assert.Equal("0", job.Outputs["exitCode"].ToString());
        Assert.Equal("done", job.Outputs["containerLogs"].ToString().Trim());
    }

    [Fact]
    public async Task Files_are_there_before_the_first_process_is()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var job = await world.RunAsync(
            "files", ("attach", true), ("logs", true), ("command", PropertyValue.ListOf(["sh", "-c", "cat /etc/lab/a /b; stat -c %a /b"])),
            ("uploads", PropertyValue.ListOf(
            [
                PropertyMap.Of(("file", "/etc/lab/a"), ("content", new PropertyValue.Secret("alpha\n"))),
                PropertyMap.Of(("file", "/b"), ("contentBase64", Convert.ToBase64String("beta\n"u8)), ("permissions", "0750")),
            ])));

        Assert.Equal("alpha\nbeta\n750", job.Outputs["containerLogs"].ToString().Trim());
        Assert.IsType<PropertyValue.Secret>(PropertyPath.Parse("uploads[0].content").Find(job.Outputs));
        Assert.Empty((await world.PlanAsync(job)).Changes);
    }

    [Fact]
    public async Task Trap_3_a_network_shared_with_a_container_by_name_is_no_change()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await world.RunAsync("sharer");
        var container = await world.RunAsync("shared", ("networkMode", "container:sharer"), ("pidMode", "container:sharer"));

        Assert.Empty((await world.PlanAsync(container)).Changes);
        Assert.Equal("container:sharer", container.Outputs["networkMode"].ToString());
    }

    [Fact]
    public async Task Trap_21_one_that_removes_itself_is_deleted_all_the_same()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("self-removing", ("rm", true));

        await world.DeleteAsync(container);

        Assert.IsType<ReadResponse.Gone>(await world.LookAsync(container));
    }

    [Fact]
    public async Task A_network_that_does_not_exist_is_named_and_leaves_nothing()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await Assert.ThrowsAsync<ProviderException>(() =>
            world.RunAsync("netless", ("networksAdvanced", PropertyValue.ListOf([PropertyMap.Of(("name", "no-such-net"))]))));

        Assert.Contains("no-such-net", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    [Fact]
    public async Task Another_image_or_command_replaces()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("replaced");

        var plan = await world.PlanAsync(container, container.Inputs.Merge(PropertyMap.Of(("image", "other:1"), ("command", PropertyValue.ListOf(["sleep", "1"])))));

        Assert.Equal(["command", "image"], plan.Changes.Where(change => change.Apply == ApplyClass.Replace).Select(change => change.Path.ToString()).Order());
        Assert.True(plan.DeleteBeforeReplace);
    }

    [Fact]
    public async Task The_id_of_the_image_that_runs_is_no_change()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("by-id");
        using var client = lab.Client();
        var image = await client.Images.InspectImageAsync(DockerLab.TinyImage, TestContext.Current.CancellationToken);

        Assert.Empty((await world.PlanAsync(container, container.Inputs.With("image", image.ID))).Changes);
    }

    [Fact]
    public async Task An_import_finds_what_a_daemon_can_tell()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("imported", ("memory", 64), ("restart", "always"));

        var found = Assert.IsType<ReadResponse.Found>(await world.LookAsync(container with { Inputs = PropertyMap.Empty, Outputs = PropertyMap.Empty }));

        Assert.Equal(container.Id, found.Id);
        Assert.Equal(("imported", DockerLab.TinyImage, "64", "always"), (found.Inputs?["name"].ToString(), found.Inputs?["image"].ToString(), found.Inputs?["memory"].ToString(), found.Inputs?["restart"].ToString()));
    }

    [Fact]
    public async Task Many_are_read_in_one_go_in_the_order_asked()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var first = await world.RunAsync("many-1");
        var second = await world.RunAsync("many-2");
        var volume = await world.CreateAsync(DockerWorld.Volume, "many-v", PropertyMap.Of(("name", "many-v")));
        var missing = first with { Id = new string('0', 64) };

        var seen = await world.Provider.ReadAsync(
            [.. new[] { second, missing, volume, first }.Select(one => new ReadRequest(one.Urn, one.Id, one.Inputs, one.Outputs))], TestContext.Current.CancellationToken);

        Assert.Equal([second.Id, null, volume.Id, first.Id], seen.Select(one => (one as ReadResponse.Found)?.Id));
    }

    private async Task<InspectedContainer> InspectAsync(string id)
    {
        using var client = lab.Client();
        return InspectedContainer.Of(await client.Containers.InspectContainerAsync(id, TestContext.Current.CancellationToken));
    }
}
