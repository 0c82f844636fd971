using System.Text.Json;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>Two revisions in a real repository, evaluated by a real worker.</summary>
public sealed class DiffCommandTests
{
    [Fact]
    public async Task More_memory_and_more_students_are_told_in_machines_and_people()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab").Commit("before");
        repository.Settings("lab", "labs:students: 5", "labs:memory: 112MiB").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));

        Assert.Contains("~ memory: 96 MiB → 112 MiB", repository.Out, StringComparison.Ordinal);
        Assert.Contains("Restarts 3 machines of 3 people; creates 2 machines of 2 people; loses no data.", repository.Out, StringComparison.Ordinal);
        Assert.Contains("1 stack changed.", repository.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("web", repository.Out, StringComparison.Ordinal);
        Assert.Equal("", repository.Error);
    }

    [Fact]
    public async Task The_working_tree_is_the_head_where_none_is_named()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab").Commit("before");

        Assert.Equal(0, await repository.DiffAsync("before", "--detailed-exitcode"));
        Assert.Contains("1 stack unchanged.", repository.Out, StringComparison.Ordinal);

        repository.Settings("lab", "labs:students: 4");
        Assert.Equal(2, await repository.DiffAsync("before", "--detailed-exitcode"));
        Assert.Contains("student-4", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Moving_renaming_and_reformatting_code_shows_nothing()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab", "labs:students: 3", "labs:memory: 96MiB").Commit("before");
        repository.Delete("stacks/Lab.cs").Write("stacks/os/Course.cs", TestRepository.Lab().Replace("n =>", "number =>", StringComparison.Ordinal).Replace("{n}", "{number}", StringComparison.Ordinal).Replace("    ", "  ", StringComparison.Ordinal))
            .Settings("lab", "labs:memory: 96MiB   # as before", "labs:students: 3").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after", "--detailed-exitcode"));
        Assert.Contains("1 stack unchanged.", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gate_closes_on_what_it_is_told_and_on_nothing_else()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab").Commit("before");
        repository.Settings("lab", "labs:memory: 112MiB").Commit("after");

        Assert.Equal(5, await repository.DiffAsync("before..after", "--fail-on", "replace,delete,restart"));
        Assert.Contains("3 resources would be restarted", repository.Error, StringComparison.Ordinal);
        Assert.Equal(0, await repository.DiffAsync("before..after", "--fail-on", "replace,delete"));
        Assert.Equal(2, await repository.DiffAsync("before..after", "--fail-on", "everything"));
    }

    [Fact]
    public async Task A_removed_student_loses_a_machine_and_its_disks()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab").Commit("before");
        repository.Settings("lab", "labs:students: 2").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));

        Assert.Contains("Deletes 1 machine of 1 person; loses the data of 2 disks.", repository.Out, StringComparison.Ordinal);
        Assert.Contains("Data lost: disk student-3/home of student3@example.edu", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stacks_are_added_removed_and_left_alone()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Write("stacks/Old.cs", TestRepository.Lab("Old")).Settings("lab").Settings("old").Commit("before");
        repository.Delete("stacks/Old.cs").Delete("stacks/Pulumi.old.yaml").Write("stacks/New.cs", TestRepository.Lab("New")).Settings("new").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after", "--json"));

        using var report = JsonDocument.Parse(repository.Out);
        Assert.Equal(
            ["lab unchanged", "new added", "old removed"],
            report.RootElement.GetProperty("stacks").EnumerateArray().Select(stack => $"{stack.GetProperty("name")} {stack.GetProperty("change")}"));
    }

    [Fact]
    public async Task Only_the_named_stacks_are_compared()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Write("stacks/Other.cs", TestRepository.Lab("Other")).Settings("lab").Settings("other").Commit("before");
        repository.Settings("lab", "labs:students: 4").Settings("other", "labs:students: 4").Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after", "other"));
        Assert.Contains("1 stack changed.", repository.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("Stack lab", repository.Out, StringComparison.Ordinal);

        Assert.Equal(6, await repository.DiffAsync("before..after", "othr"));
        Assert.Contains("Did you mean 'other'?", repository.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_renamed_machine_is_deleted_and_created_with_a_hint()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab", "labs:students: 1").Commit("before");
        repository.Write("stacks/Lab.cs", TestRepository.Lab().Replace("$\"student-{n}\"", "$\"pupil-{n}\"", StringComparison.Ordinal)).Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));

        Assert.Contains("Perhaps renamed: student-1 to pupil-1: Aliases = [\"student-1\"]", repository.Out, StringComparison.Ordinal);
        Assert.Contains("Deletes 1 machine of 1 person; creates 1 machine of 1 person", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_network_that_is_made_anew_cuts_off_who_is_on_it()
    {
        using var repository = new TestRepository();
        var definition = TestRepository.Lab().Replace("Ports = [", "Networks = [\"backend\"], Ports = [", StringComparison.Ordinal);
        var networks = "Networks = [new ContainerNetwork(\"backend\") { Subnet = \"172.30.1.0/24\" }], Containers = [";
        repository.Write("stacks/Lab.cs", definition.Replace("Containers = [", networks, StringComparison.Ordinal)).Settings("lab", "labs:students: 1").Commit("before");
        repository.Write("stacks/Lab.cs", definition.Replace("Containers = [", networks.Replace("172.30.1", "172.30.2", StringComparison.Ordinal), StringComparison.Ordinal)).Commit("after");

        Assert.Equal(0, await repository.DiffAsync("before..after"));

        Assert.Contains("backend", repository.Out, StringComparison.Ordinal);
        Assert.Contains("web", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_setting_is_never_decrypted_and_shown_as_a_secret()
    {
        using var repository = new TestRepository();
        const string Cipher = "v1:AAAAAAAAAAAAAAAA:abcdefgh";
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Write("stacks/Pulumi.lab.yaml", $"encryptionsalt: v1:x\nconfig:\n  labs:password:\n    secure: {Cipher}\n").Commit("before");
        repository.Write("stacks/Pulumi.lab.yaml", $"encryptionsalt: v1:x\nconfig:\n  labs:password:\n    secure: {Cipher}\n  labs:students: 4\n").Commit("students");
        repository.Write("stacks/Pulumi.lab.yaml", "encryptionsalt: v1:x\nconfig:\n  labs:password:\n    secure: v1:BBBBBBBBBBBBBBBB:abcdefgh\n").Commit("password");

        Assert.Equal(0, await repository.DiffAsync("before..students"));
        Assert.DoesNotContain("web", repository.Out, StringComparison.Ordinal);

        Assert.Equal(0, await repository.DiffAsync("before..password", "--json"));
        Assert.Contains("[secret]", repository.Out, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"web\"", repository.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("BBBBBBBB", repository.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_shows_the_same_as_the_comparison_it_was_made_by()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab()).Settings("lab").Commit("before");
        repository.Settings("lab", "labs:students: 2", "labs:memory: 112MiB").Commit("after");
        await repository.DiffAsync("before..after", "--json");
        var file = Path.Combine(repository.Workspace, "report.json");
        await File.WriteAllTextAsync(file, repository.Out, TestContext.Current.CancellationToken);

        foreach (var format in new[] { "--markdown", "--html", "--json", "--diff" })
        {
            await repository.DiffAsync("before..after", format);
            var expected = repository.Out;
            Assert.Equal(0, await repository.DiffAsync("--report", file, format));
            Assert.Equal(expected, repository.Out);
        }
    }

    [Fact]
    public async Task What_a_policy_of_the_head_forbids_and_what_a_host_cannot_hold_is_told()
    {
        using var repository = new TestRepository();
        repository.Write("stacks/Lab.cs", TestRepository.Lab().Replace("Containers = [", "Capacity = new() { Memory = 512.MiB }, Containers = [", StringComparison.Ordinal)).Settings("lab").Commit("before");
        repository.Settings("lab", "labs:students: 6")
            .Write("stacks/Policies.cs", "using Provision.Model.Policies;\npublic sealed class Policies : StackPolicies { public override IEnumerable<Policy> Define() => [StandardPolicies.ContainerLimits with { Enforcement = Enforcement.Mandatory }, StandardPolicies.ImagesByDigest]; }\n")
            .Commit("after");

        Assert.Equal(5, await repository.DiffAsync("before..after"));

        Assert.Contains("Against the policy containers have limits: web: has no limit of memory and of processors", repository.Out, StringComparison.Ordinal);
        Assert.Contains("Against the advice images by digest: lab-01/nginx:1.27: nginx:1.27 has no digest", repository.Out, StringComparison.Ordinal);
        Assert.Matches(@"lab-01 +memory +288 MiB +576 MiB +512 MiB", repository.Out);
        Assert.Matches(@"lab-01/class +addresses +3 +6 +253", repository.Out);
    }

    [Fact]
    public async Task A_report_is_either_made_or_shown()
    {
        using var repository = new TestRepository();
        repository.Write("report.json", "{\"version\": 99}");

        Assert.Equal(2, await repository.DiffAsync());
        Assert.Equal(2, await repository.DiffAsync("main", "--report", "x.json"));
        Assert.Equal(2, await repository.DiffAsync("main", "--json", "--html"));
        Assert.Equal(2, await repository.DiffAsync("--report", Path.Combine(repository.Workspace, "report.json")));
        Assert.Contains("version 99", repository.Error, StringComparison.Ordinal);
        Assert.Equal(1, await repository.DiffAsync("--report", Path.Combine(repository.Workspace, "nowhere.json")));
    }
}
