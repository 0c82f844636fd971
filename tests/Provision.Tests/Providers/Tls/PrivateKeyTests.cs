using System.Diagnostics;
using System.Security.Cryptography;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;
using Provision.Providers.Tls;
using Provision.Tests.Engine.State;
using Provision.Tests.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Tls;

/// <summary>Key pairs, in the forms that OpenSSH and others read.</summary>
public sealed class PrivateKeyTests
{
    private static readonly HostRequests Requests = new(new ResourceType("tls:index/privateKey:PrivateKey"), "key");

    public static TheoryData<string, string, int> Kinds => new() { { "ECDSA", "P256", 0 }, { "ECDSA", "P384", 0 }, { "ECDSA", "P521", 0 }, { "RSA", "", 2048 } };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task OpenSSH_reads_the_private_half_and_tells_the_public_one(string algorithm, string curve, int bits)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ssh-keygen"), "ssh-keygen is not installed");
        var outputs = (await CreateAsync(Inputs(algorithm, curve, bits))).Outputs;
        var folder = Directory.CreateTempSubdirectory("key-");
        try
        {
            var file = Path.Combine(folder.FullName, "key");
            await File.WriteAllTextAsync(file, Revealed(outputs, "privateKeyOpenssh"), TestContext.Current.CancellationToken);
            Modes.Set(file, "600");
            Assert.Equal(Text(outputs, "publicKeyOpenssh").Trim(), (await KeygenAsync("-y", "-P", "", "-f", file)).Trim());
            Assert.Contains(Text(outputs, "publicKeyFingerprintSha256"), await KeygenAsync("-l", "-f", file), StringComparison.Ordinal);
            Assert.Contains(Text(outputs, "publicKeyFingerprintMd5"), await KeygenAsync("-l", "-E", "md5", "-f", file), StringComparison.Ordinal);

            await File.WriteAllTextAsync(file, Revealed(outputs, "privateKeyPem"), TestContext.Current.CancellationToken);
            Assert.Equal(Text(outputs, "publicKeyOpenssh").Trim(), (await KeygenAsync("-y", "-P", "", "-f", file)).Trim());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task All_forms_are_of_one_key(string algorithm, string curve, int bits)
    {
        var outputs = (await CreateAsync(Inputs(algorithm, curve, bits))).Outputs;
        using AsymmetricAlgorithm key = algorithm == "RSA" ? RSA.Create() : ECDsa.Create();

        foreach (var form in new[] { "privateKeyPem", "privateKeyPemPkcs8" })
        {
            key.ImportFromPem(Revealed(outputs, form));
            Assert.Equal(Text(outputs, "publicKeyPem").Trim(), key.ExportSubjectPublicKeyInfoPem());
        }
    }

    [Fact]
    public async Task Every_private_form_is_secret_and_nothing_else_is()
    {
        var outputs = (await CreateAsync(Inputs("ECDSA", "P256", 0))).Outputs;

        Assert.Equal(
            ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
            outputs.Where(entry => entry.Value is PropertyValue.Secret).Select(entry => entry.Key));
        Assert.DoesNotContain("PRIVATE KEY", outputs.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_keys_are_two_and_the_id_is_of_the_public_half()
    {
        var one = await CreateAsync(Inputs("ECDSA", "P256", 0));
        var other = await CreateAsync(Inputs("ECDSA", "P256", 0));

        Assert.NotEqual(one.Id, other.Id);
        Assert.Matches("^[0-9a-f]{40}$", one.Id);
        Assert.Equal(one.Id, Text(one.Outputs, "id"));
    }

    [Theory]
    [InlineData("ED25519")]
    [InlineData("DSA")]
    public void Algorithms_that_cannot_be_had_are_refused_with_those_that_can(string algorithm)
    {
        var failure = Assert.Single(new TlsProvider().Check(Requests.Check(PropertyMap.Of(("algorithm", algorithm)))).Failures);

        Assert.Equal("algorithm", failure.Path.ToString());
        Assert.Contains("ECDSA", failure.Remedy, StringComparison.Ordinal);
        Assert.Contains("RSA", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_stays_until_another_kind_is_asked_for()
    {
        await using var provider = new TlsProvider();
        var inputs = Inputs("ECDSA", "P256", 0);
        var outputs = (await CreateAsync(inputs)).Outputs;

        Assert.False(provider.Diff(Requests.Diff("id", inputs, outputs, inputs)).HasChanges);
        Assert.True(provider.Diff(Requests.Diff("id", inputs, outputs, Inputs("ECDSA", "P384", 0))).Replaces);
        var read = Assert.Single(await provider.ReadAsync([Requests.Read("id", inputs, outputs)], TestContext.Current.CancellationToken));
        Assert.Equal(outputs, Assert.IsType<ReadResponse.Found>(read).Outputs);
    }

    [Fact]
    public void Without_a_curve_the_default_is_the_real_providers()
    {
        var outputs = PrivateKeyResource.Create(PropertyMap.Of(("algorithm", "ECDSA"))).Outputs;

        Assert.Equal("P224", Text(outputs, "ecdsaCurve"));
        Assert.Equal("", Text(outputs, "publicKeyOpenssh"));
        Assert.Contains("EC PRIVATE KEY", Revealed(outputs, "privateKeyPem"), StringComparison.Ordinal);
    }

    private static PropertyMap Inputs(string algorithm, string curve, int bits) =>
        PropertyMap.Of(("algorithm", algorithm), ("ecdsaCurve", curve.Length > 0 ? curve : null), ("rsaBits", bits > 0 ? (PropertyValue)bits : null));

    private static async Task<CreateResponse> CreateAsync(PropertyMap inputs)
    {
        await using var provider = new TlsProvider();
        return await provider.CreateAsync(Requests.Create(inputs), TestContext.Current.CancellationToken);
    }

    private static string Text(PropertyMap outputs, string name) => ((PropertyValue.String)outputs[name]).Value;

    private static string Revealed(PropertyMap outputs, string name) => ((PropertyValue.String?)Values.Plain(outputs[name]))?.Value ?? "";

    private static async Task<string> KeygenAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ssh-keygen", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("ssh-keygen does not start");
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, errors);
        return output;
    }
}
