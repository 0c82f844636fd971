using System.Net;
using System.Net.Sockets;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;

namespace Provision.Cli.Workloads;

/// <summary>A look at one machine, now.</summary>
internal static class MachineLook
{
    /// <exception cref="CliException">It is gone, or does not run.</exception>
    public static async Task<MachineStatus> DemandRunningAsync(IMachineAccess machines, Workload machine, CancellationToken cancellationToken)
    {
        var statuses = await machines.StatusesAsync([machine.Id], cancellationToken);
        if (!statuses.TryGetValue(machine.Id, out var status))
        {
            throw new CliException(ExitCode.Resource, CliDiagnostics.NothingRuns(machine.Name, $"it is not there any more at {machines.Endpoint}."));
        }

        return status.Power == MachinePower.Running
            ? status
            : throw new CliException(ExitCode.Resource, CliDiagnostics.NotRunning(machine.Name, Word(status.Power)));
    }

    public static string Word(MachinePower power) => power switch
    {
        MachinePower.Off => "off",
        MachinePower.Running => "running",
        MachinePower.Paused => "paused",
        _ => "crashed",
    };

    /// <summary>Where it is reached: what it has now, else what it was recorded with; IPv4 before IPv6, and never an address that means nothing elsewhere.</summary>
    public static string? AddressOf(MachineStatus? status, PropertyMap outputs)
    {
        var now = status?.Addresses ?? [];
        return Best(now) ?? Best(Recorded(outputs));
    }

    private static string? Best(IEnumerable<string> texts)
    {
        IPAddress[] addresses =
        [
            .. texts.Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>()
                .Where(address => !IPAddress.IsLoopback(address) && !address.IsIPv6LinkLocal),
        ];
        return (addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses.FirstOrDefault())?.ToString();
    }

    private static IEnumerable<string> Recorded(PropertyMap outputs) =>
        from nic in (outputs.Find("networkInterfaces") as PropertyValue.List)?.Items ?? []
        where nic is PropertyValue.Map
        from address in (((PropertyValue.Map)nic).Properties.Find("addresses") as PropertyValue.List)?.Items ?? []
        where address is PropertyValue.String
        select ((PropertyValue.String)address).Value;
}
