using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.IntegrationTests.Lab;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>Disk images in a folder of the test's own.</summary>
internal sealed class DiskWorld : IAsyncDisposable
{
    public HostWorld Images { get; } = new(HostTypes.DiskImage);

    public string Folder => $"{Images.Folder}/images";

    public static void Need(params ReadOnlySpan<string> programs)
    {
        foreach (var program in programs)
        {
            Assert.SkipUnless(LabPackages.Find(program) is not null, $"needs {program}");
        }
    }

    /// <summary>A qcow2 image with something in it.</summary>
    public async Task<byte[]> MakeDiskAsync(CancellationToken cancellationToken, string format = "qcow2")
    {
        var raw = $"{Images.Folder}/made.raw";
        var bytes = new byte[3 * 1024 * 1024];
        new Random(7).NextBytes(bytes);
        (bytes[510], bytes[511]) = (0x55, 0xaa);
        await File.WriteAllBytesAsync(raw, bytes, cancellationToken);
        if (format == "raw")
        {
            return bytes;
        }

        (await LabProcess.RunAsync("qemu-img", ["convert", "-f", "raw", "-O", format, raw, $"{Images.Folder}/made.{format}"], cancellationToken)).Succeeded();
        return await File.ReadAllBytesAsync($"{Images.Folder}/made.{format}", cancellationToken);
    }

    public PropertyMap Inputs(params Property[] inputs) => PropertyMap.Of([("folder", Folder), .. inputs]);

    public Task<CreateResponse> CreateAsync(PropertyMap inputs, CancellationToken cancellationToken) => Images.CreateAsync(inputs, cancellationToken);

    public Task<ProviderException> FailsAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        Assert.ThrowsAsync<ProviderException>(() => CreateAsync(inputs, cancellationToken));

    /// <summary>What is in the folder of images, by name.</summary>
    public IEnumerable<string> Entries() =>
        Directory.Exists(Folder) ? Directory.EnumerateFileSystemEntries(Folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal) : [];

    public static string Sha256(byte[] content) => $"sha256:{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(content))}";

    public static string Sha512(byte[] content) => $"sha512:{Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(content))}";

    public ValueTask DisposeAsync() => Images.DisposeAsync();
}
