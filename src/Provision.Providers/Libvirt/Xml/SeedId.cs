namespace Provision.Providers.Libvirt.Xml;

/// <summary>The id of a disk of first boot data in Pulumi's form: the volume's key, a semicolon, a UUID that stands for the content.</summary>
internal readonly record struct SeedId(string Key, Guid Content)
{
    public override string ToString() => $"{Key};{Content:D}";

    /// <summary>A path may hold semicolons; the UUID is what follows the last.</summary>
    public static SeedId? Parse(string id) =>
        id.LastIndexOf(';') is var at and > 0 && Guid.TryParseExact(id.AsSpan(at + 1), "D", out var content) ? new SeedId(id[..at], content) : null;

    /// <summary>The volume's path, whether or not the text says more.</summary>
    public static string PathOf(string id) => Parse(id)?.Key ?? id;

    /// <summary>What tells the guest and us which content a seed disk has: at most 20 characters, the room a virtio disk has for a serial.</summary>
    public static string SerialOf(string id) => Parse(id) is { } seed ? $"cidata-{seed.Content.ToString("N")[..12]}" : "cidata";

    public static bool IsSeedSerial(string? serial) => serial is not null && (serial is "cidata" or "cloudinit" || serial.StartsWith("cidata-", StringComparison.Ordinal));
}
