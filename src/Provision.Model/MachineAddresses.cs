using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Provision.Model;

/// <summary>
/// Subnets and hardware addresses of a stack's machines: those that were given, and for the rest ones that follow from names. Two that come
/// out alike are told apart by trying on, in the order of the stack, so that what is added after the others changes none of them.
/// </summary>
internal sealed class MachineAddresses
{
    // 10.64.0.0/11: private, and apart from what clouds, Docker and Kubernetes take when nobody says otherwise.
    private const uint FirstSubnet = 0x0A40_0000;
    private const int SubnetCount = 1 << 13;
    private const int SubnetPrefix = 24;

    private readonly Dictionary<VirtualNetwork, IPNetwork> _subnets = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<VirtualMachine, string[]> _macs = new(ReferenceEqualityComparer.Instance);

    private MachineAddresses()
    {
    }

    public static MachineAddresses Of(Stack stack, string stackName)
    {
        var addresses = new MachineAddresses();
        foreach (var host in stack.Hosts)
        {
            addresses.DeriveSubnets(host, stackName);
        }

        addresses.DeriveMacs(stack, stackName);
        return addresses;
    }

    /// <summary>The network's subnet; null where it has none, or where none was left.</summary>
    public IPNetwork? SubnetOf(VirtualNetwork network) => _subnets.TryGetValue(network, out var subnet) ? subnet : null;

    /// <summary>The hardware address of an interface, in small letters.</summary>
    public string MacOf(VirtualMachine machine, int networkInterface) => _macs[machine][networkInterface];

    /// <summary>A subnet as one writes it; null where the text is none. 10.20.0.5/24 is an address with its prefix, and no subnet.</summary>
    public static IPNetwork? ReadSubnet(string? text) =>
        text is not null && IPNetwork.TryParse(text, out var subnet)
        && IPAddress.Parse(text.AsSpan(0, text.IndexOf('/', StringComparison.Ordinal))).Equals(subnet.BaseAddress)
            ? subnet
            : null;

    /// <summary>The address that many after the first of the subnet.</summary>
    public static IPAddress At(IPNetwork subnet, uint offset) => FromNumber(Number(subnet.BaseAddress) + offset);

    /// <summary>The last address, which is everybody's.</summary>
    public static IPAddress Last(IPNetwork subnet) => At(subnet, uint.MaxValue >> subnet.PrefixLength);

    private void DeriveSubnets(Host host, string stackName)
    {
        var taken = new bool[SubnetCount];
        var left = SubnetCount;
        var networks = host.Hypervisors.SelectMany(hypervisor => hypervisor.Networks).ToArray();
        foreach (var given in host.Networks.Select(network => network.Subnet).Concat(networks.Select(network => network.Subnet)))
        {
            if (ReadSubnet(given) is { BaseAddress.AddressFamily: AddressFamily.InterNetwork } subnet)
            {
                Take(subnet);
            }
        }

        foreach (var network in networks)
        {
            if (network.Subnet is not null)
            {
                if (ReadSubnet(network.Subnet) is { BaseAddress.AddressFamily: AddressFamily.InterNetwork } subnet)
                {
                    _subnets.TryAdd(network, subnet);
                }
            }
            else if (network.Mode != NetworkMode.Bridge && left > 0)
            {
                var at = (int)(BinaryPrimitives.ReadUInt32BigEndian(Hash("subnet", stackName, network.Name)) % SubnetCount);
                while (taken[at])
                {
                    at = (at + 1) % SubnetCount;
                }

                (taken[at], left) = (true, left - 1);
                _subnets.TryAdd(network, new IPNetwork(FromNumber(FirstSubnet + ((uint)at << (32 - SubnetPrefix))), SubnetPrefix));
            }
        }

        void Take(IPNetwork subnet)
        {
            var size = 1L << (32 - Math.Max(subnet.PrefixLength, 0));
            var first = Math.Max(0, (Number(subnet.BaseAddress) - (long)FirstSubnet) >> (32 - SubnetPrefix));
            var last = Math.Min(SubnetCount - 1, (Number(subnet.BaseAddress) + size - 1 - FirstSubnet) >> (32 - SubnetPrefix));
            for (var at = first; at <= last; at++)
            {
                left -= taken[at] ? 0 : 1;
                taken[at] = true;
            }
        }
    }

    private void DeriveMacs(Stack stack, string stackName)
    {
        var machines = stack.Hosts.SelectMany(host => host.Machines).Select(pair => pair.Machine).Distinct(ReferenceEqualityComparer.Instance).Cast<VirtualMachine>().ToArray();
        var taken = machines.SelectMany(machine => machine.Networks).Select(nic => nic.Mac?.ToLowerInvariant()).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var machine in machines)
        {
            var occurrences = new Dictionary<string, int>(StringComparer.Ordinal);
            var macs = _macs[machine] = new string[machine.Networks.Length];
            for (var i = 0; i < machine.Networks.Length; i++)
            {
                var nic = machine.Networks[i];
                var occurrence = occurrences[nic.Network] = occurrences.GetValueOrDefault(nic.Network) + 1;
                macs[i] = nic.Mac?.ToLowerInvariant() ?? Derive(machine.Name, nic.Network, occurrence);
            }
        }

        string Derive(string machine, string network, int occurrence)
        {
            // 52:54 is QEMU's beginning, and one of addresses that nobody sold; 32 bits after it, since 24 collide in one class of 300 in 400.
            for (var attempt = 0; ; attempt++)
            {
                var hash = Hash("mac", stackName, machine, network, Number(occurrence), Number(attempt));
                var mac = $"52:54:{hash[0]:x2}:{hash[1]:x2}:{hash[2]:x2}:{hash[3]:x2}";
                if (taken.Add(mac))
                {
                    return mac;
                }
            }
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static byte[] Hash(params ReadOnlySpan<string> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress FromNumber(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
