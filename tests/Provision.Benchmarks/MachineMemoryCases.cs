using Provision.IntegrationTests.Lab;

namespace Provision.Benchmarks;

/// <summary>The most memory that the published program has resident with a stack of 300 machines, all off: what runs in them is not ours.</summary>
internal static class MachineMemoryCases
{
    private const int Count = 300;

    public static async Task RunAsync(Report report)
    {
        await using var lab = new LibvirtLab();
        await lab.KernelReadyAsync();
        using var own = new BenchWorkspace();
        var published = await StartupCases.PublishAsync(Path.Combine(own.Folder, "published"));
        using var program = new PublishedProgram(published, lab);
        await program.DeclareAsync("bench", (Count, false));
        report.Table($"Peak memory of provision, {Count} machines that are off", "command", "resident at most", "time");
        foreach (var arguments in new string[][]
        {
            ["preview", "bench"], ["up", "bench", "--yes"], ["up", "bench", "--yes", "--expect-no-changes"], ["list", "bench"], ["destroy", "bench", "--yes"],
        })
        {
            var (time, peak) = await program.MeasuredAsync(arguments);
            report.Row($"`provision {string.Join(' ', arguments)}`", Report.Bytes(peak), Report.Time(time));
        }
    }
}
