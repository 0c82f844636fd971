using System.Diagnostics;
using System.Globalization;

namespace Provision.Benchmarks;

/// <summary><c>provision diff</c> as whole processes of the published program: one definition, two revisions of it in a repository.</summary>
internal static class DiffCases
{
    private const int Repetitions = 10;

    // Ten resources a student: two machines of three each, a network, two containers and a volume.
    private const string Definition = """
        using Provision.Model;

        public sealed class Class : StackDefinition
        {
            public int Students { get; init; } = 30;

            public DataSize Memory { get; init; } = 96.MiB;

            public override Stack Define()
            {
                var volumes = Each(Students, n => new ContainerVolume($"home-{n}") { Owner = $"student{n}@example.edu" });
                var networks = Each(Students, n => new VirtualNetwork($"desk-{n}") { Mode = NetworkMode.Isolated, Subnet = $"10.{100 + n / 200}.{n % 200}.0/24" });
                return new()
                {
                    Hosts =
                    [
                        new Host("lab-01")
                        {
                            Volumes = volumes,
                            Containers =
                            [
                                .. Each(Students, n => new Container($"shell-{n}", ContainerImage.Tiny()) { Owner = $"student{n}@example.edu", Mounts = [Mount.Volume(volumes[n - 1], "/home")] }),
                                .. Each(Students, n => new Container($"web-{n}", ContainerImage.Tiny()) { Owner = $"student{n}@example.edu", Ports = [new Port(80) { Host = 10000 + n, Ip = "127.0.0.1" }] }),
                            ],
                            Hypervisors =
                            [
                                new Hypervisor("kvm")
                                {
                                    Networks = networks,
                                    Machines =
                                    [
                                        .. Each(Students, n => new VirtualMachine($"server-{n}", DiskImage.Tiny()) { Owner = $"student{n}@example.edu", Memory = Memory, Networks = [networks[n - 1]] }),
                                        .. Each(Students, n => new VirtualMachine($"client-{n}", DiskImage.Tiny()) { Owner = $"student{n}@example.edu", Memory = Memory, Networks = [networks[n - 1]] }),
                                    ],
                                },
                            ],
                        },
                    ],
                };
            }
        }
        """;

    /// <param name="report">Where the table goes.</param>
    /// <param name="published">A folder with a published program. None: it is published now, ReadyToRun.</param>
    public static async Task RunAsync(Report report, string[] published)
    {
        using var own = new BenchWorkspace();
        var program = published is [var folder, ..] ? folder : await StartupCases.PublishAsync(Path.Combine(own.Folder, "published"));
        report.Table($"`provision diff`, median of {Repetitions}, in turn", "work", "time (min – max)", "processor time, median");
        using var class30 = Repository(["class"], 30);
        using var class300 = Repository(["class"], 300);
        using var class40 = Repository([.. Enumerable.Range(1, 40).Select(n => $"group-{n:00}")], 3);

        var (warm, cold, large) = (
            new Case("300 resources, memory raised, both sides compiled already", class30, "base..head"),
            new Case("300 resources, both sides compiled anew", class30, "base..head", Cold: true),
            new Case("3,000 resources, memory raised", class300, "base..head"));
        Case[] cases =
        [
            warm,
            new("the same, nothing changed", class30, "base..base"),
            new("the same, one side alone: against a revision without a workspace", class30, "empty..head"),
            cold,
            large,
            new("3,000 resources, one side alone", class300, "empty..head"),
            new("40 stacks of 30 resources", class40, "base..head"),
            new("for comparison, the program's start: `provision --version`", class30, null),
        ];

        // In turn, so that a machine that gets slower or faster meanwhile does so for all; the first round is not counted.
        for (var round = 0; round <= Repetitions; round++)
        {
            foreach (var one in cases)
            {
                await RunAsync(one, counted: round > 0);
            }
        }

        foreach (var one in cases)
        {
            report.Row(one.Work, Report.Times(one.Sample), Report.Time(one.Processor.Order().ElementAt(Repetitions / 2)));
        }

        report.Budget("diff of 300 resources, warm", 0.6, warm.Sample.Median.TotalSeconds, "s");
        report.Budget("diff of 300 resources, cold", 2, cold.Sample.Median.TotalSeconds, "s");
        report.Budget("diff of 3,000 resources, warm", 1.5, large.Sample.Median.TotalSeconds, "s");

        async Task RunAsync(Case one, bool counted)
        {
            if (one.Cold)
            {
                Directory.Delete(Path.Combine(one.Workspace.Folder, "cache"), recursive: true);
            }

            var processor = TimeSpan.Zero;
            var sample = await Measure.RunAsync(1, async () =>
            {
                processor = await StartupCases.ProcessorTimeAsync(one.Workspace.Folder, program, one.Range is null ? ["--version"] : ["diff", one.Range, "--json"]);
                return 0;
            });
            if (counted)
            {
                one.Times.Add(sample.Median);
                one.Processor.Add(processor);
            }
        }
    }

    /// <summary>One row of the table, and what was measured for it. Without a range nothing is compared.</summary>
    private sealed record Case(string Work, BenchWorkspace Workspace, string? Range, bool Cold = false)
    {
        public List<TimeSpan> Times { get; } = [];

        public List<TimeSpan> Processor { get; } = [];

        public Sample Sample => new([.. Times.Order()], 0, 0);
    }

    /// <summary>A repository with the tags empty, base and head; between the last two all machines get more memory.</summary>
    private static BenchWorkspace Repository(string[] stacks, int students)
    {
        var workspace = new BenchWorkspace();
        Git("init", "--quiet", ".");
        File.WriteAllText(Path.Combine(workspace.Folder, ".gitignore"), "cache\n");
        Commit("empty");
        Directory.CreateDirectory(Path.Combine(workspace.Folder, "stacks"));
        File.WriteAllText(Path.Combine(workspace.Folder, "Pulumi.yaml"), "name: bench\nruntime: dotnet\nmain: stacks\nstackConfigDir: stacks\n");
        File.WriteAllText(Path.Combine(workspace.Folder, "stacks", "Class.cs"), Definition);
        Settings(96);
        Commit("base");
        Settings(112);
        Commit("head");
        return workspace;

        void Settings(int memory)
        {
            foreach (var stack in stacks)
            {
                File.WriteAllText(
                    Path.Combine(workspace.Folder, "stacks", $"Pulumi.{stack}.yaml"),
                    string.Create(CultureInfo.InvariantCulture, $"config:\n  provision:definition: Class\n  bench:students: {students}\n  bench:memory: {memory}MiB\n"));
            }
        }

        void Commit(string tag)
        {
            Git("add", "--all");
            Git("-c", "user.name=bench", "-c", "user.email=bench@example.edu", "commit", "--quiet", "--message", tag);
            Git("tag", tag);
        }

        void Git(params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo("git", ["-C", workspace.Folder, .. arguments])) ?? throw new InvalidOperationException("git did not start.");
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"git {string.Join(' ', arguments)} ended with {process.ExitCode}.");
            }
        }
    }
}
