using System.Collections.Concurrent;

namespace Provision.Engine.State;

/// <summary>Opens stacks' secrets with a passphrase; one provider a salt, so that each key is derived once.</summary>
/// <param name="source">Finds the passphrase.</param>
/// <param name="encryptionSalt">The <c>encryptionsalt</c> of the stack's configuration file, which says what new secrets are encrypted with; null: what the checkpoint records.</param>
public sealed class PassphraseStackSecrets(PassphraseSource source, string? encryptionSalt) : ISecretsSource
{
    private readonly ConcurrentDictionary<string, PassphraseSecrets> _bySalt = new(StringComparer.Ordinal);
    private readonly PassphraseSecrets _fresh = new(source, null);

    public ISecretsProvider Open(SecretsProviderState recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        return recorded.Salt is { } salt ? BySalt(salt) : new UnsupportedSecrets(recorded);
    }

    public ISecretsProvider ForWriting(SecretsProviderState? recorded) =>
        encryptionSalt is { Length: > 0 } salt ? BySalt(salt)
        : recorded is not null ? Open(recorded)
        : _fresh;

    private PassphraseSecrets BySalt(string salt) =>
        salt == _fresh.EncryptionSalt ? _fresh : _bySalt.GetOrAdd(salt, static (each, from) => new PassphraseSecrets(from, each), source);

    /// <summary>A provider of pulumi's own: what it encrypted is kept, and cannot be opened.</summary>
    private sealed class UnsupportedSecrets(SecretsProviderState state) : ISecretsProvider
    {
        public SecretsProviderState? State => state;

        public string Encrypt(string plain) => throw new SecretsException(StateDiagnostics.SecretsUnsupported(state.Type));

        public string Decrypt(string cipher) => throw new SecretsException(StateDiagnostics.SecretsUnsupported(state.Type));
    }
}
