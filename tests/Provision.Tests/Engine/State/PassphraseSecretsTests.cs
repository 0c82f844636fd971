using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class PassphraseSecretsTests : IDisposable
{
    private const string VectorSalt = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==";

    // Derives its key once for all tests that only need one.
    private static readonly PassphraseSecrets Vector = new(new PassphraseSource(new PassphraseEnvironment("password", null, "")), VectorSalt);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_key_is_pulumis() =>
        Assert.Equal(
            "7e700703e28b164e816cb939612c938b8dcf8f8a5237d02824cea3fb656b3a8b",
            Convert.ToHexStringLower(PassphraseSecrets.Derive("password", Convert.FromBase64String("fozI5u6B030="))));

    [Fact]
    public void A_stack_of_pulumis_opens_and_its_cipher_works_both_ways()
    {
        var secrets = Vector;

        Assert.Equal("pulumi", secrets.Decrypt("v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="));
        var cipher = secrets.Encrypt("hush 😀");
        Assert.Matches("^v1:[A-Za-z0-9+/=]{16}:[A-Za-z0-9+/=]+$", cipher);
        Assert.Equal("hush 😀", secrets.Decrypt(cipher));
        Assert.NotEqual(cipher, secrets.Encrypt("hush 😀"));
        Assert.Equal(VectorSalt, secrets.State?.Salt);
    }

    [Fact]
    public void A_wrong_passphrase_names_the_sources_tried_and_not_the_passphrase()
    {
        var error = Assert.Throws<SecretsException>(() => new PassphraseSecrets(Source("sesame"), VectorSalt).Decrypt("v1:AAAA:AAAA"));

        Assert.Equal("PROV1250", error.Diagnostic.Code);
        Assert.Contains("PULUMI_CONFIG_PASSPHRASE (set)", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", error.ToString(), StringComparison.Ordinal);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public void Without_any_passphrase_an_existing_stack_is_refused_and_none_is_generated()
    {
        var source = Source(null);

        var error = Assert.Throws<SecretsException>(() => new PassphraseSecrets(source, VectorSalt).Verify());

        Assert.Equal("PROV1251", error.Diagnostic.Code);
        Assert.Contains(source.GeneratedFilePath, error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(source.GeneratedFilePath));
    }

    [Fact]
    public void An_empty_passphrase_is_one()
    {
        var made = new PassphraseSecrets(Source(""), null);
        var cipher = made.Encrypt("x");

        Assert.Equal("x", new PassphraseSecrets(Source(""), made.EncryptionSalt).Decrypt(cipher));
        Assert.False(File.Exists(Source("").GeneratedFilePath));
    }

    [Fact]
    public void A_passphrase_file_is_trimmed_and_a_missing_one_is_named()
    {
        var file = _folder["phrase"];
        File.WriteAllText(file, "  password\n\n");
        Assert.Equal("pulumi", new PassphraseSecrets(new PassphraseSource(new PassphraseEnvironment(null, file, _folder["config"])), VectorSalt)
            .Decrypt("v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="));

        var missing = new PassphraseSecrets(new PassphraseSource(new PassphraseEnvironment(null, _folder["nowhere"], _folder["config"])), VectorSalt);
        var error = Assert.Throws<SecretsException>(missing.Verify);
        Assert.Equal("PROV1252", error.Diagnostic.Code);
        Assert.Contains(_folder["nowhere"], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generated_passphrase_and_its_keys_are_the_users_alone_and_save_the_derivation()
    {
        var source = Source(null);
        var made = new PassphraseSecrets(source, null);
        Assert.Null(made.State);
        var cipher = made.Encrypt("x");

        Assert.Equal("600", Modes.Of(source.GeneratedFilePath));
        var key = Assert.Single(Directory.GetFiles(_folder["config", "keys"]));
        Assert.Equal("600", Modes.Of(key));
        Assert.Equal("700", Modes.Of(_folder["config"]));

        // Were the key derived again, it would come from this passphrase and not fit.
        File.WriteAllText(source.GeneratedFilePath, "another");
        Assert.Equal("x", new PassphraseSecrets(source, made.EncryptionSalt).Decrypt(cipher));
    }

    [Fact]
    public void A_kept_key_that_does_not_fit_is_derived_again()
    {
        var source = Source(null);
        var made = new PassphraseSecrets(source, null);
        var cipher = made.Encrypt("x");
        File.WriteAllBytes(Directory.GetFiles(_folder["config", "keys"]).Single(), new byte[32]);

        Assert.Equal("x", new PassphraseSecrets(source, made.EncryptionSalt).Decrypt(cipher));
    }

    [Fact]
    public async Task Two_at_once_agree_on_one_generated_passphrase()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Source(null).FindOrGenerate().Text, TestContext.Current.CancellationToken)));

        Assert.Single(found.Distinct());
        Assert.Equal(["passphrase"], Directory.GetFiles(_folder["config"]).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("")]
    [InlineData("v1:")]
    [InlineData("v2:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ==")]
    [InlineData("v1:%%:v1:a:b")]
    public void A_damaged_salt_is_called_that(string salt) =>
        Assert.Equal("PROV1255", Assert.Throws<SecretsException>(new PassphraseSecrets(Source("password"), salt).Verify).Diagnostic.Code);

    [Theory]
    [InlineData("")]
    [InlineData("v1")]
    [InlineData("v1:AAAA:AAAA")]
    [InlineData("v1:F+6ZduKKd8G0/V7L:AAAA")]
    [InlineData("v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIA==")]
    public void A_damaged_ciphertext_is_called_that(string cipher) =>
        Assert.Equal("PROV1254", Assert.Throws<SecretsException>(() => Vector.Decrypt(cipher)).Diagnostic.Code);

    [Fact]
    public void A_provider_of_pulumis_own_is_kept_and_refused_only_when_a_secret_is_touched()
    {
        var secrets = new PassphraseStackSecrets(Source("x"), null);
        var provider = secrets.ForWriting(new SecretsProviderState("cloud", """{"url":"awskms://k"}"""));

        Assert.Equal("cloud", provider.State?.Type);
        Assert.Equal("PROV1253", Assert.Throws<SecretsException>(() => provider.Decrypt("x")).Diagnostic.Code);
    }

    [Fact]
    public void The_environment_is_read_through_what_is_passed_in()
    {
        var variables = new Dictionary<string, string?> { ["PULUMI_CONFIG_PASSPHRASE"] = "", ["XDG_CONFIG_HOME"] = "relative" };

        Assert.Equal(new PassphraseEnvironment("", null, "/home/u/.config/provision"), PassphraseEnvironment.Read(variables.GetValueOrDefault, "/home/u"));
        variables["XDG_CONFIG_HOME"] = "/etc/x";
        Assert.Equal("/etc/x/provision/passphrase", new PassphraseSource(PassphraseEnvironment.Read(variables.GetValueOrDefault, "/home/u")).GeneratedFilePath);
    }

    private PassphraseSource Source(string? passphrase) => new(new PassphraseEnvironment(passphrase, null, _folder["config"]));
}
