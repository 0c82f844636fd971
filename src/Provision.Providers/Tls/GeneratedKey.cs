using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Provision.Providers.Tls;

/// <summary>A key pair in all the forms that programs want it in.</summary>
internal sealed record GeneratedKey
{
    /// <summary>The algorithm's own form: SEC 1 or PKCS #1.</summary>
    public required string PrivatePem { get; init; }

    public required string PrivatePkcs8 { get; init; }

    /// <summary>Empty where OpenSSH has no such key.</summary>
    public required string PrivateOpenSsh { get; init; }

    public required string PublicPem { get; init; }

    /// <summary>A line of <c>authorized_keys</c>; empty where OpenSSH has no such key.</summary>
    public required string PublicOpenSsh { get; init; }

    /// <summary>What OpenSSH makes fingerprints of.</summary>
    public required byte[] PublicBlob { get; init; }

    public static GeneratedKey Ecdsa(string curve)
    {
        using var key = ECDsa.Create(curve switch
        {
            // secp224r1, which has no name in the framework.
            "P224" => ECCurve.CreateFromValue("1.3.132.0.33"),
            "P256" => ECCurve.NamedCurves.nistP256,
            "P384" => ECCurve.NamedCurves.nistP384,
            _ => ECCurve.NamedCurves.nistP521,
        });
        var forms = Forms(key, key.ExportECPrivateKeyPem());
        if (curve == "P224")
        {
            return forms;
        }

        var parameters = key.ExportParameters(includePrivateParameters: true);
        var name = $"nistp{curve[1..]}";
        byte[] point = [0x04, .. parameters.Q.X ?? [], .. parameters.Q.Y ?? []];
        var identity = SshText.Of($"ecdsa-sha2-{name}", SshText.Text(name), SshText.Bytes(point));
        return WithOpenSsh(forms, $"ecdsa-sha2-{name}", identity, [.. identity, .. SshText.Number(parameters.D ?? [])]);
    }

    public static GeneratedKey Rsa(int bits)
    {
        using var key = RSA.Create(bits);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var publicBlob = SshText.Of("ssh-rsa", SshText.Number(parameters.Exponent ?? []), SshText.Number(parameters.Modulus ?? []));
        var privateBlob = SshText.Of(
            "ssh-rsa", SshText.Number(parameters.Modulus ?? []), SshText.Number(parameters.Exponent ?? []), SshText.Number(parameters.D ?? []),
            SshText.Number(parameters.InverseQ ?? []), SshText.Number(parameters.P ?? []), SshText.Number(parameters.Q ?? []));
        return WithOpenSsh(Forms(key, key.ExportRSAPrivateKeyPem()), "ssh-rsa", publicBlob, privateBlob);
    }

    private static GeneratedKey Forms(AsymmetricAlgorithm key, string pem) => new()
    {
        PrivatePem = pem + "\n",
        PrivatePkcs8 = key.ExportPkcs8PrivateKeyPem() + "\n",
        PrivateOpenSsh = "",
        PublicPem = key.ExportSubjectPublicKeyInfoPem() + "\n",
        PublicOpenSsh = "",
        PublicBlob = [],
    };

    /// <summary>The file that ssh-keygen writes: OpenSSH's PROTOCOL.key, without a passphrase and with an empty comment.</summary>
    private static GeneratedKey WithOpenSsh(GeneratedKey forms, string type, byte[] publicBlob, byte[] privateBlob)
    {
        // Two equal numbers, by which a reader knows that it decrypted well; here they need be nothing but equal.
        var check = SHA256.HashData(publicBlob)[..4];
        List<byte> secret = [.. check, .. check, .. privateBlob, .. SshText.Text("")];
        for (byte pad = 1; secret.Count % 8 != 0; pad++)
        {
            secret.Add(pad);
        }

        var count = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(count, 1);
        byte[] file =
        [
            .. "openssh-key-v1\0"u8, .. SshText.Text("none"), .. SshText.Text("none"), .. SshText.Text(""), .. count,
            .. SshText.Bytes(publicBlob), .. SshText.Bytes([.. secret]),
        ];
        return forms with
        {
            PrivateOpenSsh = PemEncoding.WriteString("OPENSSH PRIVATE KEY", file) + "\n",
            PublicOpenSsh = $"{type} {Convert.ToBase64String(publicBlob)}\n",
            PublicBlob = publicBlob,
        };
    }

    /// <summary>SSH's encodings (RFC 4251, section 5).</summary>
    private static class SshText
    {
        public static byte[] Of(string type, params ReadOnlySpan<byte[]> parts)
        {
            List<byte> all = [.. Text(type)];
            foreach (var part in parts)
            {
                all.AddRange(part);
            }

            return [.. all];
        }

        public static byte[] Text(string text) => Bytes(Encoding.ASCII.GetBytes(text));

        public static byte[] Bytes(byte[] bytes)
        {
            var result = new byte[4 + bytes.Length];
            BinaryPrimitives.WriteInt32BigEndian(result, bytes.Length);
            bytes.CopyTo(result, 4);
            return result;
        }

        /// <summary>No leading zeros, but one where the number would look negative.</summary>
        public static byte[] Number(byte[] number)
        {
            var digits = number.AsSpan().TrimStart((byte)0);
            return Bytes(digits.Length > 0 && digits[0] >= 0x80 ? [0, .. digits] : digits.ToArray());
        }
    }
}
