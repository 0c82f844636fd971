using Xunit;

namespace Provision.Tests.Cli.Commands;

public sealed class NewCommandTests
{
    [Fact]
    public async Task An_empty_folder_becomes_a_workspace_with_its_first_stack()
    {
        using var cli = new TestCli(withProject: false);

        var code = await cli.RunAsync("new", "quickstart", "first", "--set", "port=9000");

        Assert.Equal((0, ""), (code, cli.Error));
        Assert.Equal(
            [".gitignore", "Pulumi.yaml", "stacks/First.cs", "stacks/Pulumi.first.yaml"],
            Directory.EnumerateFiles(cli.Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(cli.Folder, path)).Order(StringComparer.Ordinal));
        Assert.Contains("9000", File.ReadAllText(Path.Combine(cli.Folder, "stacks", "Pulumi.first.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_stack_joins_the_workspace_and_nothing_is_overwritten()
    {
        using var cli = new TestCli();
        Assert.Equal(0, await cli.RunAsync("new", "compose", "shop"));
        var before = File.ReadAllText(Path.Combine(cli.Folder, "stacks", "Shop.cs"));

        var code = await cli.RunAsync("new", "quickstart", "shop");

        Assert.Equal(2, code);
        Assert.Contains("Shop.cs", cli.Error, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(cli.Folder, "stacks", "Shop.cs")));
        Assert.Contains("name: demo", File.ReadAllText(Path.Combine(cli.Folder, "Pulumi.yaml")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_parameter_that_the_template_lacks_is_named()
    {
        using var cli = new TestCli();

        var code = await cli.RunAsync("new", "quickstart", "first", "--set", "colour=red");

        Assert.Equal(2, code);
        Assert.Contains("colour", cli.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(cli.Folder, "stacks")));
    }
}
