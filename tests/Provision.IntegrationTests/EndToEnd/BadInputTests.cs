using System.Text.Json.Nodes;
using Xunit;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>Input that is wrong before any daemon is asked: one clear error, the exit code that says of what kind, and nothing written.</summary>
public sealed class BadInputTests
{
    private const string Nobody = "unix:///nobody/listens.sock";

    [Fact]
    public async Task A_folder_without_a_workspace_is_none()
    {
        using var workspace = new TestWorkspace("none");
        File.Delete(Path.Combine(workspace.Folder, "Pulumi.yaml"));

        var ended = (await workspace.UpAsync()).WithOneError(2, "PROV1301");

        Assert.Contains("provision new", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StateFolder));
    }

    [Fact]
    public async Task An_unknown_stack_is_named_with_the_one_that_was_probably_meant()
    {
        using var workspace = new TestWorkspace("classroom").Declare(Definitions.Many);

        var ended = (await workspace.RunAsync("up", "clasroom", "--yes")).WithOneError(6, "PROV1906");

        Assert.Contains("Did you mean 'classroom'?", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StateFolder));
    }

    [Theory]
    [InlineData("Broken.cs(7,", "public override Stack Define()\n    {\n        return Missing;\n    }", 2, "PROV1010")]
    [InlineData("no bread", "public override Stack Define() => throw new InvalidOperationException(\"no bread\");", 2, "PROV1040")]
    [InlineData("10 s", "public override Stack Define() { while (true) { } }", 2, "PROV1041")]
    [InlineData("Broken", "public override Stack Define() => Define();", 2, "PROV1044")]
    [InlineData("Broken", "public override Stack Define() => new();", 2, "PROV1043")]
    [InlineData("Broken.cs(5,", "public override Stack Define() { System.IO.File.ReadAllText(\"/etc/passwd\"); return new(); }", 2, "PROV1020")]
    [InlineData("'twin'", "public override Stack Define() => new() { Hosts = [new Host(\"here\") { Containers = [new Container(\"twin\", \"a:1\"), new Container(\"twin\", \"a:1\")] }] };", 2, "PROV1103")]
    public async Task A_definition_that_cannot_be_used_says_where_and_why(string why, string body, int exitCode, string code)
    {
        using var workspace = new TestWorkspace("broken").Declare("Broken", $"using System;\nusing Provision.Model;\npublic sealed class Broken : StackDefinition\n{{\n    {body}\n}}\n");

        var ended = (await workspace.UpAsync()).WithOneError(exitCode, code);

        Assert.Contains(why, ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StateFolder));
    }

    [Fact]
    public async Task A_setting_of_the_wrong_type_names_its_key_and_line()
    {
        using var workspace = new TestWorkspace("typed").Declare(Definitions.Many, ("count", "lots"));

        var ended = (await workspace.UpAsync()).WithOneError(2, "PROV1050");

        Assert.Contains("count", ended.Error, StringComparison.Ordinal);
        Assert.Contains("Pulumi.typed.yaml", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_to_ask_is_said_before_any_work()
    {
        using var workspace = new TestWorkspace("asking").Declare(Definitions.Many);

        var ended = (await workspace.RunAsync("up", workspace.Stack)).WithOneError(2, "PROV1901");

        Assert.Contains("--yes", ended.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StateFolder));
    }

    [Fact]
    public async Task A_state_from_a_newer_version_is_refused_and_kept()
    {
        using var workspace = new TestWorkspace("newer").Declare(Definitions.Many, ("endpoint", Nobody));
        (await workspace.RunAsync("stack", "init", workspace.Stack)).With(0);
        var state = JsonNode.Parse(await File.ReadAllTextAsync(workspace.Checkpoint, TestContext.Current.CancellationToken))!.AsObject();
        state["version"] = 99;
        var text = state.ToJsonString();
        await File.WriteAllTextAsync(workspace.Checkpoint, text, TestContext.Current.CancellationToken);

        foreach (var command in new[] { "up", "destroy" })
        {
            var ended = (await workspace.RunAsync(command, workspace.Stack, "--yes")).WithOneError(1, "PROV1211");
            Assert.Contains(workspace.Checkpoint, ended.Error, StringComparison.Ordinal);
            Assert.Contains("99", ended.Error, StringComparison.Ordinal);
        }

        Assert.Equal(text, await File.ReadAllTextAsync(workspace.Checkpoint, TestContext.Current.CancellationToken));
        Assert.Empty(Directory.EnumerateFiles(workspace.LockFolder));
    }

    [Fact]
    public async Task A_checkpoint_that_was_cut_off_is_refused_and_the_backup_named()
    {
        using var workspace = new TestWorkspace("cut").Declare(Definitions.Many, ("endpoint", Nobody));
        (await workspace.RunAsync("stack", "init", workspace.Stack)).With(0);
        var whole = await File.ReadAllTextAsync(workspace.Checkpoint, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(workspace.Checkpoint, whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);

        var ended = (await workspace.UpAsync()).WithOneError(1, "PROV1210");

        Assert.Contains(".bak", ended.Error, StringComparison.Ordinal);
        Assert.Equal(whole.Length / 2, new FileInfo(workspace.Checkpoint).Length);
    }

    /// <summary>A hard limit on the heap makes memory a fact and not a measurement.</summary>
    [Theory]
    [InlineData(300, 128)]
    [InlineData(5000, 512)]
    public async Task Many_containers_are_previewed_within_a_bound_of_memory_and_without_a_daemon(int count, int heapMegabytes)
    {
        using var workspace = new TestWorkspace("many").Declare(Definitions.Many, ("endpoint", Nobody), ("count", count));
        workspace.With("DOTNET_GCHeapHardLimit", $"0x{(long)heapMegabytes << 20:x}");

        var ended = (await workspace.PreviewAsync()).With(0);

        Assert.Contains($"({count} equal)", ended.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(workspace.StateFolder));
    }
}
