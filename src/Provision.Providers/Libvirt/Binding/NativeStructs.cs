using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

// libvirt's structs, in its names and order; C's "unsigned long" is CULong.
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virError
{
    public int code;
    public int domain;
    public byte* message;
    public int level;
    public nint conn;
    public nint dom;
    public byte* str1;
    public byte* str2;
    public byte* str3;
    public int int1;
    public int int2;
    public nint net;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virConnectAuth
{
    public int* credtype;
    public uint ncredtype;
    public delegate* unmanaged<nint, uint, nint, int> cb;
    public nint cbdata;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virNodeInfo
{
    public fixed byte model[32];
    public CULong memory;
    public uint cpus;
    public uint mhz;
    public uint nodes;
    public uint sockets;
    public uint cores;
    public uint threads;
}

[StructLayout(LayoutKind.Sequential)]
internal struct virDomainInfo
{
    public byte state;
    public CULong maxMem;
    public CULong memory;
    public ushort nrVirtCpu;
    public ulong cpuTime;
}

[StructLayout(LayoutKind.Sequential)]
internal struct virDomainBlockInfo
{
    public ulong capacity;
    public ulong allocation;
    public ulong physical;
}

[StructLayout(LayoutKind.Sequential)]
internal struct virStoragePoolInfo
{
    public int state;
    public ulong capacity;
    public ulong allocation;
    public ulong available;
}

[StructLayout(LayoutKind.Sequential)]
internal struct virStorageVolInfo
{
    public int type;
    public ulong capacity;
    public ulong allocation;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virTypedParameter
{
    public fixed byte field[80];
    public int type;

    /// <summary>A union of all scalar types and a string pointer.</summary>
    public ulong value;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virDomainStatsRecord
{
    public nint dom;
    public virTypedParameter* @params;
    public int nparams;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virDomainInterfaceIPAddress
{
    public int type;
    public byte* addr;
    public uint prefix;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virDomainInterface
{
    public byte* name;
    public byte* hwaddr;
    public uint naddrs;
    public virDomainInterfaceIPAddress* addrs;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct virNetworkDHCPLease
{
    public byte* iface;
    public long expirytime;
    public int type;
    public byte* mac;
    public byte* iaid;
    public byte* ipaddr;
    public uint prefix;
    public byte* hostname;
    public byte* clientid;
}
