using Microsoft.Extensions.Time.Testing;
using Provision.Cli.Rendering;
using Provision.Engine.Diagnostics;
using Provision.Engine.Events;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Tests.Testing;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class ProgressTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly Urn Web = UrnOf(Container, "web");
    private static readonly Urn Image = UrnOf("docker:index/remoteImage:RemoteImage", "nginx");
    private static readonly Urn Db = UrnOf(Container, "db");

    private static EngineEvent At(int milliseconds, EngineEvent engineEvent) => engineEvent with { Time = Start.AddMilliseconds(milliseconds) };

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private static Diagnostic Failure(Urn urn) => new(Severity.Error, "PROV1510", "The create failed", "port 80 is taken", "Free it.", urn);

    private static IEnumerable<EngineEvent> Run()
    {
        yield return At(0, new EngineEvent.OperationStarted(Operation.Up, false));
        yield return At(0, new EngineEvent.ReadStarted(3));
        yield return At(20, new EngineEvent.ReadFinished(3, 1, Ms(20)));
        yield return At(30, new EngineEvent.StepPlanned(Step(StepOp.Same, Network, "front")));
        yield return At(30, new EngineEvent.StepPlanned(Step(StepOp.Create, Image.Type.Token, "nginx")));
        yield return At(30, new EngineEvent.StepStarted(Image, StepOp.Create));
        yield return At(40, new EngineEvent.StepProgressed(Image, StepOp.Create, "pulling", 50, 200));
        yield return At(1270, new EngineEvent.StepFinished(Image, StepOp.Create, Ms(1240), null));
        yield return At(1280, new EngineEvent.StepPlanned(Step(StepOp.Replace, Container, "web")));
        yield return At(1280, new EngineEvent.StepStarted(Web, StepOp.CreateReplacement));
        yield return At(1290, new EngineEvent.StepProgressed(Web, StepOp.CreateReplacement, "waiting for health: starting, 3 s", null, null));
        yield return At(1300, new EngineEvent.DiagnosticRaised(new Diagnostic(Severity.Warning, "PROV1", "Slow", "It is slow.")));
        yield return At(61_300, new EngineEvent.StepFailed(Web, StepOp.CreateReplacement, Ms(60_020), Failure(Web)));
        yield return At(61_310, new EngineEvent.StepSkipped(Db, StepOp.Create, "web failed"));
        yield return At(61_320, new EngineEvent.Cancelling(false));
        yield return At(61_330, new EngineEvent.Cancelling(true));
    }

    [Fact]
    public void Without_a_terminal_there_is_a_line_at_start_every_ten_seconds_and_at_the_end()
    {
        using var output = new StringWriter();
        var view = new PlainProgress(new Screen(output, color: false, 80, 24), "lab");
        var next = Start + view.Interval;
        foreach (var engineEvent in Run())
        {
            for (; next < engineEvent.Time; next += view.Interval)
            {
                view.Tick(next);
            }

            view.Show(engineEvent);
        }

        Golden.Match(output.ToString(), "cli/progress-plain.txt");
    }

    [Fact]
    public void While_nothing_runs_the_heartbeat_says_what_is_being_done()
    {
        using var output = new StringWriter();
        var view = new PlainProgress(new Screen(output, color: false, 80, 24), "lab");
        view.Show(At(0, new EngineEvent.OperationStarted(Operation.Up, true)));
        view.Show(At(0, new EngineEvent.ReadStarted(40)));

        view.Tick(Start.AddSeconds(10));

        Assert.Equal("    still at it (10s): looking at 40 resources\n", output.ToString());
    }

    [Fact]
    public void Of_many_running_steps_the_heartbeat_names_five()
    {
        var heartbeat = new StringWriter();
        var other = new PlainProgress(new Screen(heartbeat, color: false, 80, 24), "lab");
        foreach (var n in Enumerable.Range(1, 8))
        {
            other.Show(At(0, new EngineEvent.StepStarted(UrnOf(Container, $"c{n}"), StepOp.Delete)));
        }

        heartbeat.GetStringBuilder().Clear();
        other.Tick(Start.AddSeconds(10));

        Assert.Equal(6, heartbeat.ToString().TrimEnd().Split('\n').Length);
        Assert.EndsWith("    … and 3 more\n", heartbeat.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_live_display_folds_equal_siblings_and_keeps_what_runs_at_the_bottom()
    {
        var model = Students();

        var lines = LiveLayout.Lines(model, "Updating (lab):", Start, Start.AddSeconds(14), 24);

        Golden.Match(Text(lines), "cli/progress-live.txt");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(200)]
    public void The_live_display_is_never_higher_than_the_terminal(int height)
    {
        var model = Students();
        foreach (var n in Enumerable.Range(1, 40))
        {
            model.Apply(At(0, new EngineEvent.StepStarted(UrnOf(Package, new string((char)('a' + n), 3)), StepOp.Create)));
        }

        var lines = LiveLayout.Lines(model, "Updating (lab):", Start, Start.AddSeconds(14), height);

        Assert.InRange(lines.Count, 1, Math.Max(2, height));
    }

    [Theory]
    [InlineData(20, 10)]
    [InlineData(1, 1)]
    [InlineData(200, 50)]
    public async Task On_a_narrow_terminal_lines_are_cut_and_nothing_throws(int width, int height)
    {
        using var output = new StringWriter();
        var clock = new FakeTimeProvider(Start);
        var view = new LiveProgress(new Screen(output, color: true, width, height), "a-stack-with-a-very-long-name", clock);
        await view.RunAsync(() =>
        {
            foreach (var engineEvent in Run().Concat(StudentEvents()))
            {
                view.Show(engineEvent);
                view.Tick(engineEvent.Time);
            }

            return Task.CompletedTask;
        });

        Assert.Contains("\u001b[", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_view_never_holds_the_engine_up_and_loses_only_word_of_progress()
    {
        var view = new BlockedView();
        var pump = new EventPump(view, TimeProvider.System);
        foreach (var n in Enumerable.Range(0, 5000))
        {
            pump.Post(At(n, new EngineEvent.StepProgressed(Web, StepOp.Create, "x", n, 5000)));
        }

        foreach (var n in Enumerable.Range(0, 5000))
        {
            pump.Post(At(n, new EngineEvent.StepStarted(UrnOf(Container, $"c{n}"), StepOp.Create)));
        }

        view.Release.SetResult();
        await pump.DisposeAsync();

        Assert.Equal(5000, view.Seen.OfType<EngineEvent.StepStarted>().Count());
        Assert.InRange(view.Seen.OfType<EngineEvent.StepProgressed>().Count(), 1, 2000);
    }

    private static ProgressModel Students()
    {
        var model = new ProgressModel();
        foreach (var engineEvent in StudentEvents())
        {
            model.Apply(engineEvent);
        }

        return model;
    }

    private static IEnumerable<EngineEvent> StudentEvents()
    {
        foreach (var n in Enumerable.Range(1, 30))
        {
            var urn = UrnOf(Container, $"student-{n:000}");
            yield return At(0, new EngineEvent.StepPlanned(Step(StepOp.Create, Container, $"student-{n:000}")));
            yield return At(0, new EngineEvent.StepStarted(urn, StepOp.Create));
            if (n <= 27)
            {
                yield return At(100 * n, new EngineEvent.StepFinished(urn, StepOp.Create, Ms(100), null));
            }
            else if (n == 28)
            {
                yield return At(3000, new EngineEvent.StepFailed(urn, StepOp.Create, Ms(100), Failure(urn)));
            }
        }

        yield return At(3000, new EngineEvent.StepStarted(Db, StepOp.Update));
        yield return At(3500, new EngineEvent.StepFinished(Db, StepOp.Update, Ms(240), null));
        yield return At(3600, new EngineEvent.StepStarted(Image, StepOp.Create));
        yield return At(3700, new EngineEvent.StepProgressed(Image, StepOp.Create, "pulling", 50, 200));
    }

    /// <summary>Shows nothing until it is let go.</summary>
    private sealed class BlockedView : IProgressView
    {
        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public List<EngineEvent> Seen { get; } = [];

        public TimeSpan Interval => TimeSpan.FromHours(1);

        public void Show(EngineEvent engineEvent) => Seen.Add(engineEvent);

        public void Tick(DateTimeOffset now)
        {
        }

        public async Task RunAsync(Func<Task> read)
        {
            await Release.Task;
            await read();
        }
    }
}
