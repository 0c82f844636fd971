using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Docker.Schema;

/// <summary>The inputs of <c>docker:index/volume:Volume</c>.</summary>
internal static class VolumeTable
{
    public static readonly InputTable Table = new(
        new("cluster", Nested, Replace),
        new("cluster.availability", Text, Replace) { Default = "active" },
        new("cluster.group", Text, Replace) { Default = "" },
        new("cluster.id", Text, Replace) { Computed = true },
        new("cluster.limitBytes", Text, Replace),
        new("cluster.requiredBytes", Text, Replace),
        new("cluster.scope", Text, Replace) { Default = "single" },
        new("cluster.sharing", Text, Replace) { Default = "none" },
        new("cluster.topologyPreferred", Text, Replace) { Default = "" },
        new("cluster.topologyRequired", Text, Replace) { Default = "" },
        new("cluster.type", Text, Replace) { Default = "block" },
        new("driver", Text, Replace) { Computed = true },
        new("driverOpts", TextMap, Replace),
        new("labels", ObjectSet, Replace),
        new("labels[].label", Text, Replace) { Required = true },
        new("labels[].value", Text, Replace) { Required = true, MayBeEmpty = true },
        new("name", Text, Replace) { Computed = true, Canonical = PhysicalName.Check, Expected = PhysicalName.Expected });
}
