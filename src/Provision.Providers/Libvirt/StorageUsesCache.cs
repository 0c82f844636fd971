using System.Runtime.CompilerServices;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>
/// One look at who uses what, for all the volumes that are deleted at about the same time: a look for each would take longer than the deleting.
/// </summary>
internal sealed class StorageUsesCache(TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly ConditionalWeakTable<LibvirtConnection, Entry> _entries = [];

    /// <summary>Who uses a volume, to follow "it is"; null where nobody does. That somebody does is only ever said after a look of its own.</summary>
    public async Task<string?> UserOfAsync(LibvirtConnection libvirt, string path, string pool, string volume, CancellationToken cancellationToken) =>
        (await LookAsync(libvirt, Fresh, cancellationToken)).UserOf(path, pool, volume) is null
            ? null
            : (await LookAsync(libvirt, TimeSpan.Zero, cancellationToken)).UserOf(path, pool, volume);

    private async Task<StorageUses> LookAsync(LibvirtConnection libvirt, TimeSpan age, CancellationToken cancellationToken)
    {
        var entry = _entries.GetValue(libvirt, _ => new Entry());
        await entry.Gate.WaitAsync(cancellationToken);
        try
        {
            if (entry.Uses is null || clock.GetElapsedTime(entry.At) >= age)
            {
                var began = clock.GetTimestamp();
                entry.Uses = await libvirt.AskAsync("look who uses which volume", StorageUses.Look, cancellationToken);
                entry.At = began;
            }

            return entry.Uses;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    private sealed class Entry
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public StorageUses? Uses { get; set; }

        public long At { get; set; }
    }
}
