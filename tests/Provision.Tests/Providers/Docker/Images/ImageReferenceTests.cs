using CsCheck;
using Provision.Providers.Docker;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx:latest")]
    [InlineData("nginx:1.27", "docker.io/library/nginx:1.27")]
    [InlineData("library/nginx", "docker.io/library/nginx:latest")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx:latest")]
    [InlineData("index.docker.io/library/nginx:latest", "docker.io/library/nginx:latest")]
    [InlineData("bitnami/redis", "docker.io/bitnami/redis:latest")]
    [InlineData("ghcr.io/a/b/c:v1", "ghcr.io/a/b/c:v1")]
    [InlineData("localhost/tool", "localhost/tool:latest")]
    [InlineData("localhost:5000/tool", "localhost:5000/tool:latest")]
    [InlineData("127.0.0.1:5000/a/b:1", "127.0.0.1:5000/a/b:1")]
    [InlineData("[::1]:5000/a:1", "[::1]:5000/a:1")]
    [InlineData("Registry.Example.EDU/lab:3", "registry.example.edu/lab:3")]
    [InlineData("nginx@" + Digest, "docker.io/library/nginx@" + Digest)]
    [InlineData("nginx:1.27@" + Digest, "docker.io/library/nginx:1.27@" + Digest)]
    [InlineData("a__b/c-d.e:T_1.x-y", "docker.io/a__b/c-d.e:T_1.x-y")]
    public void A_name_has_one_full_form(string text, string full) => Assert.Equal(full, ImageReference.Parse(text).ToString());

    [Theory]
    [InlineData("docker.io/library/nginx:latest", "nginx:latest")]
    [InlineData("docker.io/bitnami/redis:7", "bitnami/redis:7")]
    [InlineData("docker.io/library/a/b:1", "library/a/b:1")]
    [InlineData("localhost:5000/tool", "localhost:5000/tool:latest")]
    [InlineData("nginx@" + Digest, "nginx@" + Digest)]
    public void The_familiar_form_is_the_engine_s_own(string text, string familiar) => Assert.Equal(familiar, ImageReference.Parse(text).Familiar);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("Nginx", "capital")]
    [InlineData("Foo/bar", "capital")]
    [InlineData("ghcr.io/Owner/app", "capital")]
    [InlineData("nginx:", "not an image name")]
    [InlineData(":1", "not an image name")]
    [InlineData("/nginx", "not an image name")]
    [InlineData("nginx/", "not an image name")]
    [InlineData("a//b", "not an image name")]
    [InlineData("a..b", "not an image name")]
    [InlineData("a___b", "not an image name")]
    [InlineData("-a", "not an image name")]
    [InlineData("ngi nx", "not an image name")]
    [InlineData("nginx\n", "not an image name")]
    [InlineData("https://ghcr.io/a", "not an image name")]
    [InlineData("ghcr.io:port/a", "no host name")]
    [InlineData("-bad.example/a", "no host name")]
    [InlineData("nginx@sha256:abc", "not an image name")]
    [InlineData(Digest, "id of an image")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "id of an image")]
    public void What_is_no_name_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(ImageReference.TryParse(text, out var reference, out var why));
        Assert.Null(reference);
        Assert.Contains(reason, why, StringComparison.Ordinal);
        Assert.Equal(why, Assert.Throws<FormatException>(() => ImageReference.Parse(text)).Message);
    }

    [Fact]
    public void A_tag_has_at_most_128_characters_and_a_name_255()
    {
        Assert.Equal(new string('t', 128), ImageReference.Parse("a:" + new string('t', 128)).Tag);
        Assert.False(ImageReference.TryParse("a:" + new string('t', 129), out _, out _));
        Assert.True(ImageReference.TryParse("a.io/" + new string('p', 250), out _, out _));
        Assert.False(ImageReference.TryParse("a.io/" + new string('p', 251), out _, out var reason));
        Assert.Contains("255", reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registry.example.edu/a", true)]
    [InlineData("localhost:5000/a", true)]
    [InlineData("localhost/a", true)]
    [InlineData("a/b", false)]
    [InlineData("a", false)]
    [InlineData("a:1", false)]
    public void A_name_names_its_registry_or_does_not(string text, bool names) => Assert.Equal(names, ImageReference.NamesRegistry(text));

    [Fact]
    public void Canonical_and_familiar_forms_are_stable() =>
        Names().Sample(text =>
        {
            var reference = ImageReference.Parse(text);
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            Assert.Equal(reference, ImageReference.Parse(reference.Familiar));
            Assert.Equal(reference.ToString(), ImageReference.Parse(reference.ToString()).ToString());
        });

    [Fact]
    public void Any_text_is_read_or_refused_but_never_breaks_the_reader() =>
        Gen.String[Gen.Char["aZ0.-_/:@[]\n é"], 0, 40].Sample(text =>
        {
            if (ImageReference.TryParse(text, out var reference, out var reason))
            {
                Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
            }
            else
            {
                Assert.NotEmpty(reason);
            }
        });

    private static Gen<string> Names()
    {
        var part = Gen.String[Gen.Char["abz019"], 1, 6];
        var piece = Gen.Select(part, OneOf("", ".", "_", "__", "-", "--"), part, (a, joint, b) => a + joint + b);
        var path = piece.Array[1, 3].Select(parts => string.Join('/', parts));
        var host = OneOf("", "docker.io/", "index.docker.io/", "localhost/", "localhost:5000/", "GHCR.io/", "10.0.0.1:80/", "[::1]:5000/", "library/");
        var tag = Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char["aZ9_"], 1, 5].Select(text => ":" + text));
        var digest = OneOf("", "", "@" + Digest);
        return Gen.Select(host, path, tag, digest, (h, p, t, d) => h + p + t + d);
    }

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(at => texts[at]);
}
