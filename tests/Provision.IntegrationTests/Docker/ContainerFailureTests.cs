using System.Globalization;
using System.Net.Sockets;
using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>What goes wrong with containers, what is said then, and what is left behind.</summary>
public sealed class ContainerFailureTests(DockerLab lab)
{
    private static readonly PropertyValue NeverHealthy =
        PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD-SHELL", "echo not yet; false"])), ("interval", "200ms"), ("retries", 2));

    private static readonly PropertyValue Healthy = PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "true"])), ("interval", "200ms"));

    [Fact]
    public async Task Waiting_for_health_ends_when_it_is_healthy()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var container = await world.RunAsync("healthy", ("healthcheck", Healthy), ("wait", true));

        using var client = lab.Client();
        Assert.Equal("healthy", (await client.Containers.InspectContainerAsync(container.Id, TestContext.Current.CancellationToken)).State?.Health?.Status);
        Assert.Contains("health: starting", world.Steps.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unhealthy_one_fails_with_its_last_probe_and_stays_to_be_tried_again()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await FailsAsync(world, "unhealthy", ("healthcheck", NeverHealthy), ("wait", true));

        Assert.Equal(ProviderFailure.Refused, failure.Failure);
        Assert.Contains("not yet", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Partial>(failure.Remainder);
    }

    [Fact]
    public async Task One_that_is_not_healthy_in_time_is_a_timeout()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await FailsAsync(
            world, "late", ("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "false"])), ("interval", "10s"))), ("wait", true), ("waitTimeout", 1));

        Assert.Equal(ProviderFailure.Timeout, failure.Failure);
        Assert.Contains("starting", failure.Message, StringComparison.Ordinal);
        Assert.Contains("waitTimeout", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ends_early_fails_with_its_last_words_but_for_secrets()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await FailsAsync(
            world, "early", ("wait", true), ("healthcheck", Healthy),
            ("envs", PropertyValue.ListOf([new PropertyValue.Secret("PASSWORD=hunter2-marker")])),
            ("command", PropertyValue.ListOf(["sh", "-c", "echo cannot log in with $PASSWORD; exit 3"])));

        Assert.Contains("exit code 3", failure.Message, StringComparison.Ordinal);
        Assert.Contains("cannot log in with [secret]", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_job_fails_and_runs_again_with_the_next_run()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var volume = await world.CreateAsync(DockerWorld.Volume, "job-state", PropertyMap.Of(("name", "job-state")));

        var inputs = DockerWorld.Stamped(DockerWorld.Container, "job-again", DockerWorld.Inputs(
            "job-again", ("attach", true), ("volumes", PropertyValue.ListOf([PropertyMap.Of(("volumeName", volume.Id), ("containerPath", "/data"))])),
            ("command", PropertyValue.ListOf(["sh", "-c", "test -e /data/second || { touch /data/second; exit 1; }"]))));
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.CreateAsync(DockerWorld.Container, "job-again", inputs));
        var partial = Assert.IsType<Remainder.Partial>(failure.Remainder);
        var tracked = world.Track(new Tracked(DockerWorld.UrnOf(DockerWorld.Container, "job-again"), partial.Id, inputs, partial.Outputs));

        var again = await world.UpdateAsync(tracked);

        Assert.Equal("0", again.Outputs["exitCode"].ToString());
        Assert.Empty((await world.PlanAsync(again)).Changes);
    }

    [Fact]
    public async Task A_foreign_container_of_that_name_is_named_and_left_alone()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        using var client = lab.Client();
        var foreign = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Name = "taken", Image = DockerLab.TinyImage, Labels = new Dictionary<string, string> { ["provision.stack"] = "other", ["provision.urn"] = "urn:pulumi:other::p::t::n" } },
            TestContext.Current.CancellationToken);

        var failure = await FailsAsync(world, "taken");

        Assert.Equal(ProviderFailure.Conflict, failure.Failure);
        Assert.Contains("stack 'other'", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        Assert.Equal(foreign.ID, (await client.Containers.InspectContainerAsync("taken", TestContext.Current.CancellationToken)).ID);
        await client.Containers.RemoveContainerAsync(foreign.ID, new ContainerRemoveParameters { Force = true }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_an_interrupted_create_left_is_found_incomplete_and_made_anew()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var inputs = world.Check(DockerWorld.Container, "adopted", DockerWorld.Stamped(DockerWorld.Container, "adopted", DockerWorld.Inputs("adopted")));
        var urn = DockerWorld.UrnOf(DockerWorld.Container, "adopted");
        using var client = lab.Client();
        var left = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters { Name = "adopted", Image = DockerLab.TinyImage, Labels = new Dictionary<string, string> { ["provision.urn"] = urn.ToString() } },
            TestContext.Current.CancellationToken);

        var found = await world.Provider.FindAsync(new FindRequest(urn, inputs), TestContext.Current.CancellationToken);
        var made = await world.CreateAsync(DockerWorld.Container, "adopted", inputs);
        var complete = await world.Provider.FindAsync(new FindRequest(urn, inputs), TestContext.Current.CancellationToken);

        Assert.Equal((left.ID, false), (found?.Id, found?.Complete));
        Assert.NotEqual(left.ID, made.Id);
        Assert.Equal((made.Id, true), (complete?.Id, complete?.Complete));
    }

    [Fact]
    public async Task Nothing_is_found_where_the_name_is_somebody_elses()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await world.CreateAsync(DockerWorld.Container, "unstamped", DockerWorld.Inputs("unstamped"));

        var found = await world.Provider.FindAsync(
            new FindRequest(DockerWorld.UrnOf(DockerWorld.Container, "unstamped"), DockerWorld.Stamped(DockerWorld.Container, "unstamped", DockerWorld.Inputs("unstamped"))),
            TestContext.Current.CancellationToken);

        Assert.Null(found);
    }

    [Fact]
    public async Task Trap_6_a_taken_port_names_its_holder_and_leaves_nothing()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        var ports = PropertyValue.ListOf([PropertyMap.Of(("internal", 80), ("external", 18123))]);
        await world.RunAsync("port-holder", ("ports", ports));

        var failure = await FailsAsync(world, "port-seeker", ("ports", ports));

        Assert.Equal(ProviderFailure.Conflict, failure.Failure);
        Assert.Contains("port 18123", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'port-holder'", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
        using var client = lab.Client();
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => client.Containers.InspectContainerAsync("port-seeker", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_image_says_what_to_do()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await FailsAsync(world, "imageless", ("image", "sha256:" + new string('a', 64)));

        Assert.Contains("does not have the image", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Declare the image", failure.Remedy, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    [Fact]
    public async Task A_limit_the_daemon_refuses_is_told_in_its_words()
    {
        await using var world = await DockerWorld.OpenAsync(lab);

        var failure = await FailsAsync(world, "tight", ("memory", 1));

        Assert.Equal(ProviderFailure.Refused, failure.Failure);
        Assert.Contains("Minimum memory limit", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("{\"message\"", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_socket_is_unreachable_and_says_so()
    {
        await using var world = DockerWorld.Open("unix:///nonexistent/provision/docker.sock");

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.RunAsync("nowhere"));

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.Contains("/nonexistent/provision/docker.sock", failure.Message, StringComparison.Ordinal);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    [Fact]
    public async Task A_refused_tcp_connection_is_unreachable()
    {
        // A port of our own that nobody listens on any more.
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using var world = DockerWorld.Open(string.Create(CultureInfo.InvariantCulture, $"tcp://127.0.0.1:{port}"));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.RunAsync("nowhere"));

        Assert.Equal(ProviderFailure.Unreachable, failure.Failure);
        Assert.IsType<Remainder.Untouched>(failure.Remainder);
    }

    private static async Task<ProviderException> FailsAsync(DockerWorld world, string name, params Property[] inputs)
    {
        var failure = await Assert.ThrowsAsync<ProviderException>(() => world.RunAsync(name, inputs));
        if (failure.Remainder is Remainder.Partial partial)
        {
            world.Track(new Tracked(DockerWorld.UrnOf(DockerWorld.Container, name), partial.Id, PropertyMap.Empty, partial.Outputs));
        }

        return failure;
    }
}
