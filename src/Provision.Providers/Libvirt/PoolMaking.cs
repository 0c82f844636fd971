using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Makes a pool, and takes back what it made where that fails. Blocks: to be run on a worker.</summary>
internal sealed class PoolMaking(string name, string uuid, PropertyMap inputs, LibvirtEndpoint endpoint)
{
    /// <summary>It failed, and something could not be taken back.</summary>
    public bool IsLeft { get; private set; }

    public SeenPool Make(ConnectHandle connect)
    {
        var type = new InputReader(inputs).Text("type");
        using var ours = connect.FindPool(uuid);
        if (ours is not null)
        {
            // What an interrupted run left, and nobody could record.
            Run(ours, type);
            return SeenPool.Look(ours);
        }

        RefuseTaken(connect);
        var folderIsOurs = endpoint.IsLocal && PoolXml.PathOf(inputs) is { } path && !Directory.Exists(path);
        using var pool = connect.DefinePool(PoolXml.Write(inputs, uuid, name));
        try
        {
            Run(pool, type);
            return SeenPool.Look(pool);
        }
        catch (LibvirtException)
        {
            IsLeft = !TakeBack(pool, folderIsOurs);
            throw;
        }
    }

    /// <summary>Has it run now and after the host's next start; makes its folder where that is missing.</summary>
    public static void Run(PoolHandle pool, string? type)
    {
        if (!pool.IsActive())
        {
            // A volume group without devices of ours is there already, or is not ours to make.
            if (type != "logical" || XElement.Parse(pool.Xml()).Element("source")?.Element("device") is not null)
            {
                pool.Build();
            }

            pool.Start();
        }

        if (!pool.Autostart())
        {
            pool.SetAutostart(true);
        }
    }

    private void RefuseTaken(ConnectHandle connect)
    {
        var path = PoolXml.PathOf(inputs)?.TrimEnd('/');
        using var pools = connect.ListPools();
        foreach (var pool in pools)
        {
            var other = pool.Name();
            if (other == name)
            {
                throw new ProviderException(
                    ProviderFailure.Conflict, $"Cannot create the pool '{name}': there is one of that name, and it is not of this resource (its UUID is {pool.Uuid()}).",
                    "Remove it ('virsh pool-destroy' and 'virsh pool-undefine' leave its volumes), import it, or give this pool another name.", Remainder.Untouched.Value);
            }

            if (path is not null && PoolXml.PathIn(XElement.Parse(pool.Xml()))?.TrimEnd('/') == path)
            {
                throw new ProviderException(
                    ProviderFailure.Conflict, $"Cannot create the pool '{name}': its folder {path} is that of the pool '{other}' already.",
                    "Choose another folder.", Remainder.Untouched.Value);
            }
        }
    }

    private static bool TakeBack(PoolHandle pool, bool folderIsOurs)
    {
        try
        {
            if (pool.IsActive())
            {
                pool.Stop();
            }

            if (folderIsOurs)
            {
                TryRemove(pool);
            }

            pool.Undefine();
            return true;
        }
        catch (LibvirtException)
        {
            return false;
        }
    }

    private static void TryRemove(PoolHandle pool)
    {
        try
        {
            pool.Remove();
        }
        catch (LibvirtException)
        {
            // It may not have come to be.
        }
    }
}
