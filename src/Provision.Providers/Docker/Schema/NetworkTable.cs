using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Docker.Schema;

/// <summary>The inputs of <c>docker:index/network:Network</c>. A daemon changes nothing in a network, so all of them replace.</summary>
internal static class NetworkTable
{
    public static readonly InputTable Table = new(
        new("attachable", Flag, Replace),
        new("driver", Text, Replace) { Computed = true },
        new("ingress", Flag, Replace),
        new("internal", Flag, Replace) { Computed = true },
        new("ipamConfigs", ObjectSet, Replace) { Computed = true },
        new("ipamConfigs[].auxAddress", TextMap, Replace),
        new("ipamConfigs[].gateway", Text, Replace) { Computed = true, Canonical = Canonical.Address, Expected = "an IP address" },
        new("ipamConfigs[].ipRange", Text, Replace) { Canonical = Canonical.Cidr, Expected = "a range such as 10.1.2.0/24" },
        new("ipamConfigs[].subnet", Text, Replace) { Canonical = Canonical.Cidr, Expected = "a subnet such as 10.1.0.0/16" },
        new("ipamDriver", Text, Replace) { Default = "default" },
        new("ipamOptions", TextMap, Replace),
        new("ipv6", Flag, Replace),
        new("labels", ObjectSet, Replace),
        new("labels[].label", Text, Replace) { Required = true },
        new("labels[].value", Text, Replace) { Required = true, MayBeEmpty = true },
        new("name", Text, Replace) { Canonical = PhysicalName.Check, Expected = PhysicalName.Expected },
        new("options", TextMap, Replace) { Computed = true });
}
