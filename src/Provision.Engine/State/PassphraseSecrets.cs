using System.Security.Cryptography;
using System.Text;

namespace Provision.Engine.State;

/// <summary>
/// Pulumi's passphrase secrets: a key of PBKDF2-HMAC-SHA256 over a million rounds, AES-256-GCM, and <c>v1:nonce:text</c>. The same
/// cipher serves state and the <c>secure:</c> values of <c>Pulumi.&lt;stack&gt;.yaml</c>. The key is derived on first use, once.
/// </summary>
public sealed class PassphraseSecrets : ISecretsProvider
{
    private const int Rounds = 1_000_000;
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;
    private const string Known = "pulumi";

    private readonly PassphraseSource _source;
    private readonly Lazy<byte[]> _key;
    private string? _salt;

    /// <param name="source">Finds the passphrase.</param>
    /// <param name="encryptionSalt">The stack's <c>encryptionsalt</c>; null: made with the first secret.</param>
    public PassphraseSecrets(PassphraseSource source, string? encryptionSalt)
    {
        (_source, _salt) = (source, encryptionSalt);
        // A failure is kept like a key: a thousand secrets are not a thousand derivations of a wrong one.
        _key = new Lazy<byte[]>(() => _salt is { } salt ? OpenKey(salt) : MakeKey(), LazyThreadSafetyMode.ExecutionAndPublication);
    }

    /// <summary>What goes into the stack's configuration file; null until the first secret is encrypted.</summary>
    public string? EncryptionSalt => Volatile.Read(ref _salt);

    public SecretsProviderState? State => EncryptionSalt is { } salt ? SecretsProviderState.Passphrase(salt) : null;

    /// <summary>Derives the key and checks the passphrase, for callers who want to know before they begin.</summary>
    /// <exception cref="SecretsException">There is no passphrase, or it is not this stack's.</exception>
    public void Verify() => _ = _key.Value;

    public string Encrypt(string plain)
    {
        ArgumentNullException.ThrowIfNull(plain);
        return Encrypt(_key.Value, plain);
    }

    public string Decrypt(string cipher)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        return TryDecrypt(_key.Value, cipher)
            ?? throw new SecretsException(StateDiagnostics.CiphertextDamaged("a ciphertext is damaged, or was encrypted for another stack."));
    }

    internal static byte[] Derive(string passphrase, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(passphrase, salt, Rounds, HashAlgorithmName.SHA256, KeySize);

    private byte[] OpenKey(string encryptionSalt)
    {
        // v1:<salt>:v1:<nonce>:<text that decrypts to "pulumi">
        var parts = encryptionSalt.Split(':', 3);
        var salt = new byte[64];
        if (parts.Length < 3 || parts[0] != "v1" || !Convert.TryFromBase64String(parts[1], salt, out var length))
            throw new SecretsException(StateDiagnostics.SaltDamaged());

        var passphrase = _source.Find() ?? throw new SecretsException(StateDiagnostics.PassphraseMissing(_source.Tried));
        var kept = passphrase.IsGenerated ? ReadKept(encryptionSalt) : null;
        if (kept is not null && TryDecrypt(kept, parts[2]) == Known)
            return kept;

        var key = Derive(passphrase.Text, salt[..length]);
        if (TryDecrypt(key, parts[2]) != Known)
            throw new SecretsException(StateDiagnostics.PassphraseWrong(_source.Tried));

        if (passphrase.IsGenerated)
            Keep(encryptionSalt, key);
        return key;
    }

    private byte[] MakeKey()
    {
        var passphrase = _source.FindOrGenerate();
        var salt = RandomNumberGenerator.GetBytes(8);
        var key = Derive(passphrase.Text, salt);
        var encryptionSalt = $"v1:{Convert.ToBase64String(salt)}:{Encrypt(key, Known)}";
        if (passphrase.IsGenerated)
            Keep(encryptionSalt, key);
        Volatile.Write(ref _salt, encryptionSalt);
        return key;
    }

    private static string Encrypt(byte[] key, string plain)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var text = Encoding.UTF8.GetBytes(plain);
        var sealedText = new byte[text.Length + TagSize];
        using var cipher = new AesGcm(key, TagSize);
        cipher.Encrypt(nonce, text, sealedText.AsSpan(0, text.Length), sealedText.AsSpan(text.Length));
        return $"v1:{Convert.ToBase64String(nonce)}:{Convert.ToBase64String(sealedText)}";
    }

    /// <summary>The plain text; null where the key does not fit or the text is no ciphertext.</summary>
    private static string? TryDecrypt(byte[] key, string text)
    {
        var parts = text.Split(':');
        var nonce = new byte[NonceSize];
        if (parts.Length != 3 || parts[0] != "v1" || !Convert.TryFromBase64String(parts[1], nonce, out var nonceLength) || nonceLength != NonceSize)
            return null;

        var sealedText = new byte[(parts[2].Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(parts[2], sealedText, out var length) || length < TagSize)
            return null;

        var plain = new byte[length - TagSize];
        using var cipher = new AesGcm(key, TagSize);
        try
        {
            cipher.Decrypt(nonce, sealedText.AsSpan(0, plain.Length), sealedText.AsSpan(plain.Length, TagSize), plain);
            return Encoding.UTF8.GetString(plain);
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private string KeyFile(string encryptionSalt) =>
        Path.Combine(_source.KeyFolder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(encryptionSalt))));

    private byte[]? ReadKept(string encryptionSalt)
    {
        try
        {
            return StateFiles.Read(KeyFile(encryptionSalt)) is { Length: KeySize } key ? key : null;
        }
        catch (StateReadException)
        {
            // It only saves time.
            return null;
        }
    }

    private void Keep(string encryptionSalt, byte[] key)
    {
        try
        {
            new StateFiles().Write(KeyFile(encryptionSalt), key);
        }
        catch (StateWriteException)
        {
            // It only saves time.
        }
    }
}
