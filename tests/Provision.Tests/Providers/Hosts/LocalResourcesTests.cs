using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class LocalResourcesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("provision-resources-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Memory_is_read_in_kibibytes_and_the_disk_is_that_of_the_nearest_folder_above()
    {
        var file = Path.Combine(_folder, "meminfo");
        File.WriteAllText(file, "MemTotal:       24589844 kB\nMemFree:        23000000 kB\n");

        var seen = LocalResources.Read(file, Path.Combine(_folder, "not", "there", "yet"));

        Assert.Equal(24589844L * 1024, seen.Memory);
        Assert.Equal(new DriveInfo(_folder).TotalSize, seen.Disk);
        Assert.Equal(Environment.ProcessorCount, seen.Processors);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MemTotal: lots kB\n")]
    [InlineData("MemTotal: 99999999999999999999 kB\n")]
    public void What_cannot_be_read_is_unknown(string content)
    {
        var file = Path.Combine(_folder, "meminfo");
        File.WriteAllText(file, content);

        Assert.Null(LocalResources.Read(file, _folder).Memory);
        Assert.Null(LocalResources.Read(Path.Combine(_folder, "none"), _folder).Memory);
    }

    [Fact]
    public void This_machine_tells_all_three()
    {
        var seen = LocalResources.Read();

        Assert.True(seen is { Processors: >= 1, Memory: > 0, Disk: > 0 });
    }
}
