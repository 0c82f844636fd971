using System.Diagnostics;
using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Providers.Docker;
using Provision.Providers.Hosts;
using Provision.Providers.Lowering;

namespace Provision.Benchmarks;

/// <summary>Whole processes of the published program: from exec to exit.</summary>
internal static class StartupCases
{
    private const int Repetitions = 10;

    /// <param name="report">Where the table goes.</param>
    /// <param name="published">Folders with published programs, the first of which is judged by the budgets. None: it is published now, ReadyToRun.</param>
    public static async Task RunAsync(Report report, string[] published)
    {
        using var own = new BenchWorkspace();
        string[] programs = published.Length > 0 ? published : [await PublishAsync(Path.Combine(own.Folder, "published"))];
        using var workspace = new BenchWorkspace();
        var resources = await RecordAsync(workspace);
        report.Table($"Whole processes, median of {Repetitions}", "program", "command", "time (min – max)", "processor time, median");
        foreach (var program in programs)
        {
            var judged = program == programs[0];
            var version = await RowAsync(program, "--version");
            var preview = await RowAsync(program, "preview", "bench", "--refresh=false", "--expect-no-changes");
            await RowAsync(program, "preview", "bench", "--refresh=false", "--json");
            await RowAsync(program, "stack", "output");
            if (judged)
            {
                report.Budget("provision --version, published build", 0.15, version.Median.TotalSeconds, "s");
                report.Budget($"preview of {resources} unchanged resources, warm cache, no refresh", 0.5, preview.Median.TotalSeconds, "s");
            }
        }

        async Task<Sample> RowAsync(string program, params string[] arguments)
        {
            // Once to fill the caches: the disk's and, for a definition, the compiler's.
            await ProcessorTimeAsync(workspace.Folder, program, arguments);
            var processor = new List<TimeSpan>();
            var sample = await Measure.RunAsync(Repetitions, async () =>
            {
                processor.Add(await ProcessorTimeAsync(workspace.Folder, program, arguments));
                return 0;
            });
            report.Row(Path.GetFileName(program.TrimEnd('/')), $"`provision {string.Join(' ', arguments)}`", Report.Times(sample), Report.Time(processor.Order().ElementAt(Repetitions / 2)));
            return sample;
        }
    }

    internal static async Task<string> PublishAsync(string folder)
    {
        var project = Path.Combine(Repository(), "src", "Provision.Cli");
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", ["publish", project, "-c", "Release", "-o", folder, "-v", "q"])
        {
            RedirectStandardOutput = true,
        }) ?? throw new InvalidOperationException("dotnet did not start.");
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? folder : throw new InvalidOperationException($"It cannot be published: {said}");
    }

    /// <summary>Of all its threads: a busy machine stretches the other clock more.</summary>
    internal static async Task<TimeSpan> ProcessorTimeAsync(string folder, string program, string[] arguments)
    {
        var before = ChildrenTicks();
        var start = new ProcessStartInfo(Path.Combine(program, "provision"), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["XDG_CACHE_HOME"] = Path.Combine(folder, "cache");
        start.Environment[PassphraseEnvironment.PassphraseVariable] = "benchmark";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The program did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? TimeSpan.FromMilliseconds(10 * (ChildrenTicks() - before))
            : throw new InvalidOperationException($"provision {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output[..Math.Min(output.Length, 2000)]}\n{await errors}");
    }

    /// <summary>What all processes started here and ended have used, in hundredths of a second: user and system time, fields 16 and 17.</summary>
    private static long ChildrenTicks() =>
        File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[13..15].Sum(ticks => long.Parse(ticks, CultureInfo.InvariantCulture));

    /// <summary>A workspace whose stack is recorded as if it had been brought up.</summary>
    private static async Task<int> RecordAsync(BenchWorkspace workspace)
    {
        var stacks = Directory.CreateDirectory(Path.Combine(workspace.Folder, "stacks")).FullName;
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Bench.cs"), Path.Combine(stacks, "Bench.cs"));
        await File.WriteAllTextAsync(Path.Combine(stacks, "Pulumi.bench.yaml"), "config: {}\n");
        await File.WriteAllTextAsync(
            Path.Combine(workspace.Folder, "Pulumi.yaml"), $"name: {BenchStack.Project}\nruntime: dotnet\nmain: stacks\nstackConfigDir: stacks\nbackend:\n  url: file://.\n");
        var goals = StackLowering.Lower(new Bench().Define(), new LoweringContext { Project = BenchStack.Project, StackName = BenchStack.Stack, WorkspaceFolder = workspace.Folder });
        await using var session = await workspace.OpenAsync("up");
        var result = await BenchRun.RunAsync(
            Operation.Up, goals, session.Snapshot, dryRun: false,
            [new RecordedFactory(new DockerProviderFactory(TimeProvider.System)), new RecordedFactory(new HostProviderFactory(TimeProvider.System))], session.Journal);
        await session.CommitAsync(result.Snapshot, BenchWorkspace.Record("update"), CancellationToken.None);
        return result.Snapshot.Resources.Length;
    }

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Provision.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has a Provision.sln.");
    }

    /// <summary>Checks as the real provider does, and says of each create that it went just as asked.</summary>
    private sealed class RecordedFactory(IProviderFactory real) : IProviderFactory
    {
        public string Package => real.Package;

        public CheckResponse CheckConfig(PropertyMap inputs) => real.CheckConfig(inputs);

        public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => real.ConfigReplaces(oldInputs, newInputs);

        public IResourceProvider Open(PropertyMap inputs) => new RecordedProvider(real.Open(inputs));
    }

    private sealed class RecordedProvider(IResourceProvider real) : IResourceProvider
    {
        private int _lastId;

        public CheckResponse Check(CheckRequest request) => real.Check(request);

        public DiffResponse Diff(DiffRequest request) => real.Diff(request);

        public WorkSlot SlotOf(ResourceType type, string operation) => real.SlotOf(type, operation);

        public Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken) =>
            Task.FromResult(new CreateResponse($"{Interlocked.Increment(ref _lastId):x64}", request.Inputs.With("imageId", $"sha256:{1:x64}")));

        public Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => real.DisposeAsync();
    }
}
