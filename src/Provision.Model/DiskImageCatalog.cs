using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace Provision.Model;

/// <summary>The cloud images that are known by name. What is known of them is data, in <c>disk-images.json</c>.</summary>
internal static class DiskImageCatalog
{
    private static readonly Lazy<FrozenDictionary<string, CatalogEntry>> Entries = new(() =>
    {
        using var data = typeof(DiskImageCatalog).Assembly.GetManifestResourceStream("disk-images.json")
            ?? throw new InvalidOperationException("This build has no disk-images.json in it.");
        using var json = JsonDocument.Parse(data);
        return Read(json.RootElement).ToFrozenDictionary(entry => entry.Name, StringComparer.Ordinal);
    });

    /// <summary>All names, in order.</summary>
    public static IEnumerable<string> Names => Entries.Value.Keys.Order(StringComparer.Ordinal);

    public static CatalogEntry? Find(string name) => Entries.Value.GetValueOrDefault(name);

    public static ImmutableArray<CatalogEntry> Read(JsonElement json) => [.. json.GetProperty("images").EnumerateObject().Select(image => new CatalogEntry
    {
        Name = image.Name,
        User = image.Value.GetProperty("user").GetString() ?? "root",
        Format = image.Value.TryGetProperty("firstBoot", out var format) && format.GetString() == "ignition" ? FirstBootFormat.Ignition : FirstBootFormat.CloudConfig,
        LeastMemory = Size(image.Value, "memory"),
        LeastDisk = Size(image.Value, "disk"),
        Files = image.Value.GetProperty("files").EnumerateObject().ToImmutableDictionary(
            file => file.Name == "arm64" ? Architecture.Arm64 : Architecture.X64,
            file => new CatalogFile(file.Value.GetProperty("url").GetString() ?? "", Text(file.Value, "digest"), Text(file.Value, "digestUrl"))),
    })];

    private static string? Text(JsonElement entry, string name) => entry.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static DataSize Size(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var size) ? DataSize.Parse(size.GetString() ?? "") : default;
}

/// <summary>What is known of a cloud image.</summary>
internal sealed record CatalogEntry
{
    public required string Name { get; init; }

    /// <summary>Whom one logs in as.</summary>
    public required string User { get; init; }

    public required FirstBootFormat Format { get; init; }

    /// <summary>The memory below which it does not start.</summary>
    public required DataSize LeastMemory { get; init; }

    /// <summary>The size of its disk, which a machine's cannot be below.</summary>
    public required DataSize LeastDisk { get; init; }

    /// <summary>Where it is, by processor, and what its content has to be.</summary>
    public required ImmutableDictionary<Architecture, CatalogFile> Files { get; init; }
}

/// <summary>Where an image is, and what its content has to be: a digest, or where the distribution tells that of its newest one.</summary>
internal sealed record CatalogFile(string Url, string? Digest, string? DigestUrl);
