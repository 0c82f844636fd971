using Docker.DotNet.Models;
using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>The way of a stack from its first <c>up</c> to its <c>destroy</c>, through the program, on a real daemon.</summary>
public sealed class LifecycleTests(DockerLab lab)
{
    private static readonly string[] PagesContents = ["container {0}-reader", "container {0}-web", "network {0}-net", "volume {0}-data"];

    [Fact]
    public async Task The_quickstart_comes_up_answers_stays_as_it_is_and_goes()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-quick");
        using var objects = new StampedObjects(lab, workspace.Stack);
        var source = await File.ReadAllTextAsync(Path.Combine(TestWorkspace.Repository, "stacks", "Quickstart.cs"), TestContext.Current.CancellationToken);
        var here = source.Replace("Volumes = [data],", $$"""Volumes = [data], Docker = new() { Endpoint = "{{lab.Endpoint}}", Prepare = false },""", StringComparison.Ordinal);
        Assert.NotEqual(source, here);
        workspace.Declare("Quickstart", here, ("port", 8101), ("greeting", "Good <day>"), ("machines", 0));

        var up = (await workspace.UpAsync()).With(0);
        Assert.Contains("http://127.0.0.1:8101", up.Out, StringComparison.Ordinal);
        Assert.Equal("http://127.0.0.1:8101", await workspace.OutputAsync("url"));
        Assert.Contains("Good &lt;day>", await lab.HttpGetAsync("http://127.0.0.1:8101/"), StringComparison.Ordinal);
        Assert.Equal("healthy", (await objects.ContainerAsync("web")).State?.Health?.Status);
        Assert.Equal(
            ["container e2e-quick-counter", "container e2e-quick-web", "image e2e-quick-site:latest", "network e2e-quick-net", "volume e2e-quick-data"],
            await objects.AllAsync());

        var again = (await workspace.UpAsync("--expect-no-changes")).With(0);
        Assert.Contains("Nothing to do", again.Out, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:8101", again.Out, StringComparison.Ordinal);
        Assert.Empty(await workspace.PlannedAsync());

        var destroyed = (await workspace.DestroyAsync()).With(0);
        Assert.Contains("kept: ", destroyed.Out, StringComparison.Ordinal);
        Assert.Empty(await objects.AllAsync(layers: true));
        Assert.Contains("Nothing to destroy", (await workspace.DestroyAsync()).With(0).Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_setting_changes_only_what_depends_on_it()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-set").Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8102));
        using var objects = new StampedObjects(lab, workspace.Stack);
        (await workspace.UpAsync()).With(0);
        var (web, reader) = (await objects.IdAsync("web"), await objects.IdAsync("reader"));

        workspace.Set(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8102), ("memory", "64MiB"));
        Assert.Equal(["update web"], await workspace.PlannedAsync());
        Assert.Contains("live", (await workspace.UpAsync()).With(0).Out, StringComparison.Ordinal);
        var live = await objects.ContainerAsync("web");
        Assert.Equal((web, 64L << 20), (live.ID, live.HostConfig?.Memory));
        Assert.Equal(reader, await objects.IdAsync("reader"));

        workspace.Set(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8102), ("memory", "64MiB"), ("greeting", "Good evening"));
        Assert.Equal(["replace web"], await workspace.PlannedAsync());
        (await workspace.UpAsync()).With(0);
        Assert.NotEqual(web, await objects.IdAsync("web"));
        Assert.Equal(reader, await objects.IdAsync("reader"));
        Assert.Equal("Good evening", await lab.HttpGetAsync("http://127.0.0.1:8102/"));
        Assert.Equal(Contents(workspace), await objects.AllAsync());

        (await workspace.UpAsync("--expect-no-changes")).With(0);
        (await workspace.DestroyAsync()).With(0);
        Assert.Empty(await objects.AllAsync());
    }

    [Fact]
    public async Task What_was_removed_or_changed_by_hand_is_shown_and_put_back()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-drift").Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8103));
        using var objects = new StampedObjects(lab, workspace.Stack);
        (await workspace.UpAsync()).With(0);
        var reader = await objects.IdAsync("reader");

        await objects.RemoveAsync("reader");
        Assert.Equal(["create reader"], await workspace.PlannedAsync());
        var shown = (await workspace.PreviewAsync()).With(0);
        var creation = Assert.Single(shown.Out.Split('\n'), line => line.StartsWith(" + ", StringComparison.Ordinal));
        Assert.Contains("reader", creation, StringComparison.Ordinal);
        Assert.Contains("gone", creation, StringComparison.Ordinal);
        (await workspace.UpAsync()).With(0);
        Assert.NotEqual(reader, await objects.IdAsync("reader"));
        (await workspace.UpAsync("--expect-no-changes")).With(0);

        await objects.ChangeAsync("web", new ContainerUpdateParameters { Memory = 128L << 20, MemorySwap = 256L << 20, RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.Always } });
        (await workspace.PreviewAsync("--expect-no-changes")).With(7);
        var drift = (await workspace.PreviewAsync()).With(0).Out;
        Assert.Contains("memory", drift, StringComparison.Ordinal);
        Assert.Contains("restart", drift, StringComparison.Ordinal);
        Assert.Equal(["update web"], await workspace.PlannedAsync());
        var web = await objects.IdAsync("web");
        (await workspace.UpAsync()).With(0);
        var back = await objects.ContainerAsync("web");
        Assert.Equal((web, 32L << 20, RestartPolicyKind.UnlessStopped), (back.ID, back.HostConfig?.Memory, back.HostConfig?.RestartPolicy?.Name));
        (await workspace.UpAsync("--expect-no-changes")).With(0);

        (await workspace.DestroyAsync()).With(0);
    }

    [Fact]
    public async Task A_stack_without_its_definition_can_be_destroyed()
    {
        await lab.ReadyAsync();
        using var workspace = new TestWorkspace("e2e-orphan").Declare(Definitions.Pages, ("endpoint", lab.Endpoint), ("port", 8104));
        using var objects = new StampedObjects(lab, workspace.Stack);
        (await workspace.UpAsync()).With(0);
        Assert.Equal(Contents(workspace), await objects.AllAsync());
        File.Delete(workspace.DefinitionPath(Definitions.Pages));
        File.Delete(workspace.SettingsPath);

        (await workspace.DestroyAsync()).With(0);

        Assert.Empty(await objects.AllAsync());
        (await workspace.DestroyAsync()).With(0);
    }

    internal static string[] Contents(TestWorkspace workspace) =>
        [.. PagesContents.Select(format => format.Replace("{0}", workspace.Stack, StringComparison.Ordinal))];
}
