using System.Runtime.Versioning;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Xunit;

namespace Provision.Tests.Cli.Loading;

[UnsupportedOSPlatform("windows")]
public sealed class StackLoaderTests
{
    private static string Told(LoadedStack loaded) => loaded.Stack.Outputs["told"].ToString();

    [Fact]
    public async Task A_second_load_takes_the_compiled_definitions_and_gives_the_same()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("\"hello\""));

        var cold = await workspace.LoadAsync();
        var warm = await workspace.LoadAsync();

        Assert.Equal((false, true), (cold.FromCache, warm.FromCache));
        Assert.Equal(("hello", "hello", cold.Hash), (Told(cold), Told(warm), warm.Hash));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(workspace.Cache));
    }

    [Fact]
    public async Task A_changed_source_is_never_stale_whatever_its_time_says()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));
        var path = workspace.Folder.At("stacks/Lab.cs");
        var before = await workspace.LoadAsync();
        var time = File.GetLastWriteTimeUtc(path);

        workspace.Write("Lab.cs", TestWorkspace.Definition(TestWorkspace.Telling("2")));
        File.SetLastWriteTimeUtc(path, time);
        var after = await workspace.LoadAsync();

        Assert.Equal(("1", "2"), (Told(before), Told(after)));
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("flipped")]
    [InlineData("empty")]
    [InlineData("garbage")]
    public async Task A_corrupt_cache_entry_is_compiled_anew(string how)
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));
        await workspace.LoadAsync();
        var entry = Assert.Single(Directory.GetFiles(workspace.Cache));
        var bytes = File.ReadAllBytes(entry);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(entry, how switch { "truncated" => bytes[..(bytes.Length / 2)], "flipped" => bytes, "empty" => [], _ => "garbage"u8.ToArray() });

        Assert.Equal((false, "1"), await workspace.LoadAsync() is var again ? (again.FromCache, Told(again)) : default);
        Assert.True((await workspace.LoadAsync()).FromCache);
    }

    [Fact]
    public async Task A_cache_that_others_may_write_to_is_not_run_from()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));
        await workspace.LoadAsync();
        File.SetUnixFileMode(workspace.Cache, (UnixFileMode)0b111_111_111);

        Assert.False((await workspace.LoadAsync()).FromCache);
    }

    [Fact]
    public async Task Two_loads_at_once_both_succeed()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));

        var loaded = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => workspace.LoadAsync(), TestContext.Current.CancellationToken)));

        Assert.Single(loaded.Select(stack => stack.Hash).Distinct());
        Assert.Single(Directory.GetFiles(workspace.Cache));
    }

    [Fact]
    public async Task Compiler_errors_come_all_at_once_with_file_and_place()
    {
        using var workspace = new TestWorkspace("int x = \"a\";\n" + TestWorkspace.Telling("1"));
        workspace.Write("deep/Other.cs", "class Other {\n  int y = 1\n}");

        var exception = Assert.IsType<StackCompilationException>(await workspace.FailAsync());

        Assert.Equal(
            ["stacks/Lab.cs(5,9): error CS0029: Cannot implicitly convert type 'string' to 'int'", "stacks/deep/Other.cs(2,12): error CS1002: ; expected"],
            exception.Errors.Select(error => error.ToString()));
    }

    [Fact]
    public async Task An_exception_of_the_definition_is_told_with_its_own_line()
    {
        using var workspace = new TestWorkspace(
            "static string Fail(string name) =>\n  throw new InvalidOperationException($\"no {name}\");\npublic override Stack Define() {\n  var x = 1;\n  return new() { Hosts = [new Host(Fail(\"host\"))] }; }");

        var diagnostic = Assert.Single((await workspace.FailAsync()).Diagnostics);

        Assert.Equal("PROV1040", diagnostic.Code);
        Assert.Matches(@"^stacks/Lab\.cs\(6,\d+\): Lab threw InvalidOperationException in Define\(\): no host$", diagnostic.Detail);
    }

    [Theory]
    [InlineData("public Lab() => throw new ArgumentException(\"x\");", "PROV1040")]
    [InlineData("static readonly int X = int.Parse(\"x\"); public int Y { get; } = X;", "PROV1040")]
    [InlineData("static int Deep(int n) => n < 0 ? 0 : 1 + Deep(n + 1); readonly int _x = Deep(1);", "PROV1044")]
    [InlineData("static int Deep(int n) { Func<int, int> more = Deep; return more(n + 1) + 1; } readonly int _x = Deep(1);", "PROV1044")]
    [InlineData("static int Deep => Deep + 1; static int Other { get => Deep; } readonly int _x = Other;", "PROV1044")]
    public async Task Whatever_fails_while_it_is_made_is_one_error(string members, string code)
    {
        using var workspace = new TestWorkspace(members + "\n" + TestWorkspace.Telling("1"));

        var diagnostic = Assert.Single((await workspace.FailAsync()).Diagnostics);

        Assert.Equal(code, diagnostic.Code);
        Assert.StartsWith("stacks/Lab.cs(", diagnostic.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("=> null!;", "PROV1042")]
    [InlineData("=> new();", "PROV1043")]
    public async Task A_definition_without_a_stack_is_refused(string body, string code)
    {
        using var workspace = new TestWorkspace($"public override Stack Define() {body}");

        Assert.Equal(code, Assert.Single((await workspace.FailAsync()).Diagnostics).Code);
    }

    [Fact]
    public async Task A_definition_without_an_end_is_given_up_and_named()
    {
        // It ends in the end, so that the test leaves no thread that takes a core from the others.
        using var workspace = new TestWorkspace(
            "public override Stack Define() { for (var n = 0L; n < 4_000_000_000; n++) { if (n < 0) return new(); } return new(); }");

        var exception = Assert.IsType<DefinitionTimeoutException>(await workspace.FailAsync(limit: TimeSpan.FromMilliseconds(50)));

        Assert.Equal("Lab was still running after 0.05 s.", Assert.Single(exception.Diagnostics).Detail);
    }

    [Fact]
    public async Task Files_read_are_recorded_and_part_of_the_hash()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("Text.File(\"motd.txt\") + Text.File(\"../shared/x.txt\")"));
        workspace.Write("motd.txt", "hi").Folder.With("shared/x.txt", "!");

        var before = await workspace.LoadAsync();
        workspace.Write("motd.txt", "ho");
        var after = await workspace.LoadAsync();

        Assert.Equal(("hi!", "ho!"), (Told(before), Told(after)));
        Assert.Equal(["shared/x.txt", "stacks/motd.txt"], after.FilesRead.Keys);
        Assert.True(after.FromCache);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Theory]
    [InlineData("../../outside.txt", "leads out of the workspace")]
    [InlineData("/etc/hostname", "is not relative")]
    [InlineData("link.txt", "a link that leads out")]
    [InlineData("linked/hostname", "a link that leads out")]
    [InlineData("missing.txt", "is not there")]
    [InlineData("inner", "is a folder")]
    [InlineData("binary", "is no UTF-8 text")]
    public async Task A_file_that_is_not_the_workspaces_is_refused_with_the_line(string path, string why)
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling($"Text.File(\"{path}\")".Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal)));
        Directory.CreateDirectory(workspace.Folder.At("stacks/inner"));
        File.CreateSymbolicLink(workspace.Folder.At("stacks/link.txt"), "/etc/hostname");
        Directory.CreateSymbolicLink(workspace.Folder.At("stacks/linked"), "/etc");
        File.WriteAllBytes(workspace.Folder.At("stacks/binary"), [0xFF, 0xFE, 0xFA]);

        var diagnostic = Assert.Single((await workspace.FailAsync()).Diagnostics);

        Assert.Equal("PROV1060", diagnostic.Code);
        Assert.StartsWith("stacks/Lab.cs(5,", diagnostic.Detail, StringComparison.Ordinal);
        Assert.Contains(why, diagnostic.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_definition_is_the_class_called_like_the_stack_or_the_one_that_its_file_names()
    {
        using var workspace = new TestWorkspace(TestWorkspace.Telling("1"));
        workspace.Write("Os101.cs", TestWorkspace.Definition(TestWorkspace.Telling("2")).Replace("class Lab", "class Os101", StringComparison.Ordinal));
        workspace.Write("Pulumi.spring.yaml", "config: {provision:definition: Os101}\n");
        workspace.Write("Pulumi.none.yaml", "");

        Assert.Equal("1", Told(await workspace.LoadAsync("lab")));
        Assert.Equal("2", Told(await workspace.LoadAsync("os-101")));
        Assert.Equal("2", Told(await workspace.LoadAsync("os101")));
        Assert.Equal("2", Told(await workspace.LoadAsync("spring")));
        Assert.Equal(("PROV1002", true), Assert.Single((await workspace.FailAsync("none")).Diagnostics) is var none ? (none.Code, none.Detail.Contains("Lab, Os101", StringComparison.Ordinal)) : default);
        var unknown = Assert.IsType<StackNotFoundException>(await workspace.FailAsync("labb"));
        Assert.Equal(("PROV1001", "Did you mean 'lab'?"), (unknown.Diagnostics[0].Code, unknown.Diagnostics[0].Remedy));
    }

    [Fact]
    public void Stacks_are_listed_without_compiling()
    {
        using var workspace = new TestWorkspace("this does not compile");
        workspace.Write("WebAndDatabase.cs", "namespace X;\npublic sealed class WebAndDatabase(int x) : Provision.Model.StackDefinition;\n// class Old : StackDefinition\nclass Row;")
            .Write("Pulumi.spring.yaml", "config: {provision:definition: Lab}").Write("Pulumi.broken.yaml", ":").Write("obj/X.cs", "class X : StackDefinition");

        Assert.Equal(["broken", "spring", "web-and-database"], StackLoader.ListStacks(workspace.Project));
    }

    [Fact]
    public async Task A_workspace_without_definitions_says_how_to_make_one()
    {
        using var workspace = new TestWorkspace();

        var diagnostic = Assert.Single(Assert.IsType<StackNotFoundException>(await workspace.FailAsync()).Diagnostics);

        Assert.Equal(("PROV1001", "Make it with 'provision new <template> lab'."), (diagnostic.Code, diagnostic.Remedy));
    }
}
