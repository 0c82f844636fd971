using Provision.Cli.Loading;
using Xunit;

namespace Provision.Tests.Cli.Loading;

public sealed class PurityCheckTests
{
    // Each stands on a line of its own in one definition, so that one compilation tells about all of them.
    private static readonly (string Line, string Code)[] Impure =
    [
        ("object a01() => File.ReadAllText(\"x\");", "PROV1020"),
        ("object a02() => new FileInfo(\"x\").Length;", "PROV1020"),
        ("object a03() => Directory.GetFiles(\".\");", "PROV1020"),
        ("object a04() => new StreamReader(\"x\");", "PROV1020"),
        ("object a05() => Path.GetTempPath();", "PROV1020"),
        ("object a06() => Path.GetFullPath(\"x\");", "PROV1020"),
        ("object a07() => new FileSystemWatcher();", "PROV1020"),
        ("object a08() => ReadAllText(\"x\");", "PROV1020"),
        ("object a09() => System.Xml.Linq.XDocument.Load(\"x\");", "PROV1020"),
        ("Func<string, string> a10() => File.ReadAllText;", "PROV1020"),
        ("object b01() => new HttpClient();", "PROV1021"),
        ("object b02() => System.Net.Dns.GetHostName();", "PROV1021"),
        ("object b03() => new System.Net.Sockets.TcpClient();", "PROV1021"),
        ("object c01() => DateTime.Now;", "PROV1022"),
        ("object c02() => DateTime.UtcNow.Year;", "PROV1022"),
        ("object c03() => DateTime.Today;", "PROV1022"),
        ("object c04() => DateTimeOffset.Now;", "PROV1022"),
        ("object c05() => System.Diagnostics.Stopwatch.StartNew();", "PROV1022"),
        ("object c06() => TimeProvider.System;", "PROV1022"),
        ("object c07() => Environment.TickCount64;", "PROV1022"),
        ("object d01() => Environment.MachineName;", "PROV1023"),
        ("object d02() => Environment.GetEnvironmentVariable(\"HOME\");", "PROV1023"),
        ("object d03() => OperatingSystem.IsLinux();", "PROV1023"),
        ("object d04() => TimeZoneInfo.Local;", "PROV1023"),
        ("object d05() => new DateTime(2026, 1, 1).ToLocalTime();", "PROV1023"),
        ("object e01() => new Random(1).Next();", "PROV1024"),
        ("object e02() => Random.Shared.Next();", "PROV1024"),
        ("object e03() => Guid.NewGuid();", "PROV1024"),
        ("object e04() => System.Security.Cryptography.RandomNumberGenerator.GetBytes(4);", "PROV1024"),
        ("object e05() => new[] { 1, 2 }.Shuffle();", "PROV1024"),
        ("object e06() => \"x\".GetHashCode();", "PROV1024"),
        ("object e07() => HashCode.Combine(1, 2);", "PROV1024"),
        ("object f01() => System.Diagnostics.Process.Start(\"ls\");", "PROV1025"),
        ("object g01() => Task.Run(() => 1);", "PROV1026"),
        ("void g02() => Thread.Sleep(1);", "PROV1026"),
        ("void g03() => Parallel.For(0, 1, n => { });", "PROV1026"),
        ("object g04() => new Timer(_ => { });", "PROV1026"),
        ("object g05() => Task.Delay(1);", "PROV1026"),
        ("object g06() => new[] { 1 }.AsParallel();", "PROV1026"),
        ("void h01() => Console.WriteLine(1);", "PROV1027"),
        ("object i01() => System.Reflection.Assembly.Load(\"x\");", "PROV1028"),
        ("object? i02() => Activator.CreateInstance(\"a\", \"b\");", "PROV1028"),
        ("object? i03() => typeof(Lab).GetMethod(\"x\");", "PROV1028"),
        ("object? i04() => Type.GetType(\"x\");", "PROV1028"),
        ("object i05() => AppDomain.CurrentDomain;", "PROV1028"),
        ("object? i06() => ((Delegate)(() => 1)).DynamicInvoke();", "PROV1028"),
        ("object j01() => System.Runtime.InteropServices.Marshal.AllocHGlobal(4);", "PROV1029"),
        ("unsafe object j02() { int x = 1; int* p = &x; return *p; }", "PROV1029"),
        ("[System.Runtime.InteropServices.DllImport(\"c\")] static extern int getpid();", "PROV1029"),
        ("static int k01 = 1;", "PROV1030"),
        ("static int k02 { get; set; }", "PROV1030"),
        ("object l01() { dynamic x = 1; return x; }", "PROV1031"),
        ("async void m01() { }", "PROV1032"),
        ("async ValueTask<int> m02() => await default(ValueTask<int>);", "PROV1032"),
        ("object n01() => new System.ComponentModel.BackgroundWorker();", "PROV1033"),
    ];

    [Fact]
    public async Task Each_impure_call_is_our_own_error_on_its_line_with_a_remedy()
    {
        using var workspace = new TestWorkspace();
        workspace.Write("Lab.cs", "using static System.IO.File;\n" + TestWorkspace.Definition(string.Join('\n', Impure.Select(entry => entry.Line)) + "\n" + TestWorkspace.Telling("1")));

        var exception = Assert.IsType<StackCompilationException>(await workspace.FailAsync());

        var found = exception.Errors.GroupBy(error => error.Place.Line).ToDictionary(line => line.Key, line => line.Select(error => error.Code).ToArray());
        Assert.All(Impure.Index(), entry => Assert.Contains(entry.Item.Code, found.GetValueOrDefault(entry.Index + 6) ?? []));
        Assert.All(exception.Errors, error => Assert.True(error.Code.StartsWith("PROV10", StringComparison.Ordinal) && error.Remedy is not null, error.ToString()));
        Assert.Contains(exception.Errors, error => error.ToString() == "stacks/Lab.cs(6,17): error PROV1020: 'File.ReadAllText' reaches files in a way Provision cannot see");
    }

    [Fact]
    public async Task What_only_computes_is_let_through()
    {
        using var workspace = new TestWorkspace(
            """
            private static readonly ImmutableArray<string> Names = ["a", "b"];
            private const int Count = 2;
            public sealed record Pair(string Left, int Right) { public override int GetHashCode() => HashCode.Combine(Left, Right); }
            private static string All() => string.Join(Environment.NewLine, Names.Select((name, at) => $"{name}{at}"))
                + new DateOnly(2026, 1, 1).AddDays(Count).ToString("O") + new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).ToString("O")
                + Path.Combine("a", "b") + Math.Max(1, 2) + typeof(Lab).Name + System.Net.IPAddress.Parse("10.0.0.1").AddressFamily
                + Convert.ToHexString(System.Security.Cryptography.SHA256.HashData("x"u8)) + System.Text.Json.JsonSerializer.Serialize(new[] { 1 })
                + System.Text.RegularExpressions.Regex.Replace("abc", "b", "x") + new Pair("a", 1).GetType().Name + nameof(Define) + new StringReader("x").ReadLine();
            private static int Checked(int value) => value > 0 ? value : throw new InvalidDataException("x");
            """ + "\n" + TestWorkspace.Telling("All().Length + Checked(1)"));

        Assert.Equal("Lab", (await workspace.LoadAsync()).Definition);
    }
}
