using System.Text;
using Provision.Engine.State;

namespace Provision.Tests.Engine.State;

/// <summary>A cipher that costs nothing; counts what is decrypted, and gives every ciphertext a number, so that re-encrypting shows.</summary>
internal sealed class TestSecrets : ISecretsSource, ISecretsProvider
{
    private int _encrypted;

    public int Decrypted { get; private set; }

    public SecretsProviderState? State { get; set; } = SecretsProviderState.Passphrase("v1:test");

    public ISecretsProvider Open(SecretsProviderState recorded) => this;

    public ISecretsProvider ForWriting(SecretsProviderState? recorded) => this;

    public string Encrypt(string plain) => $"{++_encrypted}:{Convert.ToBase64String(Encoding.UTF8.GetBytes(plain))}";

    public string Decrypt(string cipher)
    {
        Decrypted++;
        return Encoding.UTF8.GetString(Convert.FromBase64String(cipher.Split(':')[1]));
    }
}
