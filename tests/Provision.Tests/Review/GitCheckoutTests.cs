using System.Collections.Immutable;
using System.Runtime.Versioning;
using Provision.Cli.Git;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>The files of a commit, written apart from the repository: all of them, or one folder's.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class GitCheckoutTests : IDisposable
{
    private readonly TestRepository _repository = new("lab");
    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("provision-checkout-");

    public static TheoryData<string> Prefixes => ["", "lab/"];

    private string Target => Path.Combine(_scratch.FullName, "target");

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Line_ends_are_as_the_commit_says_whatever_the_working_tree_says_now(string prefix)
    {
        var top = Path.Combine(_repository.Folder, ".gitattributes");
        File.WriteAllText(top, "*.txt text eol=crlf\n");
        _repository.Write("roster.txt", "ada\ngrace\n").Commit("with");
        File.WriteAllText(top, "*.txt -text\n");
        _repository.Commit("without");

        Assert.Empty(Write(prefix, "with"));
        Assert.Equal("ada\r\ngrace\r\n", File.ReadAllText(Path.Combine(Target, "lab", "roster.txt")));
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_sparse_working_tree_leaves_nothing_out_and_nobodys_hook_is_run(string prefix)
    {
        _repository.Write("stacks/Lab.cs", "// all of it\n").Commit("all");
        _repository.Git("sparse-checkout", "set", "elsewhere");
        var trace = Path.Combine(_scratch.FullName, "hook");
        var hook = Path.Combine(_repository.Folder, ".git", "hooks", "post-index-change");
        Directory.CreateDirectory(Path.GetDirectoryName(hook) ?? "");
        File.WriteAllText(hook, $"#!/bin/sh\ntouch '{trace}'\n");
        File.SetUnixFileMode(hook, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.Empty(Write(prefix, "all"));
        Assert.Equal("// all of it\n", File.ReadAllText(Path.Combine(Target, "lab", "stacks", "Lab.cs")));
        Assert.False(File.Exists(trace));
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_repository_inside_that_nobody_declared_is_missed_by_name(string prefix)
    {
        var inner = Path.Combine(_repository.Workspace, "inner");
        Directory.CreateDirectory(inner);
        TestRepository.GitIn(inner, "init", "--quiet", ".");
        File.WriteAllText(Path.Combine(inner, "a.txt"), "a\n");
        TestRepository.GitIn(inner, "add", "--all");
        TestRepository.GitIn(inner, "commit", "--quiet", "--message", "inner");
        _repository.Commit("with");
        Directory.Delete(Path.Combine(inner, ".git"), recursive: true);

        Assert.Equal(["lab/inner"], Write(prefix, "with"));
    }

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void A_link_that_leads_round_is_written_and_not_followed(string prefix)
    {
        File.CreateSymbolicLink(Path.Combine(_repository.Workspace, "round"), ".");
        _repository.Commit("round");

        Assert.Empty(Write(prefix, "round"));
        Assert.Equal(".", new FileInfo(Path.Combine(Target, "lab", "round")).LinkTarget);
    }

    [Fact]
    public void A_folder_that_the_commit_has_not_is_empty()
    {
        _repository.Commit("one");

        Assert.Empty(Write("elsewhere/", "one"));
        Assert.Empty(Directory.GetFileSystemEntries(Target));
    }

    [Fact]
    public void The_repository_is_left_as_it_is()
    {
        _repository.Write("a.txt", "1\n").Commit("one");
        _repository.Write("a.txt", "2\n").Commit("two");
        _repository.Write("a.txt", "3\n");
        var index = File.ReadAllBytes(Path.Combine(_repository.Folder, ".git", "index"));

        Assert.Empty(Write("", "one"));
        Assert.Equal("1\n", File.ReadAllText(Path.Combine(Target, "lab", "a.txt")));
        Assert.Equal("3\n", File.ReadAllText(Path.Combine(_repository.Workspace, "a.txt")));
        Assert.Equal(index, File.ReadAllBytes(Path.Combine(_repository.Folder, ".git", "index")));
    }

    public void Dispose()
    {
        _repository.Dispose();
        _scratch.Delete(recursive: true);
    }

    private ImmutableArray<string> Write(string prefix, string revision)
    {
        var commit = GitRepository.Find(_repository.Folder, [], TestContext.Current.CancellationToken).Resolve(revision, TestContext.Current.CancellationToken);
        return new GitCheckout(_scratch.FullName, TestContext.Current.CancellationToken).Write(_repository.Folder, prefix, commit, Target);
    }
}
