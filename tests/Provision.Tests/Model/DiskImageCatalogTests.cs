using System.Reflection;
using Provision.Model;
using Xunit;

namespace Provision.Tests.Model;

public sealed class DiskImageCatalogTests
{
    [Fact]
    public void Every_entry_can_be_fetched_verified_and_logged_in_to()
    {
        Assert.NotEmpty(DiskImageCatalog.Names);
        Assert.All(DiskImageCatalog.Names.Select(name => Assert.IsType<CatalogEntry>(DiskImageCatalog.Find(name))), entry =>
        {
            Assert.Matches("^[a-z_][a-z0-9_-]*$", entry.User);
            Assert.NotEqual(FirstBootFormat.None, entry.Format);
            Assert.Contains(Architecture.X64, entry.Files.Keys);
            Assert.All(entry.Files.Values, file =>
            {
                Assert.Equal(Uri.UriSchemeHttps, new Uri(file.Url).Scheme);
                Assert.True(file.Digest is null != file.DigestUrl is null, $"{entry.Name}: a digest, or where it is told");
                Assert.Matches("^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}|https://.+)$", file.Digest ?? file.DigestUrl);
            });
        });
    }

    [Fact]
    public void Every_image_that_has_a_property_is_in_the_catalogue()
    {
        var images = typeof(DiskImage).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetValue(null)).OfType<CatalogDiskImage>().ToArray();

        Assert.NotEmpty(images);
        Assert.All(images, image => Assert.NotNull(DiskImageCatalog.Find(image.Entry)));
    }

    [Theory]
    [InlineData("https://images.example.edu/lab.qcow2", "lab.qcow2")]
    [InlineData("https://images.example.edu/lab.qcow2?v=1#x", "lab.qcow2")]
    [InlineData("https://images.example.edu/", "images.example.edu")]
    [InlineData("", "image")]
    public void An_image_is_named_after_its_file(string url, string name) => Assert.Equal(name, DiskImage.Url(url, "").Name);

    [Fact]
    public void Equal_images_are_shared_and_different_ones_are_not()
    {
        Assert.Equal(DiskImage.Debian("bookworm", "git"), DiskImage.Debian("bookworm", "git"));
        Assert.NotEqual(DiskImage.Debian("bookworm", "git"), DiskImage.Debian("bookworm", "vim"));
        Assert.Equal(DiskImage.Tiny(ContainerImage.Tiny("a", "httpd")), DiskImage.Tiny(ContainerImage.Tiny("a", "httpd")));
        Assert.NotEqual<DiskImage>(DiskImage.Tiny(), DiskImage.Tiny(ContainerImage.Tiny("tiny", "httpd")));
        Assert.NotEqual(DiskImage.Debian12, DiskImage.Debian12 with { Architecture = Architecture.Arm64 });
    }
}
