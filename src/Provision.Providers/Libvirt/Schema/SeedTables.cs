using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Libvirt.Schema;

/// <summary>The inputs of <c>cloudInitDisk:CloudInitDisk</c>, <c>ignition:Ignition</c> and <c>combustion:Combustion</c>: another content is another disk.</summary>
internal static class SeedTables
{
    public static readonly InputTable CloudInitDisk = new(
        new("metaData", Text, Replace),
        new("name", Text, Replace) { Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("networkConfig", Text, Replace),
        new("pool", Text, Replace) { Default = "default" },
        new("userData", Text, Replace));

    public static readonly InputTable Content = new(
        new("content", Text, Replace) { Required = true },
        new("name", Text, Replace) { Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("pool", Text, Replace) { Default = "default" });
}
