using Provision.IntegrationTests.Lab;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>A plan that is looked at now and done later: as it is, or not at all.</summary>
public sealed class SavedPlanTests(DockerLab lab)
{
    [Fact]
    public async Task A_saved_plan_is_done_as_saved_and_refused_when_anything_moved_since()
    {
        await lab.ReadyAsync();
        (string, object)[] settings = [("endpoint", lab.Endpoint), ("port", 8131)];
        using var workspace = new TestWorkspace("e2e-plan").Declare(Definitions.Pages, settings);
        using var objects = new StampedObjects(lab, workspace.Stack);
        var plan = Path.Combine(workspace.Home, "plan.json");

        (await workspace.PreviewAsync("--save-plan", plan)).With(0);
        Assert.Empty(await objects.AllAsync());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(plan).UnixFileMode);

        // The settings moved.
        workspace.Set(Definitions.Pages, [.. settings, ("memory", "64MiB")]);
        await RefusedAsync("settings");

        // The definition moved.
        workspace.Declare(Definitions.Pages, Definitions.Of(Definitions.Pages).Replace("\"reader\"", "\"listener\"", StringComparison.Ordinal), settings);
        await RefusedAsync("definition");

        workspace.Declare(Definitions.Pages, settings);
        (await workspace.UpAsync("--plan", plan)).With(0);
        Assert.Equal(LifecycleTests.Contents(workspace), await objects.AllAsync());

        // The state moved: by that very run.
        await RefusedAsync("state");
        (await workspace.UpAsync("--expect-no-changes")).With(0);
        (await workspace.DestroyAsync()).With(0);
        Assert.Empty(await objects.AllAsync());

        async Task RefusedAsync(string moved)
        {
            var before = await objects.AllAsync();
            var refused = (await workspace.UpAsync("--plan", plan)).WithOneError(2, "PROV1917");
            Assert.Contains(plan, refused.Error, StringComparison.Ordinal);
            Assert.Contains(moved, refused.Error, StringComparison.Ordinal);
            Assert.Equal(before, await objects.AllAsync());
        }
    }
}
