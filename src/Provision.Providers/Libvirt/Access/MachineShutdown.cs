using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt.Access;

/// <summary>Asks a machine to shut down and waits until it has. A guest that is still booting does not hear it, so it is asked again and again.</summary>
internal sealed class MachineShutdown(LibvirtConnection libvirt, TimeProvider clock, string machine)
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Whether it is off within the limit.</summary>
    public async Task<bool> RunAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        using var watch = await libvirt.WatchAsync(machine, cancellationToken);
        while (clock.GetElapsedTime(started) < limit)
        {
            if (await AskAsync(cancellationToken))
            {
                return true;
            }

            var asked = clock.GetTimestamp();
            while (limit - clock.GetElapsedTime(started) is { Ticks: > 0 } left && clock.GetElapsedTime(asked) < AskAgain)
            {
                await HearAsync(watch, left < AskAgain ? left : AskAgain, cancellationToken);
                if (await IsOffAsync(cancellationToken))
                {
                    return true;
                }
            }
        }

        return await IsOffAsync(cancellationToken);
    }

    /// <summary>Whether it was off already.</summary>
    private Task<bool> AskAsync(CancellationToken cancellationToken) => libvirt.ChangeAsync(
        $"shut down machine '{machine}'",
        connect =>
        {
            using var domain = connect.DomainByUuid(machine);
            if (!domain.State().IsActive)
            {
                return true;
            }

            try
            {
                domain.Shutdown();
            }
            catch (LibvirtException gone) when (gone.Code == LibvirtErrorCode.OperationInvalid && !domain.State().IsActive)
            {
                // It went off between the look and the call.
                return true;
            }

            return false;
        },
        cancellationToken);

    private Task<bool> IsOffAsync(CancellationToken cancellationToken) => libvirt.AskAsync(
        $"look at machine '{machine}'",
        connect =>
        {
            using var domain = connect.DomainByUuid(machine);
            return !domain.State().IsActive;
        },
        cancellationToken);

    /// <summary>Waits for word of the machine, or where the driver sends none, a moment.</summary>
    private async Task HearAsync(DomainWatch watch, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(watch.Delivers || limit < LookAgain ? limit : LookAgain, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            await watch.Events.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was heard; the caller looks.
        }
    }
}
