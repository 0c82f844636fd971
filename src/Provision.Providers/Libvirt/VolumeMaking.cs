using System.Security.Cryptography;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Makes a volume: empty, as a linked clone, or filled from a source. Takes back what it made where that fails. Blocks: to be run on a worker.</summary>
/// <param name="name">The volume's.</param>
/// <param name="stamp">Whose it is; it tells whether a pool is of the same stack.</param>
/// <param name="request">What shall be.</param>
/// <param name="endpoint">Where.</param>
/// <param name="source">What it is filled from; null for nothing.</param>
/// <param name="cancellationToken">Ends an upload.</param>
internal sealed class VolumeMaking(
    string name, LibvirtStamp stamp, CreateRequest request, LibvirtEndpoint endpoint, VolumeSource? source, CancellationToken cancellationToken)
{
    private readonly InputReader _inputs = new(request.Inputs);

    /// <summary>It failed, and something could not be taken back.</summary>
    public bool IsLeft { get; private set; }

    /// <summary>The name of the empty volume that stands beside one whose upload has not ended: libvirt cannot rename.</summary>
    public static string MarkOf(string name) => $".{name}.unfinished";

    public SeenVolume Make(ConnectHandle connect)
    {
        using var pool = OpenPool(connect, _inputs.Text("pool") ?? "default");
        var below = FindBase(connect, pool);
        using var known = pool.FindVolume(name);
        if (known is not null)
        {
            return Adopt(pool, known, below);
        }

        var xml = VolumeXml.Write(request.Inputs, name, FormatOf(), CapacityOf(below), below);
        using var mark = source is null ? null : Mark(pool);
        VolumeHandle? volume = null;
        try
        {
            volume = pool.CreateVolume(xml);
            if (source is not null)
            {
                Fill(connect, volume, source);
                mark?.Delete();
            }

            return SeenVolume.Look(volume, pool.Name());
        }
        catch (LibvirtException taken) when (volume is null && taken.Message.Contains("already exists", StringComparison.Ordinal))
        {
            // The file appeared in the folder since libvirt last looked.
            IsLeft = !TakeBack(null, mark);
            pool.Refresh();
            using var appeared = pool.VolumeByName(name);
            return Adopt(pool, appeared, below);
        }
        catch (Exception)
        {
            IsLeft = !TakeBack(volume, mark);
            throw;
        }
        finally
        {
            volume?.Dispose();
        }
    }

    /// <summary>A pool by name, running: a pool that was stopped by hand is started, for nothing can be made in it otherwise.</summary>
    public static PoolHandle OpenPool(ConnectHandle connect, string poolName)
    {
        var pool = connect.FindPoolByName(poolName) ?? throw new ProviderException(
            ProviderFailure.Refused, $"Cannot use the pool '{poolName}': there is none of that name.", "Declare it, or name one that 'virsh pool-list --all' shows.", Remainder.Untouched.Value);
        try
        {
            if (!pool.IsActive())
            {
                pool.Start();
            }

            return pool;
        }
        catch
        {
            pool.Dispose();
            throw;
        }
    }

    /// <summary>One of that name in a pool of this very stack is ours, as long as it is what is asked for.</summary>
    private SeenVolume Adopt(PoolHandle pool, VolumeHandle existing, VolumeBase? below)
    {
        var seen = SeenVolume.Look(existing, pool.Name());
        var ours = stamp.IsOfSameStack(pool.Uuid());
        using var mark = pool.FindVolume(MarkOf(name));
        if (ours && source is null && mark is null && VolumeXml.BaseIn(seen.Xml) == below?.Path
            && (_inputs.Integer("size") is not { } size || size == VolumeXml.CapacityIn(seen.Xml)))
        {
            return seen;
        }

        throw new ProviderException(
            ProviderFailure.Conflict,
            $"Cannot create the volume '{name}': there is one of that name in the pool '{pool.Name()}'{(ours ? ", and it is another than this one would be" : ", and it is not of this stack")}.",
            "Remove it ('virsh vol-delete' deletes its data), import it, or give this volume another name.", Remainder.Untouched.Value);
    }

    private VolumeBase? FindBase(ConnectHandle connect, PoolHandle own)
    {
        if (_inputs.Text("baseVolumeName") is { } baseName)
        {
            using var pool = _inputs.Text("baseVolumePool") is { } poolName ? OpenPool(connect, poolName) : connect.PoolByName(own.Name());
            using var named = pool.FindVolume(baseName) ?? throw NoBase($"'{baseName}' in the pool '{pool.Name()}'");
            return BaseOf(named);
        }

        if (_inputs.Text("baseVolumeId") is not { } id)
        {
            return null;
        }

        using var volume = connect.FindVolume(id) ?? connect.FindVolumeByPath(id);
        if (volume is not null)
        {
            return BaseOf(volume);
        }

        // An absolute path outside of every pool: an image that the host keeps for all.
        return !id.StartsWith('/') || (endpoint is { IsLocal: true } && endpoint.Driver != LibvirtDriver.Test && !File.Exists(id))
            ? throw NoBase($"'{id}'")
            : new VolumeBase(id, (endpoint.IsLocal ? ImageHeader.OfFile(id)?.Format : null) ?? "qcow2");
    }

    private static VolumeBase BaseOf(VolumeHandle volume) => new(volume.Path(), VolumeXml.FormatIn(XElement.Parse(volume.Xml())));

    private ProviderException NoBase(string what) => new(
        ProviderFailure.Refused, $"Cannot create the volume '{name}': its base {what} does not exist.", "Bring up what makes it first, or name another.", Remainder.Untouched.Value);

    private string? FormatOf()
    {
        var format = _inputs.Text("format");
        return source is null
            ? format ?? "qcow2"
            : format is not null && format != source.Header.Format
                ? throw source.Failed($"it is no {format} image but {source.Header.Format}")
                : source.Header.Format;
    }

    private long? CapacityOf(VolumeBase? below)
    {
        if (source is not null)
        {
            return source.Header.Capacity ?? source.Length;
        }

        var least = below is not null && endpoint.IsLocal ? CapacityOfFile(below) : null;
        var size = _inputs.Integer("size");
        return size < least
            ? throw new ProviderException(
                ProviderFailure.Refused, $"Cannot create the volume '{name}': {size} bytes are less than the {least} of its base.", $"Give it a size of at least {least}, or none.",
                Remainder.Untouched.Value)
            : size ?? least;
    }

    private static long? CapacityOfFile(VolumeBase below) =>
        ImageHeader.OfFile(below.Path) is not { } header ? null : header.Capacity ?? (File.Exists(below.Path) ? new FileInfo(below.Path).Length : null);

    private void Fill(ConnectHandle connect, VolumeHandle volume, VolumeSource from)
    {
        using var hash = Digest(out var expected);
        try
        {
            connect.Upload(
                volume, from.Read(hash), from.Length, sent => request.Progress.Report($"uploading '{name}'", sent, from.Length), cancellationToken);
        }
        catch (IOException cut)
        {
            throw from.Failed(cut.Message, cut);
        }

        if (hash is not null && Convert.ToHexStringLower(hash.GetHashAndReset()) != expected)
        {
            throw from.Failed($"its digest is not the {expected} that was declared");
        }
    }

    private IncrementalHash? Digest(out string expected)
    {
        var parts = (_inputs.Text("__digest") ?? "").Split(':', 2);
        expected = parts[^1].ToLowerInvariant();
        return parts.Length < 2 ? null : IncrementalHash.CreateHash(parts[0] == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
    }

    private VolumeHandle Mark(PoolHandle pool)
    {
        // A run that was killed between the two may have left it without its volume.
        using var left = pool.FindVolume(MarkOf(name));
        left?.Delete();
        return pool.CreateVolume(VolumeXml.Write(PropertyMap.Empty, MarkOf(name), "raw", 0, null));
    }

    /// <summary>What libvirt refused to make it took away itself.</summary>
    private static bool TakeBack(VolumeHandle? volume, VolumeHandle? mark)
    {
        try
        {
            volume?.Delete();
            mark?.Delete();
            return true;
        }
        catch (LibvirtException)
        {
            return false;
        }
    }
}

/// <summary>A volume as it was seen.</summary>
internal sealed record SeenVolume(string Key, string Pool, XElement Xml)
{
    /// <summary>It stands on something else than its inputs name.</summary>
    public bool IsOnAnotherBase { get; init; }

    /// <summary>Blocks: to be called on a worker.</summary>
    public static SeenVolume Look(VolumeHandle volume, string pool) => new(volume.Key(), pool, XElement.Parse(volume.Xml()));
}
