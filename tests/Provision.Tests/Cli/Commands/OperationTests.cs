using System.Text.Json;
using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Cli.Commands;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class OperationTests : IDisposable
{
    private readonly TestCli _cli = new();

    public OperationTests()
    {
        _cli.AddStack("lab");
        _cli.Declared["web"] = PropertyMap.Of(("size", 1));
        _cli.Declared["db"] = PropertyMap.Of(("size", 1), ("password", new PropertyValue.Secret("hunter2")));
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Up_makes_what_is_declared_and_a_second_up_has_nothing_to_do()
    {
        Assert.Equal(0, await _cli.RunAsync("up", "--yes"));
        Assert.Equal(["db", "web"], _cli.World.Keys.Order());
        Assert.Contains("+  2 created", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("token: [secret]", _cli.Out, StringComparison.Ordinal);

        Assert.Equal(0, await _cli.RunAsync("up", "lab", "--expect-no-changes"));
        Assert.Contains("Nothing to do", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_removed_by_hand_is_previewed_as_gone_and_comes_back()
    {
        await _cli.RunAsync("up", "--yes");
        _cli.World.Remove("web");

        Assert.Equal(0, await _cli.RunAsync("preview"));
        Assert.Contains(" +  web  Thing  gone", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("+  1 to create", _cli.Out, StringComparison.Ordinal);

        Assert.Equal(7, await _cli.RunAsync("preview", "--expect-no-changes"));
        Assert.Equal(2, await _cli.RunAsync("preview", "--detailed-exitcode"));
        Assert.Equal(7, await _cli.RunAsync("up", "--skip-preview", "--expect-no-changes"));
        Assert.DoesNotContain("web", _cli.World.Keys);
        Assert.Equal(0, await _cli.RunAsync("up", "--yes"));
        Assert.Contains("web", _cli.World.Keys);
    }

    [Fact]
    public async Task Destroy_takes_all_away_without_a_definition_and_then_has_nothing_to_do()
    {
        await _cli.RunAsync("up", "--yes");
        File.Delete(Path.Combine(_cli.Folder, "stacks", "Pulumi.lab.yaml"));
        _cli.Declared.Clear();

        Assert.Equal(0, await _cli.RunAsync("destroy", "lab", "--yes"));
        Assert.Empty(_cli.World);
        Assert.Contains("-  2 deleted", _cli.Out, StringComparison.Ordinal);

        Assert.Equal(0, await _cli.RunAsync("destroy", "lab", "--yes"));
        Assert.Contains("Nothing to destroy", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up")]
    [InlineData("destroy")]
    [InlineData("refresh")]
    public async Task Without_a_terminal_and_without_yes_nothing_is_even_looked_at(string verb)
    {
        File.WriteAllText(Path.Combine(_cli.Folder, "Pulumi.yaml"), "name: [broken");

        Assert.Equal(2, await _cli.RunAsync(verb));
        Assert.Contains("PROV1901", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Out);
    }

    [Theory]
    [InlineData("", 8)]
    [InlineData("\n", 8)]
    [InlineData("no\n", 8)]
    [InlineData("what?\nyes\n", 0)]
    [InlineData("details\ny\n", 0)]
    public async Task On_a_terminal_only_a_yes_goes_on(string answer, int code)
    {
        _cli.IsTerminal = true;
        _cli.Input = answer;

        Assert.Equal(code, await _cli.RunAsync("up", "--color", "never"));
        Assert.Equal(code == 0 ? 2 : 0, _cli.World.Count);
        Assert.Contains("Do you want to perform this update? [yes/no/details] (no):", _cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("yes\n", 2)]
    [InlineData("lab\n", 0)]
    public async Task Destroy_on_a_terminal_wants_the_stacks_name(string answer, int left)
    {
        await _cli.RunAsync("up", "--yes");
        _cli.IsTerminal = true;
        _cli.Input = answer;

        await _cli.RunAsync("destroy", "--color", "never");

        Assert.Equal(left, _cli.World.Count);
        Assert.Contains("2 resources are destroyed.", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_resource_is_exit_code_4_with_what_why_and_what_to_do_and_the_rest_is_done()
    {
        _cli.Declared["bad"] = PropertyMap.Of(("fail", true));

        Assert.Equal(4, await _cli.RunAsync("up", "--yes"));
        Assert.Equal(["db", "web"], _cli.World.Keys.Order());
        Assert.Contains("the world says no", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("to do: Ask nicely.", _cli.Out, StringComparison.Ordinal);
        Assert.Contains("!  1 failed", _cli.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("up --yes --json")]
    [InlineData("destroy --yes --json")]
    [InlineData("refresh --yes --json")]
    public async Task With_json_every_line_of_stdout_is_an_event(string command)
    {
        if (!command.StartsWith("up", StringComparison.Ordinal))
        {
            await _cli.RunAsync("up", "--yes");
        }

        Assert.Equal(0, await _cli.RunAsync(command.Split(' ')));

        var lines = _cli.Out.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("sequence", out _)));
        Assert.Contains("\"summaryEvent\"", lines[^2], StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", _cli.Out + _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_json_of_a_preview_is_one_document()
    {
        Assert.Equal(0, await _cli.RunAsync("preview", "--json"));

        using var document = JsonDocument.Parse(_cli.Out);
        Assert.Equal(2, document.RootElement.GetProperty("changeSummary").GetProperty("create").GetInt32());
        Assert.DoesNotContain("hunter2", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_saved_plan_is_run_as_long_as_nothing_moved()
    {
        Assert.Equal(0, await _cli.RunAsync("preview", "--save-plan", "plan.json"));
        var plan = Path.Combine(_cli.Folder, "plan.json");
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(plan));

        Assert.Equal(0, await _cli.RunAsync("up", "--yes", "--plan", "plan.json"));
        Assert.Equal(2, _cli.World.Count);

        Assert.Equal(2, await _cli.RunAsync("up", "--yes", "--plan", "plan.json"));
        Assert.Contains("the state: it had 0 updates and has 1", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(1, await _cli.RunAsync("up", "--yes", "--plan", "missing.json"));
    }

    [Fact]
    public async Task A_saved_plan_is_shown_as_it_was_previewed_by_whoever_has_the_file_alone()
    {
        Assert.Equal(0, await _cli.RunAsync("up", "--yes"));
        _cli.Declared.Remove("db");
        _cli.Declared["web"] = _cli.Declared["web"].With("size", 7).With("password", new PropertyValue.Secret("hunter3"));
        foreach (var options in new[] { Array.Empty<string>(), ["--diff"], ["--show-sames"] })
        {
            Assert.Equal(0, await _cli.RunAsync(["preview", "--save-plan", "plan.json", .. options]));
            var previewed = _cli.Out;

            using var elsewhere = new TestCli(withProject: false);
            elsewhere.Environment.Clear();
            Assert.Equal(0, await elsewhere.RunAsync(["plan", "show", Path.Combine(_cli.Folder, "plan.json"), .. options]));
            Assert.EndsWith("\n\n" + previewed, elsewhere.Out, StringComparison.Ordinal);
            Assert.Contains("State:    1 update, and reality as it was then", elsewhere.Out, StringComparison.Ordinal);
        }

        using var other = new TestCli(withProject: false);
        Assert.Equal(0, await other.RunAsync("plan", "show", Path.Combine(_cli.Folder, "plan.json"), "--json"));
        using var document = JsonDocument.Parse(other.Out);
        Assert.Equal("demo", document.RootElement.GetProperty("plan").GetProperty("project").GetString());
        Assert.DoesNotContain("hunter", other.Out + await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "plan.json"), TestContext.Current.CancellationToken), StringComparison.Ordinal);

        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "torn.json"), "{\"version\": 2, ", TestContext.Current.CancellationToken);
        Assert.Equal(2, await other.RunAsync("plan", "show", Path.Combine(_cli.Folder, "torn.json")));
        Assert.Contains("PROV1917", other.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"op\": \"Create\"", "\"op\": \"77\"")]
    [InlineData("\"operation\": \"Up\"", "\"operation\": \"99\"")]
    [InlineData("\"version\": 2,", "\"version\": 1,")]
    [InlineData("\"version\": 2,", "\"version\": 2, \"version\": 2,")]
    [InlineData("\"version\": 2,", "\"version\": 2, \"encryptionSalt\": \"a\",")]
    [InlineData("\"urn\": \"urn:pulumi:", "\"urn\": \"nothing:")]
    public async Task A_saved_plan_that_was_changed_by_hand_is_refused(string written, string changed)
    {
        await _cli.RunAsync("preview", "--save-plan", "plan.json");
        var plan = Path.Combine(_cli.Folder, "plan.json");
        var text = await File.ReadAllTextAsync(plan, TestContext.Current.CancellationToken);
        Assert.Contains(written, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(plan, text.Replace(written, changed, StringComparison.Ordinal), TestContext.Current.CancellationToken);

        foreach (var command in new string[][] { ["plan", "show", plan], ["up", "--yes", "--plan", plan] })
        {
            Assert.Equal(2, await _cli.RunAsync(command));
            Assert.Contains("PROV1917", _cli.Error, StringComparison.Ordinal);
        }

        Assert.Empty(_cli.World);
    }

    [Fact]
    public async Task A_saved_plan_is_done_with_the_options_it_was_made_with()
    {
        Assert.Equal(0, await _cli.RunAsync("preview", "--target", "web", "--save-plan", "plan.json"));

        Assert.Equal(2, await _cli.RunAsync("up", "--yes", "--plan", "plan.json", "--target", "db"));
        Assert.Contains("--target cannot be given beside --plan", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("up", "--yes", "--plan", "plan.json"));
        Assert.Contains("Applying the plan plan.json, made ", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(["web"], _cli.World.Keys);
    }

    [Fact]
    public async Task A_preview_writes_nothing()
    {
        Assert.Equal(0, await _cli.RunAsync("preview"));

        Assert.False(Directory.Exists(Path.Combine(_cli.Folder, ".pulumi")));
    }

    [Fact]
    public async Task Only_targets_are_touched()
    {
        Assert.Equal(0, await _cli.RunAsync("up", "--yes", "--target", "web"));
        Assert.Equal(["web"], _cli.World.Keys);

        Assert.Equal(2, await _cli.RunAsync("up", "--yes", "--target", "nothing"));
        Assert.Contains("PROV1513", _cli.Error + _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_existing_object_is_imported_protected()
    {
        await _cli.RunAsync("up", "--yes");
        _cli.World["old"] = PropertyMap.Of(("size", 9));

        Assert.Equal(0, await _cli.RunAsync("import", "fake:index:Thing", "taken", "old", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("state", "get", "taken"));
        Assert.Contains("\"protect\": true", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_locked_stack_says_who_holds_it()
    {
        await _cli.RunAsync("up", "--yes");
        var locks = Directory.CreateDirectory(Path.Combine(_cli.Folder, ".pulumi", "locks", "organization", "demo", "lab")).FullName;
        await File.WriteAllTextAsync(
            Path.Combine(locks, "x.json"), """{"pid":1,"username":"ada","hostname":"elsewhere","timestamp":"2026-01-01T00:00:00Z"}""", TestContext.Current.CancellationToken);

        Assert.Equal(1, await _cli.RunAsync("up", "--yes"));
        Assert.Contains("ada@elsewhere", _cli.Error, StringComparison.Ordinal);

        Assert.Equal(0, await _cli.RunAsync("cancel", "--yes"));
        Assert.Equal(0, await _cli.RunAsync("up", "--yes"));
    }
}
