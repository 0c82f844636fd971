using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Docker.DotNet.Handler.Abstractions;
using Provision.Engine.Contract;

namespace Provision.Providers.Docker;

/// <summary>Where the client certificate and the CA of a TLS daemon are.</summary>
internal abstract record TlsMaterial
{
    private TlsMaterial()
    {
    }

    /// <summary>A folder with ca.pem, cert.pem and key.pem.</summary>
    public sealed record Folder(string Path) : TlsMaterial
    {
        protected override (string Ca, string Certificate, string Key) Read() =>
            (File.ReadAllText(In("ca.pem")), File.ReadAllText(In("cert.pem")), File.ReadAllText(In("key.pem")));

        private string In(string file) => System.IO.Path.Combine(Path, file);
    }

    /// <summary>The three as PEM text.</summary>
    public sealed record Pem(string Ca, string Certificate, string Key) : TlsMaterial
    {
        protected override (string Ca, string Certificate, string Key) Read() => (Ca, Certificate, Key);

        // A record prints its members; a private key must not be among them.
        public override string ToString() => "[certificates]";
    }

    protected abstract (string Ca, string Certificate, string Key) Read();

    /// <summary>What the Docker client asks for a handler with this material.</summary>
    /// <exception cref="ProviderException">A file is missing or no PEM.</exception>
    public IAuthProvider Open()
    {
        try
        {
            var (ca, certificate, key) = Read();
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(ca);
            return new PemAuthProvider(X509Certificate2.CreateFromPem(certificate, key), roots);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            // The messages name files at most, never their content.
            throw new ProviderException(
                ProviderFailure.Unauthorized, $"The TLS material for the Docker daemon cannot be used: {exception.Message}",
                "Check certPath (ca.pem, cert.pem, key.pem) or caMaterial, certMaterial and keyMaterial.", Remainder.Untouched.Value);
        }
    }

    private sealed class PemAuthProvider(X509Certificate2 certificate, X509Certificate2Collection roots) : IAuthProvider
    {
        public bool TlsEnabled => true;

        public HttpMessageHandler ConfigureHandler(HttpMessageHandler handler)
        {
            if (handler is SocketsHttpHandler sockets)
            {
                sockets.SslOptions.ClientCertificates = [certificate];
                sockets.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
                sockets.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
                sockets.SslOptions.EncryptionPolicy = EncryptionPolicy.RequireEncryption;
            }

            return handler;
        }
    }
}
