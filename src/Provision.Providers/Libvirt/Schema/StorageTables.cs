using Provision.Engine.Contract;
using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Libvirt.Schema;

/// <summary>The inputs of <c>libvirt:index/pool:Pool</c> and <c>libvirt:index/volume:Volume</c>.</summary>
internal static class StorageTables
{
    public static readonly InputTable Pool = new(
        new("allocation", Integer, Replace) { Computed = true, SizeUnit = SizedInput.Bytes },
        new("available", Integer, Replace) { Computed = true, SizeUnit = SizedInput.Bytes },
        new("capacity", Integer, Replace) { Computed = true, SizeUnit = SizedInput.Bytes },
        new("name", Text, Replace) { Computed = true, Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("path", Text, Replace) { Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("source", Nested, Replace),
        new("source.devices", ObjectList, Replace),
        new("source.devices[].path", Text, Replace) { Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("source.name", Text, Replace),
        new("target", Nested, Replace) { Computed = true },
        new("target.path", Text, Replace) { Computed = true, Canonical = DomainCanonical.AbsolutePath, Expected = "an absolute path" },
        new("type", Text, Replace) { Required = true, Canonical = PoolType, Expected = "dir or logical" },
        new("xml", Nested, Replace),
        new("xml.xslt", Text, Replace));

    /// <summary>A volume grows in place; whatever else changes makes another.</summary>
    public static readonly InputTable Volume = new(
        new("baseVolumeId", Text, Replace),
        new("baseVolumeName", Text, Replace),
        new("baseVolumePool", Text, Replace),
        new("format", Text, Replace) { Computed = true, Canonical = Format, Expected = "a format such as qcow2 or raw" },
        new("name", Text, Replace) { Computed = true, Canonical = DomainCanonical.Name, Expected = DomainCanonical.NameExpected },
        new("pool", Text, Replace) { Default = "default" },
        new("size", Integer, Live) { Computed = true, Least = 1, SizeUnit = SizedInput.Bytes },
        new("source", Text, Replace),
        new("xml", Nested, Replace),
        new("xml.xslt", Text, Replace));

    private static string? PoolType(string type) => type is "dir" or "logical" ? type : null;

    private static string? Format(string format) => format.Length <= 20 && format.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.') ? format : null;
}
