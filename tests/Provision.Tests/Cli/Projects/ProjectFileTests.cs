using Provision.Cli.Projects;
using Provision.Tests.Cli.Loading;
using Xunit;

namespace Provision.Tests.Cli.Projects;

public sealed class ProjectFileTests
{
    [Fact]
    public void A_workspace_is_found_upward_from_a_folder_in_it()
    {
        using var folder = new TemporaryFolder().With("Pulumi.yaml", "name: labs\n").With("a/b/note.txt", "");

        var project = ProjectFile.Find(folder.At("a/b"));

        Assert.Equal(("labs", folder.Path, folder.Path), (project.Name, project.Folder, project.StacksFolder));
    }

    [Fact]
    public void Without_a_workspace_the_remedy_names_the_command_that_makes_one()
    {
        using var folder = new TemporaryFolder();

        var exception = Assert.Throws<ProjectNotFoundException>(() => ProjectFile.Find(folder.Path));

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal("PROV1301", diagnostic.Code);
        Assert.Contains("provision new", diagnostic.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_key_that_Pulumi_knows_is_tolerated()
    {
        var project = ProjectFile.Parse(
            """
            name: labs
            runtime: {name: dotnet, options: {binary: bin/x}}
            main: stacks
            stackConfigDir: settings
            description: Labs.
            author: someone
            website: https://example.edu
            license: MIT
            config: {aws:region: {value: eu-west-1}}
            template: {displayName: x, config: {a: {description: b, default: c, secret: true}}}
            backend: {url: "file://."}
            options: {refresh: always}
            packages: {random: terraform-provider@1.0.0}
            plugins: {providers: [{name: x, path: ./x}]}
            requiredPulumiVersion: ">=3.0.0"
            something: else
            """, "/w/Pulumi.yaml");

        Assert.Equal(("dotnet", "/w/stacks", "/w/settings", "file://.", true), (project.Runtime, project.StacksFolder, project.ConfigFolder, project.BackendUrl, project.AlwaysRefresh));
    }

    [Fact]
    public void Json_is_read_too()
    {
        using var folder = new TemporaryFolder().With("Pulumi.json", """{"name": "labs", "main": "stacks"}""");

        Assert.Equal(folder.At("stacks"), ProjectFile.Find(folder.Path).StacksFolder);
    }

    [Theory]
    [InlineData("main: stacks\n", "PROV1305")]
    [InlineData("name: 'two words'\n", "PROV1305")]
    [InlineData("name: [labs]\n", "PROV1306")]
    [InlineData("name: labs\nmain: ../elsewhere\n", "PROV1307")]
    [InlineData("name: labs\nbackend: here\n", "PROV1306")]
    [InlineData("name: labs\nname: labs\n", "PROV1304")]
    [InlineData("name: labs\n\tmain: x\n", "PROV1304")]
    [InlineData("- name\n", "PROV1304")]
    [InlineData("", "PROV1305")]
    [InlineData("name: a\n---\nname: b\n", "PROV1304")]
    [InlineData("name: *a\n", "PROV1304")]
    [InlineData("name: labs\nconfig: {a: {type: strange}}\n", "PROV1310")]
    [InlineData("name: labs\nconfig: {a: {default: 1, value: 2}}\n", "PROV1310")]
    [InlineData("name: labs\nconfig: {aws:region: {type: string}}\n", "PROV1310")]
    [InlineData("name: labs\nconfig: {a: {type: integer, default: many}}\n", "PROV1312")]
    public void A_wrong_file_is_one_error_that_names_file_and_place(string text, string code)
    {
        var exception = Assert.Throws<WorkspaceException>(() => ProjectFile.Parse(text, "/w/Pulumi.yaml"));

        var diagnostic = Assert.Single(exception.Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.StartsWith("Pulumi.yaml", diagnostic.Detail, StringComparison.Ordinal);
        Assert.NotNull(diagnostic.Remedy);
    }

    [Fact]
    public void A_bomb_of_aliases_is_refused()
    {
        var lines = Enumerable.Range(1, 20).Select(n => $"a{n}: &a{n} [{string.Join(",", Enumerable.Repeat($"*a{n - 1}", 9))}]");

        var exception = Assert.Throws<WorkspaceException>(() => ProjectFile.Parse("name: labs\na0: &a0 x\n" + string.Join('\n', lines), "/w/Pulumi.yaml"));

        Assert.Equal("PROV1304", Assert.Single(exception.Diagnostics).Code);
    }

    [Fact]
    public void Nesting_without_end_is_refused()
    {
        var exception = Assert.Throws<WorkspaceException>(() => ProjectFile.Parse("name: labs\na: " + new string('[', 5000), "/w/Pulumi.yaml"));

        Assert.Equal("PROV1304", Assert.Single(exception.Diagnostics).Code);
    }

    [Fact]
    public void A_huge_file_is_refused_before_it_is_parsed()
    {
        using var folder = new TemporaryFolder().With("Pulumi.yaml", "name: labs\n" + new string('#', YamlText.MaximumBytes));

        var exception = Assert.Throws<WorkspaceException>(() => ProjectFile.Find(folder.Path));

        Assert.Equal("PROV1303", Assert.Single(exception.Diagnostics).Code);
    }

    [Fact]
    public void Declared_settings_give_defaults_and_list_what_is_missing_or_wrong()
    {
        var schema = ProjectFile.Parse(
            """
            name: labs
            config:
              image: {default: debian}
              region: eu
              students: integer
              size: {type: integer}
              tags: {type: array, items: {type: string}}
              on: {type: boolean}
            """, "/w/Pulumi.yaml").Schema;
        var own = StackConfigFile.Parse("config: {labs:on: 3, labs:region: us}\n", "Pulumi.x.yaml", "labs").Config;

        var exception = Assert.Throws<WorkspaceException>(() => schema.Apply("x", own));

        Assert.Equal(["PROV1311", "PROV1312"], exception.Diagnostics.Select(diagnostic => diagnostic.Code));
        Assert.Contains("'size', 'tags'", exception.Diagnostics[0].Detail, StringComparison.Ordinal);

        var whole = StackConfigFile.Parse("config: {labs:on: true, labs:region: us, labs:size: '3', labs:tags: [a]}\n", "Pulumi.x.yaml", "labs").Config;
        var effective = schema.Apply("x", whole);
        Assert.Equal(("debian", "us", "3"), (Text("image"), Text("region"), Text("size")));

        string Text(string name) => effective[new ConfigKey("labs", name)].ToText(_ => "?");
    }
}
