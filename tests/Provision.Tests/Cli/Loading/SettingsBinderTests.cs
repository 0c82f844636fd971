using Provision.Model;
using Xunit;

namespace Provision.Tests.Cli.Loading;

public sealed class SettingsBinderTests
{
    private const string Members =
        """
        public enum Difficulty { Low, VeryHigh }
        public sealed record Student(string Name, int Age = 20) { public string? Mail { get; init; } }
        [Range(1, 300)] public int Students { get; init; } = 30;
        public DataSize MaxMemory { get; init; } = 1.GiB;
        public TimeSpan Grace { get; init; }
        public Difficulty Level { get; init; }
        public bool Graded { get; init; }
        public double Ratio { get; init; }
        public decimal Price { get; init; }
        public long? Seed { get; init; }
        public string Title { get; init; } = "none";
        public DateOnly Starts { get; init; }
        public ImmutableArray<string> Names { get; init; } = [];
        public int[] Ports { get; init; } = [];
        public IReadOnlyList<Student> Roll { get; init; } = [];
        public Map<string> Labels { get; init; } = new();
        public IReadOnlyDictionary<string, DataSize> Sizes { get; init; } = new Dictionary<string, DataSize>();
        public Value<string>? Token { get; init; }
        [MinLength(8)] public Value<string>? Password { get; init; }
        private string All() => string.Join("|", Students, MaxMemory, Grace, Level, Graded, Ratio, Price, Seed, Title, Starts.ToString("O"),
            string.Join(",", Names), string.Join(",", Ports), string.Join(",", Roll.Select(s => $"{s.Name}/{s.Age}/{s.Mail}")),
            string.Join(",", Labels.Select(l => l.Key + "=" + l.Value)), string.Join(",", Sizes.Select(l => l.Key + "=" + l.Value)), Token?.Expression, Password?.Expression);

        """;

    private static TestWorkspace With(string yaml) =>
        new TestWorkspace(Members + TestWorkspace.Telling("All()")).Write("Pulumi.lab.yaml", yaml);

