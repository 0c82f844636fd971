using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Cli.Commands;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("upp", "Did you mean `up`?")]
    [InlineData("up --yess", "Did you mean `--yes`?")]
    [InlineData("up --parallel 0", "--parallel takes a number from 1 up.")]
    [InlineData("up --parallel x", "--parallel")]
    [InlineData("up --lock-timeout soon", "is no duration")]
    [InlineData("up -c students", "--config takes key=value")]
    [InlineData("up a b", "Unrecognized command or argument 'b'")]
    [InlineData("--color sometimes version", "sometimes")]
    [InlineData("config set", "key")]
    [InlineData("state protect", "Name resources, or give --all.")]
    [InlineData("import docker web id", "is no type")]
    [InlineData("completion tcsh", "tcsh")]
    [InlineData("new quickstart", "Name a template and the new stack")]
    [InlineData("", "Required command was not provided")]
    public async Task A_bad_command_line_is_exit_code_2_and_says_what_is_wrong(string line, string expected)
    {
        using var cli = new TestCli();

        Assert.Equal(2, await cli.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(expected, cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Out);
    }

    [Fact]
    public async Task Without_a_workspace_it_says_where_it_looked()
    {
        using var cli = new TestCli(withProject: false);

        Assert.Equal(2, await cli.RunAsync("preview"));
        Assert.Contains("PROV1301", cli.Error, StringComparison.Ordinal);
        Assert.Contains(cli.Folder, cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_stack_is_exit_code_6_with_what_there_is()
    {
        using var cli = new TestCli();
        cli.AddStack("quickstart");

        Assert.Equal(6, await cli.RunAsync("preview", "quickstrat"));
        Assert.Contains("Did you mean 'quickstart'?", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_no_stack_at_all_it_says_how_to_make_one()
    {
        using var cli = new TestCli();

        Assert.Equal(6, await cli.RunAsync("preview"));
        Assert.Contains("provision new", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_two_stacks_the_name_is_needed()
    {
        using var cli = new TestCli();
        cli.AddStack("one");
        cli.AddStack("two");

        Assert.Equal(2, await cli.RunAsync("preview"));
        Assert.Contains("one, two", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, await cli.RunAsync("preview", "one", "-s", "two"));
        Assert.Equal(0, await cli.RunAsync("preview", "one"));
        Assert.Equal(0, await cli.RunAsync("preview", "-s", "two"));
    }

    [Fact]
    public async Task A_wrong_passphrase_is_exit_code_3()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        Assert.Equal(0, await cli.RunAsync("config", "set", "token", "hunter2", "--secret"));
        cli.Environment["PULUMI_CONFIG_PASSPHRASE"] = "wrong";

        Assert.Equal(3, await cli.RunAsync("config", "get", "token"));
        Assert.Contains("Incorrect passphrase", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_checkpoint_is_refused_with_the_backup_named()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        await cli.RunAsync("up", "--yes");
        await File.WriteAllTextAsync(Path.Combine(cli.Folder, ".pulumi", "stacks", "demo", "lab.json"), "{\"version\":3", TestContext.Current.CancellationToken);

        Assert.Equal(1, await cli.RunAsync("up", "--yes"));
        Assert.Contains(".bak", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_resource_is_named_with_a_suggestion()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        cli.Declared["webserver"] = Provision.Engine.Resources.PropertyMap.Empty;
        await cli.RunAsync("up", "--yes");

        Assert.Equal(2, await cli.RunAsync("state", "delete", "webservr", "--yes"));
        Assert.Contains("Did you mean 'webserver'?", cli.Error, StringComparison.Ordinal);
        Assert.Equal(2, await cli.RunAsync("logs", "webserver"));
    }

    [Theory]
    [InlineData("root", "--help")]
    [InlineData("up", "up --help")]
    [InlineData("preview", "preview --help")]
    [InlineData("fit", "fit --help")]
    [InlineData("graph", "stack graph --help")]
    [InlineData("destroy", "destroy --help")]
    [InlineData("stack", "stack --help")]
    [InlineData("state", "state --help")]
    [InlineData("config", "config --help")]
    [InlineData("exec", "exec --help")]
    [InlineData("ssh", "ssh --help")]
    [InlineData("console", "console --help")]
    [InlineData("list", "list --help")]
    [InlineData("stop", "stop --help")]
    [InlineData("reset", "reset --help")]
    [InlineData("snapshot", "snapshot --help")]
    public async Task Help_is_as_written(string name, string line)
    {
        using var cli = new TestCli();

        Assert.Equal(0, await cli.RunAsync(line.Split(' ')));
        Golden.Match(cli.Out, $"cli/help-{name}.txt");
    }
}
