using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>systemd, where it runs.</summary>
internal sealed class SystemdSupervisor(HostSession host) : ISupervisor
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(5);

    public string Name => "systemd";

    public async Task<SupervisorView> LookAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        // "LoadState=loaded\nActiveState=active\nMainPID=812\nUnitFileState=enabled"
        var result = await host.Transport.RunAsync(
            new HostCommand("systemctl", "show", "-p", "LoadState,ActiveState,MainPID,UnitFileState", "--", inputs.Unit), cancellationToken);
        if (!result.Succeeded)
        {
            throw new ProviderException(
                ProviderFailure.Unreachable, $"systemd does not tell of {inputs.Unit}: {result.Complaint()}", null, Remainder.Untouched.Value);
        }

        var facts = result.OutputLines.Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        var active = facts.GetValueOrDefault("ActiveState");
        var hasPid = int.TryParse(facts.GetValueOrDefault("MainPID"), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && pid > 0;
        return new SupervisorView
        {
            Exists = facts.GetValueOrDefault("LoadState") is not (null or "not-found"),
            IsAlive = active is "active" or "reloading",
            HasEnded = active is "failed",
            Pid = hasPid ? pid : null,
            IsEnabled = facts.GetValueOrDefault("UnitFileState") is "enabled" or "enabled-runtime" or "static" or "alias" or "generated" or "indirect",
        };
    }

    public async Task<string?> StartAsync(ServiceInputs inputs, Urn owner, CancellationToken cancellationToken)
    {
        if (inputs.Enabled && await CallAsync("enable", inputs, cancellationToken) is { } complaint)
        {
            return complaint;
        }

        return await CallAsync("start", inputs, cancellationToken);
    }

    public async Task StopAsync(ServiceInputs inputs, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken)
    {
        if (await CallAsync("stop", inputs, cancellationToken) is { } complaint)
        {
            throw new ProviderException(ProviderFailure.Refused, $"{inputs.Unit} does not stop: {complaint}", null, Remainder.Untouched.Value);
        }
    }

    public async Task<string> LogTailAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("journalctl", "-u", inputs.Unit, "-n", "15", "--no-pager", "-o", "cat"), cancellationToken);
        return result.Succeeded ? result.Output.Trim() : "";
    }

    private async Task<string?> CallAsync(string verb, ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("systemctl", verb, "--", inputs.Unit) { Timeout = CallLimit }, cancellationToken);
        return result.Succeeded ? null : $"systemctl {verb}: {result.Complaint()}";
    }
}
