using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>Revisions and repositories that are not as they should be, and definitions that do what none should.</summary>
public sealed class DiffBadInputTests
{
    private const string Never = "while (Students > 0) { }";
    private const string Greedy = "var kept = new System.Collections.Generic.List<byte[]>(); while (Students > 0) { kept.Add(new byte[1 << 20]); kept[^1][Students] = 1; }";

    [Fact]
    public async Task Without_a_repository_it_says_so()
    {
        using var repository = new TestRepository();
        Directory.Delete(Path.Combine(repository.Folder, ".git"), recursive: true);

        Assert.Equal(2, await repository.DiffAsync("main"));
        Assert.Contains("There is no git repository to compare in", repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_revision_is_named_with_what_may_be_meant()
    {
        using var origin = new TestRepository();
        origin.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("one").Git("branch", "topic");
        var clone = Path.Combine(origin.Workspace, "..", "clone");
        TestRepository.GitIn(origin.Folder, "clone", "--quiet", origin.Folder, clone);

        Assert.Equal(2, await origin.DiffAsync("nowhere..main"));
        Assert.Contains("git knows no commit 'nowhere' here", origin.Error, StringComparison.Ordinal);
        Assert.Equal(2, await origin.DiffInAsync(clone, "topic"));
        Assert.Contains("Did you mean 'origin/topic'?", origin.Error, StringComparison.Ordinal);
        Assert.Equal(2, await origin.DiffAsync("--", "--upload-pack=touch"));
        Assert.Contains("git knows no commit '--upload-pack=touch' here", origin.Error, StringComparison.Ordinal);
        Assert.Equal(2, await origin.DiffAsync("..main"));
        Assert.Contains("names no revision", origin.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shallow_clone_is_told_how_to_get_the_rest()
    {
        using var origin = new TestRepository();
        origin.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("one").Commit("two");
        var clone = Path.Combine(origin.Workspace, "..", "clone");
        TestRepository.GitIn(origin.Folder, "clone", "--quiet", "--depth=1", new Uri(origin.Folder).AbsoluteUri, clone);

        Assert.Equal(2, await origin.DiffInAsync(clone, "HEAD~1"));
        Assert.Contains("git fetch --unshallow", origin.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Three_dots_compare_from_where_the_two_parted_however_far_back()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab", "labs:students: 3").Commit("start");
        repository.Git("checkout", "--quiet", "-b", "topic");
        repository.Settings("lab", "labs:students: 4").Commit("more");
        for (var i = 0; i < 20; i++)
        {
            repository.Commit($"topic-{i}");
        }

        repository.Git("checkout", "--quiet", "main");
        repository.Settings("lab", "labs:students: 3", "labs:memory: 112MiB").Commit("memory");

        await repository.DiffAsync("main...topic");
        Assert.Contains("student-4", repository.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("~ memory", repository.Out, StringComparison.Ordinal);
        await repository.DiffAsync("main..topic");
        Assert.Contains("~ memory: 112 MiB → 96 MiB", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_does_not_compile_ends_with_the_compilers_lines()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("good");
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: "int x = \"no\";")).Commit("bad");

        Assert.Equal(1, await repository.DiffAsync("good..bad"));
        Assert.Contains("stacks/Lab.cs(13,17): error CS0029", repository.Error, StringComparison.Ordinal);
        Assert.Equal(1, await repository.DiffAsync("good..bad", "--markdown"));
        Assert.Contains("The head cannot be evaluated", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_commits_are_compared_whatever_state_the_working_tree_is_in()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("before");
        repository.Write("stacks/Lab.cs", TestRepository.Lab().Replace("Students { get; init; } = 3", "Students { get; init; } = 4", StringComparison.Ordinal)).Commit("after");
        repository.Write("Pulumi.yaml", "name: [half a name\n").Write("stacks/Lab.cs", "half a definition");

        Assert.Equal(0, await repository.DiffAsync("before..after"));
        Assert.Contains("student-4", repository.Out, StringComparison.Ordinal);
        Assert.NotEqual(0, await repository.DiffAsync("before"));
        Assert.Contains("Pulumi.yaml", repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_base_does_not_compile_the_head_is_shown_against_nothing()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: "int x = \"no\";")).Commit("bad");
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("good");

        Assert.Equal(0, await repository.DiffAsync("bad..good"));
        Assert.Contains("error CS0029", repository.Error, StringComparison.Ordinal);
        Assert.Contains("1 stack added.", repository.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("System.IO.File.WriteAllText(\"/tmp/x\", \"\");", "PROV1020")]
    [InlineData("new System.Net.Sockets.TcpClient(\"127.0.0.1\", 1);", "PROV1021")]
    [InlineData("_ = System.Environment.GetEnvironmentVariable(\"SECRET\");", "PROV1023")]
    [InlineData("System.Diagnostics.Process.Start(\"true\");", "PROV1025")]
    public async Task What_a_definition_must_not_do_is_refused_before_it_runs(string body, string code)
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("good");
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: body)).Commit("bad");

        Assert.Equal(1, await repository.DiffAsync("good..bad"));
        Assert.Contains(code, repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_without_an_end_is_ended_and_the_other_stacks_are_compared()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Write("stacks/Never.cs", TestRepository.Lab("Never")).Write("stacks/Zoo.cs", TestRepository.Lab("Zoo")).Commit("good");
        repository.Write("stacks/Never.cs", TestRepository.Lab("Never", Never)).Commit("bad");

        var clock = Stopwatch.StartNew();
        Assert.Equal(1, await repository.DiffAsync("good..bad", "--time-limit", "1s"));

        Assert.Contains("Stack never: cannot be brought up", repository.Out, StringComparison.Ordinal);
        Assert.Contains("1 stack cannot be brought up, 2 unchanged.", repository.Out, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(25), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public async Task A_base_without_an_end_is_shown_against_nothing()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: Never)).Commit("bad");
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("good");

        Assert.Equal(0, await repository.DiffAsync("bad..good", "--time-limit", "1s"));
        Assert.Contains("cannot be evaluated, so it is shown as if it were new", repository.Out, StringComparison.Ordinal);
        Assert.Contains("Creates 3 machines and 1 container of 3 people; loses no data.", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_takes_all_memory_is_ended()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("good");
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: Greedy)).Commit("bad");

        Assert.Equal(1, await repository.DiffAsync("good..bad", "--memory-limit", "128MiB"));
        Assert.Contains("Stack lab: cannot be brought up", repository.Out, StringComparison.Ordinal);
        Assert.Contains("emory", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_definition_that_the_head_renames_goes_and_comes()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("before");
        repository.Delete("stacks/Lab.cs").Write("stacks/Course.cs", TestRepository.Lab("Course")).Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));
        Assert.Contains("1 stack added, 1 removed.", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_in_a_folder_with_a_space_and_one_that_comes_with_the_head()
    {
        using var repository = new TestRepository("our labs/term 1");
        repository.Git("commit", "--quiet", "--allow-empty", "--message", "empty");
        repository.Git("tag", "empty");
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Commit("before");
        repository.Settings("lab", "labs:students: 4").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));
        Assert.Contains("student-4", repository.Out, StringComparison.Ordinal);
        Assert.Equal(0, await repository.DiffAsync("empty..after"));
        Assert.Contains("1 stack added.", repository.Out, StringComparison.Ordinal);
        Assert.Contains("has no Pulumi.yaml", repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_a_submodule_are_read_where_its_commit_is_here_and_missed_where_not()
    {
        using var shared = new TestRepository();
        shared.Write("motd.txt", "welcome\n").Commit("one");
        using var repository = new TestRepository();
        repository.Git("submodule", "--quiet", "add", shared.Folder, "shared");
        repository.Write("stacks/Lab.cs", TestRepository.Lab(body: "var motd = Text.File(\"../shared/motd.txt\");").Replace("[\"PASSWORD\"] = Password", "[\"MOTD\"] = motd", StringComparison.Ordinal)).Commit("before");
        File.WriteAllText(Path.Combine(repository.Folder, "shared", "motd.txt"), "hello\n");
        TestRepository.GitIn(Path.Combine(repository.Folder, "shared"), "commit", "--quiet", "--all", "--message", "two");
        repository.Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));
        Assert.Contains("hello", repository.Out, StringComparison.Ordinal);

        var clone = Path.Combine(repository.Workspace, "..", "clone");
        TestRepository.GitIn(repository.Folder, "clone", "--quiet", repository.Folder, clone);
        Assert.Equal(1, await repository.DiffInAsync(clone, "before..after"));
        Assert.Contains("git submodule update --init", repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_hundred_stacks_of_one_definition_are_compared_in_one_go()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab());
        for (var i = 0; i < 200; i++)
        {
            repository.Settings($"group-{i:000}", "provision:definition: Lab", "labs:students: 2");
        }

        repository.Commit("before");
        for (var i = 0; i < 200; i += 2)
        {
            repository.Settings($"group-{i:000}", "provision:definition: Lab", "labs:students: 3");
        }

        repository.Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after", "--markdown"));
        Assert.Contains("100 stacks changed, 100 unchanged.", repository.Out, StringComparison.Ordinal);
        Assert.True(repository.Out.Length < 64_000, $"{repository.Out.Length} characters");
        Assert.Equal(0, await repository.DiffAsync("before..after", "--json"));
        using var report = JsonDocument.Parse(repository.Out);
        Assert.Equal(200, report.RootElement.GetProperty("stacks").GetArrayLength());
    }
}