    [Fact]
    public async Task Every_type_is_bound_whatever_the_spelling_of_its_key()
    {
        using var workspace = With(
            """
            config:
              labs:students: "31"
              labs:max-memory: 512MiB
              labs:grace: 1h15m
              labs:Level: very-high
              labs:graded: true
              labs:ratio: 0.5
              labs:price: 1.10
              labs:seed: 9000000000
              labs:title: "yes"
              labs:starts: 2026-09-01
              labs:names: [ann, bob]
              labs:ports: "[80, 443]"
              labs:roll:
                - {name: ann, mail: a@b}
                - name: bob
                  age: 30
              labs:labels: {a: b}
              labs:sizes: {x: 1GiB}
              labs:token: {secure: v1:abc}
              labs:password: plain-enough
              docker:host: unix:///x
            """);

        var loaded = await workspace.LoadAsync(decrypt: cipher => $"plain of {cipher}");

        Assert.Equal(
            "31|512MiB|01:15:00|VeryHigh|True|0.5|1.10|9000000000|yes|2026-09-01|ann,bob|80,443|ann/20/a@b,bob/30/|a=b|x=1GiB|[secret]|plain-enough",
            loaded.Stack.Outputs["told"].ToString());
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once_with_key_and_line()
    {
        using var workspace = With(
            """
            config:
              labs:students: 999
              labs:max-memory: 512
              labs:level: middle
              labs:graded: perhaps
              labs:names: ann
              labs:ports: [80, http]
              labs:roll: [{age: 3}]
              labs:title: {secure: v1:abc}
              labs:studnets: 3
              labs:password: short
              labs:seed: 1.5
            """);

        var problems = (await workspace.FailAsync()).Diagnostics;

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["labs:students"] = "PROV1051 2",
                ["labs:max-memory"] = "PROV1050 3",
                ["labs:level"] = "PROV1050 4",
                ["labs:graded"] = "PROV1050 5",
                ["labs:names"] = "PROV1050 6",
                ["labs:ports[1]"] = "PROV1050 7",
                ["labs:roll[0]"] = "PROV1050 8",
                ["labs:title"] = "PROV1054 9",
                ["labs:studnets"] = "PROV1053 10",
                ["labs:password"] = "PROV1051 11",
                ["labs:seed"] = "PROV1050 12",
            }.OrderBy(expected => expected.Key, StringComparer.Ordinal),
            problems.Select(problem => KeyValuePair.Create(
                problem.Detail.Split('\'')[1], $"{problem.Code} {problem.Detail.Split('(')[1].Split(',')[0]}")).OrderBy(found => found.Key, StringComparer.Ordinal));
        Assert.Contains(problems, problem => problem.Remedy == "Did you mean 'students'?");
        Assert.Contains(problems, problem => problem.Detail.Contains("one of low, very-high", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Detail.Contains("between 1 and 300", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Remedy == "Declare it as 'public Value<string> Title { get; init; }'.");
    }

    [Fact]
    public async Task A_required_setting_that_is_missing_is_named_with_the_command_that_sets_it()
    {
        using var workspace = new TestWorkspace("public required int Students { get; init; }\n" + TestWorkspace.Telling("Students"));

        var problem = Assert.Single((await workspace.FailAsync()).Diagnostics);

        Assert.Equal(("PROV1052", "Run 'provision config set labs:students <value> -s lab'."), (problem.Code, problem.Remedy));
        Assert.Equal("7", (await workspace.LoadAsync(overrides: ("students", "7"))).Stack.Outputs["told"].ToString());
    }

    [Fact]
    public async Task A_secret_is_in_no_message_and_is_decrypted_only_where_it_is_used()
    {
        const string Marker = "hunter2-marker";
        using var workspace = With("config: {labs:password: {secure: v1:abc}, docker:token: {secure: v1:def}}");
        var asked = new List<string>();

        var loaded = await workspace.LoadAsync(decrypt: cipher => { asked.Add(cipher); return Marker; });
        var short1 = await workspace.FailAsync(decrypt: _ => "s3cret");
        using var numbers = new TestWorkspace("public Value<int>? Pin { get; init; }\n" + TestWorkspace.Telling("1")).Write("Pulumi.lab.yaml", "config: {labs:pin: {secure: v1:abc}}");
        var wrong = await numbers.FailAsync(decrypt: _ => Marker);

        Assert.Equal(["v1:abc"], asked);
        Assert.EndsWith("[secret]", loaded.Stack.Outputs["told"].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", short1.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, wrong.ToString(), StringComparison.Ordinal);
        Assert.Equal(("PROV1051", "PROV1050"), (short1.Diagnostics[0].Code, wrong.Diagnostics[0].Code));
    }

    [Fact]
    public async Task An_override_of_a_secret_stays_secret_and_changes_the_hash()
    {
        using var workspace = With("config: {labs:token: {secure: v1:abc}}");

        var before = await workspace.LoadAsync(decrypt: _ => "x");
        var after = await workspace.LoadAsync(overrides: ("token", "given-by-hand"));

        Assert.Contains("[secret]", after.Stack.Outputs["told"].ToString(), StringComparison.Ordinal);
        Assert.NotEqual(before.Hash, after.Hash);
    }

    [Fact]
    public async Task Settings_that_the_project_declares_reach_the_definition()
    {
        using var workspace = With("");
        workspace.Folder.With("Pulumi.yaml", "name: labs\nmain: stacks\nstackConfigDir: stacks\nconfig: {students: {type: integer, default: 12}}\n");

        Assert.StartsWith("12|", (await workspace.LoadAsync()).Stack.Outputs["told"].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_to_decrypt_is_not_taken_for_the_definitions()
    {
        using var workspace = With("config: {labs:token: {secure: v1:abc}}");

        await Assert.ThrowsAsync<System.Security.Cryptography.CryptographicException>(
            () => workspace.LoadAsync(decrypt: _ => throw new System.Security.Cryptography.CryptographicException("wrong passphrase")));
    }

    [Fact]
    public void Value_of_the_model_is_what_secrets_are_bound_to() => Assert.True(Value.Secret("x").Expression.IsSecret);
}
