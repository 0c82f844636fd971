using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Starts machines and stops them: the guest is asked first, and only then is the plug pulled.</summary>
internal sealed class DomainPower(LibvirtConnection libvirt, TimeProvider clock, IStepProgress progress)
{
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromSeconds(30);

    /// <summary>A guest that is still booting misses the button: it is pressed again.</summary>
    private static readonly TimeSpan PressAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a guest gets, by the input <c>__shutdownSeconds</c>; zero pulls the plug at once.</summary>
    public static TimeSpan LimitOf(PropertyMap inputs) =>
        new InputReader(inputs).Integer("__shutdownSeconds") is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : DefaultLimit;

    public Task StartAsync(string uuid, string name, bool paused, CancellationToken cancellationToken) =>
        libvirt.ChangeAsync(
            $"start domain '{name}'",
            connect =>
            {
                using var domain = connect.DomainByUuid(uuid);
                domain.Start(paused ? StartFlags.Paused : StartFlags.None);
            },
            cancellationToken);

    /// <summary>Stops it, whatever it does; one that is off or gone is fine. Drops a saved image as well, which would bring the old machine back.</summary>
    public async Task StopAsync(string uuid, string name, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var watch = await libvirt.WatchAsync(uuid, cancellationToken);
        var began = clock.GetTimestamp();
        var asked = TimeSpan.MinValue;
        while (await StateAsync(uuid, name, cancellationToken) is { IsActive: true } state)
        {
            var waited = clock.GetElapsedTime(began);

            // A guest that is held cannot hear.
            var listens = state.Run is DomainRunState.Running or DomainRunState.Blocked or DomainRunState.ShuttingDown;
            if (waited >= limit || !listens)
            {
                progress.Report(listens && limit > TimeSpan.Zero ? $"powering off: it did not shut down in {limit.TotalSeconds:0} s" : "powering off");
                await PowerOffAsync(uuid, name, cancellationToken);
                break;
            }

            if (asked == TimeSpan.MinValue || waited - asked >= PressAgain)
            {
                asked = waited;
                if (!await AskAsync(uuid, name, cancellationToken))
                {
                    await PowerOffAsync(uuid, name, cancellationToken);
                    break;
                }
            }

            progress.Report($"shutting down, {waited.TotalSeconds:0} s");
            await Pause.UntilAsync(watch, Shorter(LookAgain, limit - waited), clock, cancellationToken);
        }

        await libvirt.ChangeAsync(
            $"drop the saved image of domain '{name}'",
            connect =>
            {
                using var domain = connect.FindDomain(uuid);
                if (domain is not null && libvirt.Driver == LibvirtDriver.Qemu && domain.HasSavedImage())
                {
                    domain.RemoveSavedImage();
                }
            },
            cancellationToken);
    }

    public Task HoldAsync(string uuid, string name, bool hold, CancellationToken cancellationToken) =>
        libvirt.ChangeAsync(
            $"{(hold ? "pause" : "resume")} domain '{name}'",
            connect =>
            {
                using var domain = connect.DomainByUuid(uuid);
                var held = domain.State().Run == DomainRunState.Paused;
                if (hold && !held)
                {
                    domain.Suspend();
                }
                else if (!hold && held)
                {
                    domain.Resume();
                }
            },
            cancellationToken);

    /// <summary>Null where there is no such domain.</summary>
    public Task<DomainState?> StateAsync(string uuid, string name, CancellationToken cancellationToken) =>
        libvirt.AskAsync(
            $"look at domain '{name}'",
            connect =>
            {
                using var domain = connect.FindDomain(uuid);
                return domain?.State();
            },
            cancellationToken);

    /// <summary>False where the driver has no way to ask a guest.</summary>
    private async Task<bool> AskAsync(string uuid, string name, CancellationToken cancellationToken)
    {
        try
        {
            await libvirt.ChangeAsync(
                $"shut down domain '{name}'",
                connect =>
                {
                    using var domain = connect.FindDomain(uuid);
                    domain?.Shutdown();
                },
                cancellationToken);
            return true;
        }
        catch (ProviderException failure) when (failure.IsInvalidNow() || failure.IsNotFound())
        {
            // It went down by itself in the meantime.
            return true;
        }
        catch (ProviderException failure) when (failure.IsUnsupported())
        {
            return false;
        }
    }

    private async Task PowerOffAsync(string uuid, string name, CancellationToken cancellationToken)
    {
        try
        {
            await libvirt.ChangeAsync(
                $"power off domain '{name}'",
                connect =>
                {
                    using var domain = connect.FindDomain(uuid);
                    domain?.PowerOff();
                },
                cancellationToken);
        }
        catch (ProviderException failure) when (failure.IsInvalidNow() || failure.IsNotFound())
        {
            // It went down by itself in the meantime.
        }
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
