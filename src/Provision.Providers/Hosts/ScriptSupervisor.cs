using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>Init scripts through the <c>service</c> command.</summary>
internal sealed class ScriptSupervisor(HostSession host) : ISupervisor
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(2);

    public string Name => "service";

    public async Task<SupervisorView> LookAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var script = await host.Transport.StatAsync($"/etc/init.d/{inputs.Unit}", asRoot: false, cancellationToken);
        if (script is null || await host.WhichAsync("service", cancellationToken) is null)
        {
            return new SupervisorView { Exists = false, IsAlive = false };
        }

        var status = await host.RunAsync(new HostCommand("service", inputs.Unit, "status"), cancellationToken);
        return new SupervisorView { Exists = true, IsAlive = status.Succeeded };
    }

    public async Task<string?> StartAsync(ServiceInputs inputs, Urn owner, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("service", inputs.Unit, "start") { Timeout = CallLimit }, cancellationToken);
        return result.Succeeded ? null : $"service {inputs.Unit} start: {result.Complaint()}";
    }

    public async Task StopAsync(ServiceInputs inputs, TimeSpan limit, IStepProgress progress, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("service", inputs.Unit, "stop") { Timeout = limit }, cancellationToken);
        if (!result.Succeeded)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"{inputs.Unit} does not stop: {result.Complaint()}", null, Remainder.Untouched.Value);
        }
    }

    public async Task<string> LogTailAsync(ServiceInputs inputs, CancellationToken cancellationToken)
    {
        var result = await host.RunAsync(new HostCommand("tail", "-n", "15", "--", $"/var/log/{inputs.Unit}.log"), cancellationToken);
        return result.Succeeded ? result.Output.Trim() : "";
    }
}
