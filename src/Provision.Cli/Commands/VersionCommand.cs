using System.Reflection;

namespace Provision.Cli.Commands;

/// <summary><c>provision version</c>: the bare number, as <c>--version</c>.</summary>
internal sealed class VersionCommand(CommandRunner runner) : ProvisionCommand(runner, "version", "Print the version")
{
    public static string Version { get; } =
        typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    public override Task<ExitCode> RunAsync(Invocation invocation)
    {
        invocation.WriteText(Version);
        return Task.FromResult(ExitCode.Success);
    }
}
