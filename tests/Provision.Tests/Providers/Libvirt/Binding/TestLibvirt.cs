using Provision.Providers.Libvirt.Binding;
using Xunit;

namespace Provision.Tests.Providers.Libvirt.Binding;

/// <summary>
/// libvirt's test driver: a hypervisor in this process, a world of its own for each connection, no daemon. Skips with a reason where the
/// library is absent.
/// </summary>
internal sealed class TestLibvirt : IAsyncDisposable
{
    public const string Network = "51d3bd38-1f9d-4f4a-8e93-58a1a2d3f001";
    public const string Domain = "51d3bd38-1f9d-4f4a-8e93-58a1a2d3f002";

    private readonly string _file;

    private TestLibvirt(string file, LibvirtConnection connection) => (_file, Connection) = (file, connection);

    public LibvirtConnection Connection { get; }

    /// <summary>A world with one running domain "here", one active network "lan", and an active pool "store" that is a folder in name only.</summary>
    public static TestLibvirt Open()
    {
        Assert.SkipUnless(IsInstalled(), "libvirt.so.0 is not installed");
        var file = Path.GetTempFileName();
        File.WriteAllText(
            file,
            $"""
            <node>
              <domain type='test'><name>here</name><uuid>{Domain}</uuid><memory>8192</memory><os><type>hvm</type></os></domain>
              <network><name>lan</name><uuid>{Network}</uuid><bridge name='br-lan'/><ip address='192.0.2.1' netmask='255.255.255.0'/></network>
              <pool type='dir'><name>store</name><target><path>/store</path></target></pool>
            </node>
            """);
        return new TestLibvirt(file, new LibvirtConnection(LibvirtEndpoint.Of($"test://{file}"), TimeProvider.System));
    }

    /// <summary>A domain's XML for the test driver.</summary>
    public static string Xml(string name, string uuid) =>
        $"<domain type='test'><name>{name}</name><uuid>{uuid}</uuid><memory>8192</memory><os><type>hvm</type></os></domain>";

    public static bool IsInstalled()
    {
        if (!System.Runtime.InteropServices.NativeLibrary.TryLoad("libvirt.so.0", out var library))
        {
            return false;
        }

        System.Runtime.InteropServices.NativeLibrary.Free(library);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        File.Delete(_file);
    }
}
