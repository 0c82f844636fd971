using CsCheck;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.Tests.Providers.Docker;

public sealed class CanonicalTests
{
    private static readonly Dictionary<string, Func<string, string?>> All = new()
    {
        ["image"] = Canonical.Image,
        ["duration"] = Canonical.Duration,
        ["capability"] = Canonical.Capability,
        ["mode"] = Canonical.OctalMode,
        ["mac"] = Canonical.Mac,
        ["address"] = Canonical.Address,
        ["cidr"] = Canonical.Cidr,
        ["restart"] = Canonical.RestartPolicy,
        ["network mode"] = Canonical.NetworkMode,
        ["protocol"] = Canonical.Protocol,
        ["cpus"] = Canonical.Cpus,
        ["cpu set"] = Canonical.CpuSet,
        ["env"] = Canonical.EnvironmentEntry,
        ["path"] = Canonical.AbsolutePath,
        ["name"] = PhysicalName.Check,
    };

    public static TheoryData<string> Kinds => [.. All.Keys];

    private static readonly string[] Pieces =
        ["1h", "90s", "1.5m", "250ms", "3us", "10.1.2.3", "fd00::1", "10.0.0.0/8", "fd00::/16", "NET_ADMIN", "0644", "02:42:AC:11:00:02", "nginx", "a.b/c/d:1", "0-3,7", "/x/", "1.50"];

    /// <summary>Texts that are often nearly well-formed: made of the pieces the kinds are made of.</summary>
    private static readonly Gen<string> Texts = Gen.OneOf(
        Gen.String[Gen.Char["0123456789abcdefABCDEF.:/-_,@%=smhnu Zz"], 0, 24],
        Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[1, 3]
            .Select(parts => string.Concat(parts)));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Trap_30_a_canonical_form_is_its_own_canonical_form(string kind) =>
        Texts.Sample(text => All[kind](text) is not { } once || All[kind](once) == once, iter: 2000, threads: 1);

    [Fact]
    public void Trap_30_every_duration_is_its_own_canonical_form() =>
        Gen.Long[0, TimeSpan.TicksPerDay * 300].Sample(
            ticks => Canonical.ParseDuration(Canonical.FormatDuration(TimeSpan.FromTicks(ticks))) == TimeSpan.FromTicks(ticks), iter: 5000, threads: 1);

    [Theory]
    [InlineData("image", "nginx", "docker.io/library/nginx:latest")]
    [InlineData("image", "registry:5000/a/b", "registry:5000/a/b:latest")]
    [InlineData("image", "index.docker.io/me/app:1", "docker.io/me/app:1")]
    [InlineData("image", "Nginx", null)]
    [InlineData("image", "a b", null)]
    [InlineData("image", "nginx:", null)]
    [InlineData("image", "31-/9:n7", null)]
    [InlineData("image", "registry-1.docker.io/me/app", "docker.io/me/app:latest")]
    [InlineData("duration", "1m30s", "1m30s")]
    [InlineData("duration", "90s", "1m30s")]
    [InlineData("duration", "1.5m", "1m30s")]
    [InlineData("duration", "60m", "1h0m0s")]
    [InlineData("duration", "0", "0s")]
    [InlineData("duration", "ten", null)]
    [InlineData("duration", "-1s", null)]
    [InlineData("duration", "5", null)]
    [InlineData("duration", "99999999999999999999h", null)]
    [InlineData("capability", "net_admin", "CAP_NET_ADMIN")]
    [InlineData("capability", "CAP_NET_ADMIN", "CAP_NET_ADMIN")]
    [InlineData("capability", "all", "ALL")]
    [InlineData("capability", "net admin", null)]
    [InlineData("mode", "644", "0644")]
    [InlineData("mode", "0999", null)]
    [InlineData("mac", "02-42-AC-11-00-02", "02:42:ac:11:00:02")]
    [InlineData("mac", "02:42:ac:11:00", null)]
    [InlineData("address", "fd00:0:0::1", "fd00::1")]
    [InlineData("address", "10.1", null)]
    [InlineData("address", "10.1.2.300", null)]
    [InlineData("cidr", "10.1.2.3/16", "10.1.0.0/16")]
    [InlineData("cidr", "10.1.2.3/33", null)]
    [InlineData("cidr", "10.1.2.3", null)]
    [InlineData("network mode", "default", "bridge")]
    [InlineData("restart", "", "no")]
    [InlineData("restart", "sometimes", null)]
    [InlineData("cpus", "1.50", "1.5")]
    [InlineData("cpus", "-1", null)]
    [InlineData("cpu set", "0,1,2,5", "0-2,5")]
    [InlineData("cpu set", "3-1", null)]
    [InlineData("env", "A", null)]
    [InlineData("env", "A=b=c", "A=b=c")]
    [InlineData("path", "/var/", "/var")]
    [InlineData("path", "var", null)]
    [InlineData("name", "x", null)]
    public void One_spelling_for_all_and_none_for_nonsense(string kind, string text, string? canonical) => Assert.Equal(canonical, All[kind](text));
}
