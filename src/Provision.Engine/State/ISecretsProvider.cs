namespace Provision.Engine.State;

/// <summary>Encrypts and decrypts the secrets of one stack. Slow parts (key derivation) happen on first use.</summary>
public interface ISecretsProvider
{
    /// <summary>What a checkpoint records, so that the same secrets can be opened later; null as long as nothing was ever encrypted.</summary>
    SecretsProviderState? State { get; }

    string Encrypt(string plain);

    /// <exception cref="SecretsException">The passphrase is missing or wrong, or the text is damaged.</exception>
    string Decrypt(string cipher);
}

/// <summary>Opens the secrets of stacks; a session asks it for the provider a checkpoint records and for the one to write with.</summary>
public interface ISecretsSource
{
    /// <summary>The provider that opens what a checkpoint or journal recorded.</summary>
    ISecretsProvider Open(SecretsProviderState recorded);

    /// <summary>The provider new secrets are encrypted with, given what the checkpoint records, if anything.</summary>
    ISecretsProvider ForWriting(SecretsProviderState? recorded);
}
