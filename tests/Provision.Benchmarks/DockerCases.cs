using System.Diagnostics;
using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Docker;

namespace Provision.Benchmarks;

/// <summary>
/// Fifty containers through the engine, journal and state included, against the same calls in a bare loop of the same width, in turns, on one private
/// daemon.
/// </summary>
internal static class DockerCases
{
    private const int Containers = 50;
    private const int Width = 8;

    // As the first process it has to say itself that it ends when told to.
    private static readonly string[] Command = ["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"];

    public static async Task RunAsync(Report report, int rounds)
    {
        await using var lab = new DockerLab();
        await lab.ReadyAsync();
        using var client = lab.Client();
        var version = await client.System.GetVersionAsync();
        // One of each first: code and daemon are warm then.
        await BareUpAsync(client, 4);
        await BareDestroyAsync(client, 4, force: false);
        await EngineAsync(lab, 4);

        var bareUp = new List<TimeSpan>();
        var bareStop = new List<TimeSpan>();
        var bareForce = new List<TimeSpan>();
        var up = new List<TimeSpan>();
        var destroy = new List<TimeSpan>();
        for (var round = 0; round < rounds * 2; round++)
        {
            // Bare, engine, engine, bare: neither always has the fresher daemon.
            if (round % 4 is 0 or 3)
            {
                await BareAsync(round);
            }

            var (created, destroyed) = await EngineAsync(lab, Containers);
            up.Add(created);
            destroy.Add(destroyed);
            if (round % 4 is 1 or 2)
            {
                await BareAsync(round);
            }
        }

        report.Table(
            $"{Containers} containers, {Width} at once, dockerd {version.Version} ({version.KernelVersion})", "operation", "bare loop (min – max)", "provision (min – max)", "ratio of medians");
        Row("up: create, start (provision also looks at each)", bareUp, up);
        Row("destroy, against stop and remove", bareStop, destroy);
        Row("destroy, against a forced remove", bareForce, destroy);
        report.Budget($"up of {Containers} containers against the bare loop", 1.15, Median(up) / Median(bareUp), "x");
        report.Budget($"destroy of {Containers} containers against the bare loop (stop, remove)", 1.15, Median(destroy) / Median(bareStop), "x");

        async Task BareAsync(int round)
        {
            bareUp.Add(await BareUpAsync(client, Containers));
            var force = round % 2 == 0;
            (force ? bareForce : bareStop).Add(await BareDestroyAsync(client, Containers, force));
        }

        void Row(string operation, List<TimeSpan> bare, List<TimeSpan> engine) => report.Row(
            operation, Times(bare), Times(engine), Report.Number(Median(engine) / Median(bare)));
    }

    private static async Task<(TimeSpan Up, TimeSpan Destroy)> EngineAsync(DockerLab lab, int count)
    {
        using var workspace = new BenchWorkspace();
        var goals = Goals(lab, count);
        var up = await OperationAsync(workspace, Operation.Up, goals);
        var destroy = await OperationAsync(workspace, Operation.Destroy, []);
        return (up, destroy);
    }

    /// <summary>All that a command does around the engine too: lock, state read, journal, state written.</summary>
    private static async Task<TimeSpan> OperationAsync(BenchWorkspace workspace, Operation operation, IReadOnlyList<ResourceGoal> goals)
    {
        var started = Stopwatch.GetTimestamp();
        await using var session = await workspace.OpenAsync(operation == Operation.Up ? "up" : "destroy");
        var result = await BenchRun.RunAsync(operation, goals, session.Snapshot, dryRun: false, [new DockerProviderFactory(TimeProvider.System)], session.Journal);
        await session.CommitAsync(result.Snapshot, BenchWorkspace.Record(operation == Operation.Up ? "update" : "destroy"), CancellationToken.None);
        return Stopwatch.GetElapsedTime(started);
    }

    private static List<ResourceGoal> Goals(DockerLab lab, int count)
    {
        var provider = Urn.Create(BenchStack.Stack, BenchStack.Project, BenchStack.Root, ResourceType.ProviderOf("docker"), "lab");
        return
        [
            new ResourceGoal { Urn = BenchStack.Root, Custom = false },
            new ResourceGoal { Urn = provider, Custom = true, Parent = BenchStack.Root, Inputs = PropertyMap.Of(("host", lab.Endpoint)) },
            .. Enumerable.Range(0, count).Select(i => new ResourceGoal
            {
                Urn = Urn.Create(BenchStack.Stack, BenchStack.Project, BenchStack.Root, new ResourceType("docker:index/container:Container"), Name("engine", i)),
                Custom = true,
                Parent = BenchStack.Root,
                Provider = provider,
                Inputs = PropertyMap.Of(
                    ("name", Name("engine", i)), ("image", DockerLab.TinyImage), ("command", PropertyValue.ListOf(Command)), ("memory", 16)),
            }),
        ];
    }

    private static Task<TimeSpan> BareUpAsync(DockerClient client, int count) => LoopAsync(count, async (i, token) =>
    {
        var made = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Name = Name("bare", i),
                Image = DockerLab.TinyImage,
                Cmd = Command,
                HostConfig = new HostConfig { Memory = 16 << 20 },
            },
            token);
        await client.Containers.StartContainerAsync(made.ID, new ContainerStartParameters(), token);
    });

    private static Task<TimeSpan> BareDestroyAsync(DockerClient client, int count, bool force) => LoopAsync(count, async (i, token) =>
    {
        if (!force)
        {
            await client.Containers.StopContainerAsync(Name("bare", i), new ContainerStopParameters(), token);
        }

        await client.Containers.RemoveContainerAsync(Name("bare", i), new ContainerRemoveParameters { Force = true, RemoveVolumes = true }, token);
    });

    private static async Task<TimeSpan> LoopAsync(int count, Func<int, CancellationToken, Task> callAsync)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = Width }, async (i, token) => await callAsync(i, token));
        return Stopwatch.GetElapsedTime(started);
    }

    private static string Name(string who, int i) => string.Create(CultureInfo.InvariantCulture, $"{who}-{i:00}");

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);

    private static string Times(List<TimeSpan> times) => $"{Report.Time(Median(times))} ({Report.Time(times.Min())} – {Report.Time(times.Max())})";
}
