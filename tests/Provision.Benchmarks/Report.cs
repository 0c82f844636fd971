using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Provision.Benchmarks;

/// <summary>Prints tables in Markdown as they are measured, and at the end one line a budget.</summary>
internal sealed class Report(TextWriter output)
{
    private readonly List<string> _budgets = [];

    public async Task WriteMachineAsync()
    {
        var cpu = File.Exists("/proc/cpuinfo")
            ? (await File.ReadAllLinesAsync("/proc/cpuinfo")).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
            : null;
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.UtcNow:yyyy-MM-dd HH:mm} UTC; {Environment.ProcessorCount} cores ({cpu ?? "unknown"}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB; {RuntimeInformation.OSDescription}; .NET {Environment.Version}; load {Load()}"));
    }

    public void Table(string title, params string[] columns)
    {
        output.WriteLine();
        output.WriteLine($"### {title}");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", columns)} |");
        output.WriteLine($"|{string.Concat(Enumerable.Repeat("---|", columns.Length))}");
    }

    public void Row(params string[] cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    /// <summary>Notes what came of a budget; both sides in the same unit.</summary>
    public void Budget(string work, double limit, double measured, string unit) => _budgets.Add(string.Create(
        CultureInfo.InvariantCulture,
        $"| {work} | {limit:0.###} {unit} | {measured:0.###} {unit} | {(measured <= limit ? "met" : $"missed by {(measured / limit - 1) * 100:0} %")} |"));

    public void WriteBudgets()
    {
        if (_budgets.Count == 0)
        {
            return;
        }

        Table("Budgets", "work", "budget", "measured (median)", "");
        _budgets.ForEach(output.WriteLine);
        output.WriteLine();
        output.WriteLine($"Load at the end: {Load()}");
    }

    public static string Time(TimeSpan time) => time.TotalMilliseconds switch
    {
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMicroseconds:0} µs"),
        < 10 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0.0} ms"),
        < 1000 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s"),
    };

    public static string Times(Sample sample) => $"{Time(sample.Median)} ({Time(sample.Min)} – {Time(sample.Max)})";

    public static string Bytes(double bytes) => bytes switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e3:0} kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0} MB"),
    };

    public static string Number(double number, string format = "0.00") => number.ToString(format, CultureInfo.InvariantCulture);

    /// <summary>What a tool says of itself in its first line; for the machine's description.</summary>
    public static async Task<string> FirstLineAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"{program} did not start.");
        var line = await process.StandardOutput.ReadLineAsync();
        await process.WaitForExitAsync();
        return line ?? "";
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
