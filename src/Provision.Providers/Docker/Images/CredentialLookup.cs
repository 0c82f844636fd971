namespace Provision.Providers.Docker.Images;

/// <summary>What was found for a registry.</summary>
/// <param name="Credential">Null: the registry is asked without.</param>
/// <param name="Trouble">Why a place that may have held one could not be read, to follow "no credentials were used:"; null where all went well.</param>
internal readonly record struct CredentialLookup(RegistryCredential? Credential, string? Trouble = null)
{
    public static readonly CredentialLookup Nothing;

    /// <summary>How the try at the registry is told in an error; never which credentials.</summary>
    public string Told => Credential is not null ? "credentials were used" : Trouble is null ? "no credentials were used" : $"no credentials were used: {Trouble}";

    /// <summary>The text without the credential, should a registry repeat it.</summary>
    public string Mask(string text) => Credential is null ? text : SecretMask.None.With(Credential.Secrets).Apply(text);
}
