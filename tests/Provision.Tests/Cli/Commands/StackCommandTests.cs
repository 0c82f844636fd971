using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Cli.Commands;

public sealed class StackCommandTests : IDisposable
{
    private readonly TestCli _cli = new();

    public StackCommandTests()
    {
        _cli.AddStack("lab");
        _cli.Declared["web"] = PropertyMap.Of(("size", 1));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Outputs_are_shown_as_text_json_shell_and_one_by_one()
    {
        await _cli.RunAsync("up", "--yes");

        await _cli.RunAsync("stack", "output");
        Assert.Equal("Outputs:\n    count: 1\n    token: [secret]\n", _cli.Out);
        await _cli.RunAsync("stack", "output", "--json", "--show-secrets");
        Assert.Equal("{\n  \"count\": 1,\n  \"token\": \"hunter2\"\n}\n", _cli.Out);
        await _cli.RunAsync("stack", "output", "--shell");
        Assert.Equal("count='1'\ntoken='[secret]'\n", _cli.Out);
        await _cli.RunAsync("stack", "output", "token", "--show-secrets");
        Assert.Equal("hunter2\n", _cli.Out);
        Assert.Equal(1, await _cli.RunAsync("stack", "output", "nope"));
    }

    [Fact]
    public async Task An_exported_state_can_be_imported_and_a_stack_renamed_and_removed()
    {
        await _cli.RunAsync("up", "--yes", "-m", "first");
        await _cli.RunAsync("stack", "export");
        _cli.Input = _cli.Out;

        Assert.Equal(0, await _cli.RunAsync("stack", "import"));
        Assert.Equal(0, await _cli.RunAsync("stack", "rename", "room"));
        Assert.Equal(0, await _cli.RunAsync("stack", "ls"));
        Assert.Contains("room", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("stack", "history"));
        Assert.Contains("first", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("stack", "rm", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("destroy", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("stack", "rm", "--yes"));
    }

    [Fact]
    public async Task States_are_listed_protected_renamed_and_forgotten()
    {
        await _cli.RunAsync("up", "--yes");

        Assert.Equal(0, await _cli.RunAsync("state", "protect", "web", "--yes"));
        Assert.Equal(1, await _cli.RunAsync("state", "delete", "web", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("state", "unprotect", "--all", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("state", "rename", "web", "front", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("state", "delete", "front", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("state", "ls"));
        Assert.DoesNotContain("Thing", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("web", _cli.World.Keys);
    }

    [Fact]
    public async Task Settings_are_set_shown_and_taken_away_with_secrets_from_stdin()
    {
        _cli.Input = "hunter2\n";
        Assert.Equal(0, await _cli.RunAsync("config", "set", "token", "--secret"));
        Assert.Equal(0, await _cli.RunAsync("config", "set", "roster.students[0]", "ada", "--path"));

        await _cli.RunAsync("config");
        Assert.Contains("token   [secret]", _cli.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "stacks", "Pulumi.lab.yaml"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await _cli.RunAsync("config", "get", "token");
        Assert.Equal("hunter2\n", _cli.Out);
        Assert.Equal(0, await _cli.RunAsync("config", "rm", "token"));
        Assert.Equal(1, await _cli.RunAsync("config", "get", "token"));
    }

    [Fact]
    public async Task Stacks_and_recorded_resources_complete()
    {
        await _cli.RunAsync("up", "--yes");

        await _cli.RunAsync("[suggest:4]", "up l");
        Assert.Contains("lab", _cli.Out.Split('\n'));
        await _cli.RunAsync("[suggest:15]", "state delete we");
        Assert.Contains("web", _cli.Out.Split('\n'));
    }
}
