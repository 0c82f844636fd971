using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.IntegrationTests.Docker;

/// <summary>Logs, shells and what is ours on a daemon.</summary>
public sealed class DockerAccessTests(DockerLab lab)
{
    [Fact]
    public async Task Logs_come_apart_by_stream_and_only_as_many_as_asked()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await using var access = Open();
        await world.RunAsync("talker", ("attach", true), ("command", PropertyValue.ListOf(["sh", "-c", "echo one; echo two; echo bad >&2"])));
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        using var last = new MemoryStream();

        await access.LogsAsync("talker", new DockerLogOptions(Follow: true), output, errors, TestContext.Current.CancellationToken);
        await access.LogsAsync("talker", new DockerLogOptions(Tail: 0), last, last, TestContext.Current.CancellationToken);

        Assert.Equal(("one\ntwo\n", "bad\n", ""), (Text(output), Text(errors), Text(last)));
    }

    [Fact]
    public async Task A_program_gets_its_input_and_gives_its_output_and_exit_code()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await using var access = Open();
        await world.RunAsync("shell");
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("hello\n"));
        using var output = new MemoryStream();
        using var errors = new MemoryStream();

        await using var exec = await access.ExecAsync(
            "shell", new DockerExecOptions(["sh", "-c", "cat; id -u; echo oops >&2; exit 7"], Input: true, User: "1000"), TestContext.Current.CancellationToken);
        var exitCode = await exec.RunAsync(input, output, errors, TestContext.Current.CancellationToken);

        Assert.Equal((7, "hello\n1000\n", "oops\n"), (exitCode, Text(output), Text(errors)));
    }

    [Fact]
    public async Task A_terminal_has_the_size_it_is_given()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await using var access = Open();
        await world.RunAsync("terminal");
        using var output = new MemoryStream();

        // It waits for the line that is sent after the resize.
        await using var exec = await access.ExecAsync(
            "terminal", new DockerExecOptions(["sh", "-c", "read line; stty size"], Terminal: true, Input: true), TestContext.Current.CancellationToken);
        await exec.ResizeAsync(101, 37, TestContext.Current.CancellationToken);
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("go\n"));
        var exitCode = await exec.RunAsync(input, output, Stream.Null, TestContext.Current.CancellationToken);

        Assert.Equal(0, exitCode);
        Assert.Contains("37 101", Text(output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_in_a_container_that_is_not_there_is_refused()
    {
        await lab.ReadyAsync();
        await using var access = Open();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => access.ExecAsync("nobody", new DockerExecOptions(["true"]), TestContext.Current.CancellationToken));

        Assert.Contains("nobody", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_carries_our_stamp_is_listed_and_nothing_else()
    {
        await using var world = await DockerWorld.OpenAsync(lab);
        await using var access = Open();
        PropertyMap Of(string type, string name, string stack) => PropertyMap.Of(("name", name), ("labels", PropertyValue.ListOf(
            new[] { ("provision.project", "listing"), ("provision.stack", stack), ("provision.urn", DockerWorld.UrnOf(type, name).ToString()), ("provision.owner", "me") }
                .Select(label => (PropertyValue)PropertyMap.Of(("label", label.Item1), ("value", label.Item2))))));
        await world.CreateAsync(DockerWorld.Volume, "listed-v", Of(DockerWorld.Volume, "listed-v", "one"));
        await world.CreateAsync(DockerWorld.Network, "listed-n", Of(DockerWorld.Network, "listed-n", "two"));
        await world.CreateAsync(DockerWorld.Volume, "unlisted", PropertyMap.Of(("name", "unlisted")));

        var all = await access.ListStampedAsync("listing", null, TestContext.Current.CancellationToken);
        var one = await access.ListStampedAsync("listing", "one", TestContext.Current.CancellationToken);

        Assert.Equal(["listed-n", "listed-v"], all.Select(found => found.Name).Order(StringComparer.Ordinal));
        Assert.Equal((DockerObjectKind.Volume, "listed-v", "one", "me"), (one[0].Kind, one[0].Name, one[0].Stack, one[0].Owner));
        Assert.Single(one);
    }

    [Fact]
    public async Task A_daemon_describes_itself()
    {
        await lab.ReadyAsync();
        await using var access = Open();

        var daemon = await access.DescribeAsync(TestContext.Current.CancellationToken);

        Assert.Equal("linux", daemon.OperatingSystem);
        Assert.True(System.Version.TryParse(daemon.ApiVersion, out _));
    }

    private DockerAccess Open() => DockerAccess.Open(PropertyMap.Of(("host", lab.Endpoint)));

    private static string Text(MemoryStream stream) => Encoding.UTF8.GetString(stream.ToArray()).Replace("\r\n", "\n", StringComparison.Ordinal);
}
