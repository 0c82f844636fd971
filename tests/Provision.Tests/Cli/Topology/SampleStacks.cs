using Provision.Cli.Topology;
using Provision.Engine.Resources;

namespace Provision.Tests.Cli.Topology;

/// <summary>Hand-made stacks, as definitions would be lowered, as far as pictures need them.</summary>
internal static class SampleStacks
{
    private static readonly Urn Root = Urn.OfStack("lab", "demo");

    public static Urn UrnOf(string type, string name, Urn? parent = null) => Urn.Create("lab", "demo", parent ?? Root, new ResourceType(type), name);

    public static Urn Host(string name = "here") => UrnOf("provision:index:Host", name);

    public static Urn Hypervisor(Urn host, string name = "kvm") => UrnOf("provision:index:Hypervisor", name, host);

    public static TopologyItem Item(Urn urn, Urn? parent, TopologyChange? change = null, params Urn[] uses) => new(urn, parent, [.. uses], change);

    public static TopologyItem Container(Urn host, string name, TopologyChange? change = null, params Urn[] uses) =>
        Item(UrnOf("docker:index/container:Container", name, host), host, change, uses);

    public static TopologyItem Network(Urn host, string name, TopologyChange? change = null) => Item(UrnOf("docker:index/network:Network", name, host), host, change);

    public static TopologyItem VirtualNetwork(Urn hypervisor, string name, TopologyChange? change = null) =>
        Item(UrnOf("libvirt:index/network:Network", name, hypervisor), hypervisor, change);

    /// <summary>A machine with its disks, whose domain is on the networks.</summary>
    public static IEnumerable<TopologyItem> Machine(Urn hypervisor, string name, int disks = 1, TopologyChange? change = null, TopologyChange? disk = null, params Urn[] uses)
    {
        var component = UrnOf("provision:index:VirtualMachine", name, hypervisor);
        yield return Item(component, hypervisor, change is null ? null : TopologyChange.Unchanged);
        for (var n = 1; n <= disks; n++)
        {
            yield return Item(UrnOf("libvirt:index/volume:Volume", $"{name}/{n}", component), component, disk ?? (change is null ? null : TopologyChange.Unchanged));
        }

        yield return Item(UrnOf("libvirt:index/domain:Domain", name, component), component, change, uses);
    }

    /// <summary>Two containers and two machines, each pair on a network, with what is not drawn beside them.</summary>
    public static TopologyItem[] Small()
    {
        var host = Host();
        var kvm = Hypervisor(host);
        var (net, lan) = (Network(host, "net"), VirtualNetwork(kvm, "lan"));
        var data = UrnOf("docker:index/volume:Volume", "data", host);
        return
        [
            Item(Root, null), Item(host, Root), Item(UrnOf("host:index/package:Package", "here/tini", host), host), net, Item(data, host),
            Container(host, "web", null, net.Urn, data), Container(host, "db", null, net.Urn), Item(kvm, host), lan,
            .. Machine(kvm, "box-1", 2, null, null, lan.Urn), .. Machine(kvm, "box-2", 1, null, null, lan.Urn),
        ];
    }

    /// <summary>So many machines that are equal but for their numbers, on one network.</summary>
    public static TopologyItem[] Class(int machines, Func<int, TopologyChange?>? change = null)
    {
        var host = Host();
        var kvm = Hypervisor(host);
        var lan = VirtualNetwork(kvm, "lan", change is null ? null : TopologyChange.Unchanged);
        return
        [
            Item(host, Root), Item(kvm, host), lan,
            .. Enumerable.Range(1, machines).SelectMany(n => Machine(kvm, $"student-{n:000}", 1, change?.Invoke(n), null, lan.Urn)),
        ];
    }

    /// <summary>Names that would be something else where they are not escaped.</summary>
    public static TopologyItem[] Hostile()
    {
        var host = Host("a\"b<script>alert(1)</script>");
        var net = Network(host, "n]]>&\\\u001b[31m\u202e#quot;");
        return [Item(host, Root), net, Container(host, "`x` $$y$$ {z} -->\nend; %%|\ud800", null, net.Urn), Container(host, new string('w', 90) + "'\"")];
    }

    /// <summary>One of every change.</summary>
    public static TopologyItem[] Changes()
    {
        var host = Host();
        var kvm = Hypervisor(host);
        var lan = VirtualNetwork(kvm, "lan", TopologyChange.Live);
        return
        [
            Item(host, Root, TopologyChange.Unchanged), Item(kvm, host, TopologyChange.Unchanged), lan,
            .. Machine(kvm, "kept", 1, TopologyChange.Unchanged, null, lan.Urn), .. Machine(kvm, "grown", 2, TopologyChange.Unchanged, TopologyChange.Create, lan.Urn),
            .. Machine(kvm, "restarted", 1, TopologyChange.Restart, null, lan.Urn), .. Machine(kvm, "anew", 1, TopologyChange.Replace, null, lan.Urn),
            .. Machine(kvm, "old", 1, TopologyChange.Delete, TopologyChange.Delete), Container(host, "fresh", TopologyChange.Create),
        ];
    }

    /// <summary>Several hosts, many networks and many machines with names of all lengths.</summary>
    public static TopologyItem[] Large()
    {
        var items = new List<TopologyItem>();
        foreach (var h in Enumerable.Range(1, 3))
        {
            var host = Host($"lab-{h}");
            items.Add(Item(host, Root));
            foreach (var v in Enumerable.Range(1, h))
            {
                var kvm = Hypervisor(host, $"kvm-{h}-{v}");
                var networks = Enumerable.Range(0, 4 * v).Select(n => VirtualNetwork(kvm, $"net{new string((char)('a' + n), n + 1)}-{h}-{v}")).ToArray();
                items.AddRange([Item(kvm, host), .. networks]);
                items.AddRange(Enumerable.Range(0, 12 * h).SelectMany(m =>
                    Machine(kvm, $"{new string((char)('a' + (m % 26)), m)}-{h}-{v}", m % 3, null, null, networks[m % networks.Length].Urn, networks[0].Urn)));
            }

            items.AddRange(Enumerable.Range(0, 5).Select(c => Container(host, $"{(char)('a' + c)}-{h}")));
        }

        return [.. items];
    }
}
