using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Provision.Cli.Review;
using Provision.Cli.Review.Worker;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Tests.Cli.Loading;
using Xunit;

namespace Provision.Tests.Review;

/// <summary>What a worker keeps in even where the compiler's rules let something through: here nobody asked them.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class WorkerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_has_no_environment_of_its_starters_and_no_home_of_theirs()
    {
        Environment.SetEnvironmentVariable("PROVISION_TEST_TOKEN", "hunter2");

        var told = await RunAsync("string.Join(\",\", Environment.GetEnvironmentVariables().Keys.Cast<string>().Order()) + \" \" + Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)");

        Assert.DoesNotContain("PROVISION_TEST_TOKEN", told, StringComparison.Ordinal);
        Assert.All(told.Split(' ')[0].Split(','), name => Assert.True(name is "HOME" or "TMPDIR" or "PWD" or "OLDPWD" or "SHLVL" or "_" || name.StartsWith("DOTNET_", StringComparison.Ordinal), name));
        var home = told.Split(' ')[1];
        Assert.StartsWith("provision-worker-", Path.GetFileName(home), StringComparison.Ordinal);
        Assert.False(Directory.Exists(home));
    }

    [Fact]
    public async Task It_cannot_write_to_files()
    {
        var target = _folder.At("stolen.txt");

        var told = await RunAsync($"Try(() => System.IO.File.WriteAllText({Literal(target)}, \"x\"))");

        Assert.True(told.Contains("IOException", StringComparison.Ordinal) || told.Contains("ended the process", StringComparison.Ordinal), told);
        Assert.True(!File.Exists(target) || new FileInfo(target).Length == 0);
    }

    [Fact]
    public async Task A_definition_that_ends_the_process_is_told_as_that()
    {
        Assert.Contains("exit code 3", await RunAsync("Exit()"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_definition_starts_is_ended_with_it()
    {
        var id = int.Parse(await RunAsync("System.Diagnostics.Process.Start(\"/bin/sleep\", \"600\").Id.ToString()"), CultureInfo.InvariantCulture);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (Lives(id))
        {
            // Killed it is; the kernel takes a moment to end it.
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // One that nobody waited for yet is over as well.
    private static bool Lives(int id)
    {
        try
        {
            var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            return status[(status.LastIndexOf(')') + 2)..] is not ['Z' or 'X', ..];
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>What the expression gives, as the stack's output; or what is wrong with it.</summary>
    private async Task<string> RunAsync(string expression)
    {
        _folder.With("Pulumi.yaml", "name: labs\nmain: stacks\nstackConfigDir: stacks\n");
        Directory.CreateDirectory(_folder.At("stacks"));
        var side = new WorkerSide(_folder.At("Pulumi.yaml"), Compile(expression), []);
        using var pool = new WorkerPool(new ReviewLimits(TimeSpan.FromSeconds(20), 256.MiB), _ => { });
        var files = new RevisionFiles { Side = new ReviewSide("head", null), Worker = side, Stacks = ["lab"] };
        var none = new RevisionFiles { Side = new ReviewSide("base", null) };

        var review = Assert.Single(pool.Review(none, files, ["lab"], TestContext.Current.CancellationToken));

        return review.Plan.Outputs.Find("told") is PropertyValue.String told ? told.Value : string.Join('\n', review.Problems);
    }

    private static byte[] Compile(string expression)
    {
        var source = $$"""
            using System; using System.Linq; using Provision.Model;
            public sealed class Lab : StackDefinition
            {
                static string Try(Action act) { try { act(); return "done"; } catch (Exception exception) { return exception.GetType().Name; } }
                static string Exit() { Environment.Exit(3); return ""; }
                public override Stack Define() => new() { Hosts = [new Host("h")], Outputs = new() { ["told"] = {{expression}} } };
            }
            """;
        var references = ((string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "").Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) is "Provision.Model.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        using var assembly = new MemoryStream();
        var result = CSharpCompilation.Create(
            "Stacks", [CSharpSyntaxTree.ParseText(source, cancellationToken: TestContext.Current.CancellationToken)], references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary))
            .Emit(assembly, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Select(diagnostic => diagnostic.ToString()));
        return assembly.ToArray();
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
