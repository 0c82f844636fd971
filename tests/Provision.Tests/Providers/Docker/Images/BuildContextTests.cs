using System.Diagnostics;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class BuildContextTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly TempFolder _other = new();

    public void Dispose()
    {
        _folder.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void The_digest_is_the_same_for_a_copy_elsewhere_with_other_times()
    {
        Fill(_folder);
        Fill(_other);
        File.SetLastWriteTimeUtc(_other["app/main.c"], DateTime.UnixEpoch);
        Directory.SetLastWriteTimeUtc(_other["app"], DateTime.UnixEpoch);

        Assert.Equal(Digest(_folder), Digest(_other));
    }

    [Fact]
    public void The_digest_is_this_one_on_every_machine()
    {
        _folder.File("Dockerfile", "FROM scratch\n").File("a", "1").Link("l", "a").File("run", "x").Mode("run", UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal("2fda7bf96675ba0053000a3823df1c4d865c20405bf4c9b845937f009172e051", Digest(_folder));
    }

    [Fact]
    public void The_digest_changes_with_content_name_executable_bit_link_target_and_Dockerfile()
    {
        Fill(_folder);
        var seen = new HashSet<string> { Digest(_folder) };

        Assert.True(seen.Add(Digest(_folder.File("app/main.c", "int main(void){return 1;}"))));
        Assert.True(seen.Add(Digest(_folder.Mode("app/main.c", UnixFileMode.UserRead | UnixFileMode.UserExecute))));
        File.Move(_folder["app/main.c"], _folder["app/other.c"]);
        Assert.True(seen.Add(Digest(_folder)));
        File.Delete(_folder["link"]);
        Assert.True(seen.Add(Digest(_folder.Link("link", "elsewhere"))));
        Assert.True(seen.Add(Digest(_folder.File("Dockerfile", "FROM scratch\nCOPY . /x\n"))));
        Assert.True(seen.Add(Digest(_folder.File("empty", ""))));
    }

    [Fact]
    public void The_digest_does_not_change_with_permissions_beyond_the_executable_bit_or_with_ignored_files()
    {
        Fill(_folder);
        _folder.File(".dockerignore", "*.log\n.dockerignore\n");
        var before = Digest(_folder);

        _folder.Mode("app/main.c", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.GroupRead).File("x.log", "noise");

        Assert.Equal(before, Digest(_folder));
    }

    [Fact]
    public void A_Dockerfile_counts_even_where_it_is_ignored_or_lies_outside()
    {
        Fill(_folder);
        _folder.File(".dockerignore", "Dockerfile");
        var ignored = Digest(_folder);
        Assert.NotEqual(ignored, Digest(_folder.File("Dockerfile", "FROM scratch\nLABEL a=b\n")));

        _other.File("elsewhere.Dockerfile", "FROM scratch\n");
        var outside = ContextDigest.Of(Open(_folder.Path, _other["elsewhere.Dockerfile"]));
        _other.File("elsewhere.Dockerfile", "FROM scratch\nLABEL a=b\n");
        Assert.NotEqual(outside, ContextDigest.Of(Open(_folder.Path, _other["elsewhere.Dockerfile"])));
    }

    [Fact]
    public void Entries_come_in_ordinal_order_without_what_is_ignored()
    {
        _folder.File("Dockerfile", "FROM scratch").File("b/z", "").File("b/a", "").File("B", "").File("skip/deep/keep", "").File("skip/x", "")
            .File(".dockerignore", "skip\n!skip/deep/keep\n");

        Assert.Equal([".dockerignore", "B", "Dockerfile", "b", "b/a", "b/z", "skip/deep/keep"], Open(_folder).Entries().Select(entry => entry.Path));
    }

    [Fact]
    public void A_link_is_not_followed_wherever_it_leads()
    {
        _other.File("secret", "do not read");
        _folder.File("Dockerfile", "FROM scratch").Link("out", _other.Path).Link("self", ".").Link("broken", "nowhere");

        var links = Open(_folder).Entries().Where(entry => entry.Kind == ContextEntryKind.Link).ToDictionary(entry => entry.Path, entry => entry.Target);

        Assert.Equal(new Dictionary<string, string?> { ["out"] = _other.Path, ["self"] = ".", ["broken"] = "nowhere" }, links);
        Assert.DoesNotContain(Open(_folder).Entries(), entry => entry.Path.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public void A_Dockerfile_has_its_own_ignore_file_before_the_folder_s()
    {
        _folder.File("dev.Dockerfile", "FROM scratch").File(".dockerignore", "a").File("dev.Dockerfile.dockerignore", "b").File("a", "").File("b", "");

        var paths = Open(_folder.Path, _folder["dev.Dockerfile"]).Entries().Select(entry => entry.Path).ToList();

        Assert.Contains("a", paths);
        Assert.DoesNotContain("b", paths);
    }

    [Fact]
    public void A_Dockerfile_that_is_a_link_counts_as_lying_outside()
    {
        _other.File("real", "FROM scratch");
        _folder.Link("Dockerfile", _other["real"]);

        Assert.Null(Open(_folder).DockerfileInside);
    }

    [Fact]
    public void A_folder_reached_by_a_link_is_a_context_like_any_other()
    {
        Fill(_folder);
        _other.Link("here", _folder.Path);

        Assert.Equal(Digest(_folder), ContextDigest.Of(Open(_other["here"], _other["here/Dockerfile"])));
    }

    [Fact]
    public void A_pipe_in_the_context_stops_nothing()
    {
        Fill(_folder);
        using var mkfifo = Process.Start("mkfifo", [_folder["pipe"]]);
        mkfifo.WaitForExit();

        Assert.Equal(64, Digest(_folder).Length);
    }

    [Fact]
    public void What_is_missing_is_named_with_its_input_and_a_remedy()
    {
        _folder.File("file", "");
        Assert.Equal("context", Fault(_folder["nowhere"], _folder["nowhere/Dockerfile"]).Input);
        Assert.Contains("is a file", Fault(_folder["file"], _folder["file/Dockerfile"]).Reason, StringComparison.Ordinal);
        Assert.Equal("dockerfile", Fault(_folder.Path, _folder["Dockerfile"]).Input);
        Directory.CreateDirectory(_folder["Dockerfile"]);
        Assert.Contains("is a folder", Fault(_folder.Path, _folder["Dockerfile"]).Reason, StringComparison.Ordinal);
        Directory.Delete(_folder["Dockerfile"]);
        var bad = Fault(_folder.File("Dockerfile", "").File(".dockerignore", "a\n[").Path, _folder["Dockerfile"]);
        Assert.Contains("line 2", bad.Reason, StringComparison.Ordinal);
        Assert.All([bad], fault => Assert.NotEmpty(fault.Remedy));
    }

    private static void Fill(TempFolder folder) =>
        folder.File("Dockerfile", "FROM scratch\n").File("app/main.c", "int main(void){return 0;}").File("app/lib/x.h", "").Link("link", "app/main.c");

    private static BuildContext Open(TempFolder folder) => Open(folder.Path, folder["Dockerfile"]);

    private static BuildContext Open(string folder, string dockerfile) =>
        BuildContext.TryOpen(folder, dockerfile, out var context, out var fault) ? context : throw new InvalidOperationException(fault.Reason);

    private static ContextFault Fault(string folder, string dockerfile) =>
        BuildContext.TryOpen(folder, dockerfile, out _, out var fault) ? throw new InvalidOperationException("It was found.") : fault;

    private static string Digest(TempFolder folder) => ContextDigest.Of(Open(folder));
}
