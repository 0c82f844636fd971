namespace Provision.Engine.State;

/// <summary>How secrets are written.</summary>
internal sealed record SecretForm
{
    private SecretForm(Func<string, string>? encrypt, bool keepsCiphertexts) => (Encrypt, KeepsCiphertexts) = (encrypt, keepsCiphertexts);

    /// <summary>Inside another secret: marked, but not encrypted again.</summary>
    public static readonly SecretForm Nested = new(plain => plain, keepsCiphertexts: false);

    /// <summary>In clear text, because a person asked to see them.</summary>
    public static readonly SecretForm Shown = new(null, keepsCiphertexts: false);

    /// <summary>Encrypted; those that have a ciphertext keep it.</summary>
    public static SecretForm EncryptedBy(ISecretsProvider secrets) => new(secrets.Encrypt, keepsCiphertexts: true);

    /// <summary>Null: shown.</summary>
    public Func<string, string>? Encrypt { get; }

    public bool KeepsCiphertexts { get; }
}
