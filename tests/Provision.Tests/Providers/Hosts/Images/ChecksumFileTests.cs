using Provision.Providers.Hosts.Images;
using Xunit;

namespace Provision.Tests.Providers.Hosts.Images;

public sealed class ChecksumFileTests
{
    private static readonly string A = new('a', 64);
    private static readonly string B = new('b', 128);

    [Fact]
    public void Every_publishers_way_of_writing_it_is_read()
    {
        Assert.Equal($"sha512:{B}", Find($"{A}  other.qcow2\n{B}  disk.qcow2\r\n"));
        Assert.Equal($"sha256:{A}", Find($"{A.ToUpperInvariant()} *disk.qcow2\n"));
        Assert.Equal($"sha256:{A}", Find($"{A}  ./images/disk.qcow2\n"));
        Assert.Equal($"sha256:{A}", Find($"# disk.qcow2: 123 bytes\nSHA256 (disk.qcow2) = {A}\n"));
        Assert.Equal($"sha256:{A}", Find($"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSHA256 (disk.qcow2) = {A}\n-----BEGIN PGP SIGNATURE-----\n{B}{B}\n"));
        Assert.Equal($"sha512:{B}", Find($"{B}\n"));
    }

    [Fact]
    public void Silence_and_contradiction_are_no_answer()
    {
        Assert.Null(Find($"{A}  disk.qcow2.sig\n{A}  a-disk.qcow2\n"));
        Assert.Null(Find($"{A}  disk.qcow2\n{B}  disk.qcow2\n"));
        Assert.Null(Find("<html>not here</html>"));
        Assert.Null(Find(""));
        Assert.Equal($"sha256:{A}", Find($"{A}  disk.qcow2\n{A}  disk.qcow2\n"));
    }

    private static string? Find(string text) => ChecksumFile.Find(text, "disk.qcow2")?.ToString();
}
