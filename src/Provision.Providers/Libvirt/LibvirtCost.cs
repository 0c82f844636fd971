using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>A cost class and how many of it one libvirt gets at once.</summary>
internal readonly record struct LibvirtCost(string Name, int Limit)
{
    /// <summary>A call libvirt answers at once.</summary>
    public static readonly LibvirtCost ApiCall = new("api-call", 8);

    /// <summary>Making a volume: a linked clone is quick, a full one is bound by the disk.</summary>
    public static readonly LibvirtCost Copy = new("clone", 4);

    /// <summary>Bound by the disk and the way to the host.</summary>
    public static readonly LibvirtCost Upload = new("upload", 2);

    /// <summary>Starting or stopping a machine: bound by the processors, but waiting in between.</summary>
    public static readonly LibvirtCost Boot = new("boot", Math.Max(4, Environment.ProcessorCount));

    public WorkSlot At(LibvirtEndpoint endpoint) => new(endpoint.Name, Name, Limit);
}
