using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Provision.Benchmarks;

/// <summary>Start here: <c>Provision.Benchmarks all</c> measures everything and prints the tables of RESULTS.md; see README.md.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        var report = new Report(Console.Out);
        switch (arguments)
        {
            case ["all", .. var rest]:
                await report.WriteMachineAsync();
                await EngineCases.RunAsync(report);
                await OverheadCases.RunAsync(report);
                StateCases.Run(report);
                ModelCases.Run(report);
                await StartupCases.RunAsync(report, rest);
                await DiffCases.RunAsync(report, rest);
                await DockerCases.RunAsync(report, rounds: 3);
                await LibvirtReadCases.RunAsync(report);
                await MachineMemoryCases.RunAsync(report);
                await MachineCases.RunAsync(report, rounds: 2);
                break;
            case ["machine"]:
                await report.WriteMachineAsync();
                break;
            case ["engine"]:
                await EngineCases.RunAsync(report);
                break;
            case ["overhead"]:
                await OverheadCases.RunAsync(report);
                break;
            case ["state"]:
                StateCases.Run(report);
                break;
            case ["model"]:
                ModelCases.Run(report);
                break;
            case ["startup", .. var rest]:
                await StartupCases.RunAsync(report, rest);
                break;
            case ["diff", .. var rest]:
                await DiffCases.RunAsync(report, rest);
                break;
            case ["docker"]:
                await DockerCases.RunAsync(report, rounds: 3);
                break;
            case ["docker", var rounds] when int.TryParse(rounds, CultureInfo.InvariantCulture, out var count):
                await DockerCases.RunAsync(report, count);
                break;
            case ["machines"]:
                await MachineCases.RunAsync(report, rounds: 2);
                break;
            case ["machines", var rounds] when int.TryParse(rounds, CultureInfo.InvariantCulture, out var count):
                await MachineCases.RunAsync(report, count);
                break;
            case ["machines-bare", .. var rest]:
                return await BareMachines.RunAsync(rest);
            case ["machine-memory"]:
                await MachineMemoryCases.RunAsync(report);
                break;
            case ["libvirt-reads"]:
                await LibvirtReadCases.RunAsync(report);
                break;
            case ["micro", .. var rest]:
                // In this process: building a project a benchmark would run into the repository's own build settings.
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly)
                    .Run(rest, DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));
                return 0;
            default:
                await Console.Error.WriteLineAsync("Say what to measure: all, machine, engine, overhead, state, model, startup, diff, docker, libvirt-reads, machine-memory, machines or micro. See README.md.");
                return 2;
        }

        report.WriteBudgets();
        return 0;
    }
}
