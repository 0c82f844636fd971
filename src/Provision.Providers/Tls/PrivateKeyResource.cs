using System.Globalization;
using System.Security.Cryptography;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Tls;

/// <summary><c>tls:index/privateKey:PrivateKey</c>: made once, in this process, and kept in the state, private halves encrypted. It exists nowhere else.</summary>
internal static class PrivateKeyResource
{
    public const string Type = "tls:index/privateKey:PrivateKey";

    private static readonly PropertyPath Algorithm = PropertyPath.Of("algorithm");

    public static CheckResponse Check(CheckRequest request)
    {
        var failures = InputChecks.Check(PrivateKeyTable.Table, request.NewInputs);
        if (new InputReader(request.NewInputs).Text("algorithm") is { } algorithm && algorithm is not (PrivateKeyTable.Ecdsa or PrivateKeyTable.Rsa))
        {
            failures.Add(new CheckFailure(
                Algorithm, $"keys of the algorithm '{algorithm}' cannot be made here",
                $"Use {PrivateKeyTable.Ecdsa} (with ecdsaCurve P256, P384 or P521) or {PrivateKeyTable.Rsa}."));
        }

        return new CheckResponse(request.NewInputs, [.. failures]);
    }

    public static DiffResponse Diff(DiffRequest request) => new() { Changes = InputDiff.Compare(PrivateKeyTable.Table, request) };

    public static CreateResponse Create(PropertyMap inputs)
    {
        var program = new InputReader(inputs);
        var key = program.Text("algorithm") == PrivateKeyTable.Rsa
            ? GeneratedKey.Rsa((int)(program.Integer("rsaBits") ?? 2048))
            : GeneratedKey.Ecdsa(program.Text("ecdsaCurve") ?? "P224");
        var id = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(key.PublicPem.Trim())))[..40];
        return new CreateResponse(id, OutputShape.Compose(PrivateKeyTable.Table, inputs, PropertyMap.Empty).Merge(PropertyMap.Of(
            ("id", id),
            ("privateKeyOpenssh", new PropertyValue.Secret(key.PrivateOpenSsh)),
            ("privateKeyPem", new PropertyValue.Secret(key.PrivatePem)),
            ("privateKeyPemPkcs8", new PropertyValue.Secret(key.PrivatePkcs8)),
            ("publicKeyFingerprintMd5", Md5(key.PublicBlob)),
            ("publicKeyFingerprintSha256", Sha256(key.PublicBlob)),
            ("publicKeyOpenssh", key.PublicOpenSsh),
            ("publicKeyPem", key.PublicPem))));
    }

    /// <summary>SHA256:uNiVztksCsDhcc0u9e8BgrJXVGLeNhb… as ssh prints it, without padding.</summary>
    private static string Sha256(byte[] blob) => blob.Length == 0 ? "" : $"SHA256:{Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=')}";

#pragma warning disable CA5351 // The old form of a fingerprint, which is compared by eye; nothing is decided by it.
    private static string Md5(byte[] blob) =>
        blob.Length == 0 ? "" : string.Join(':', MD5.HashData(blob).Select(one => one.ToString("x2", CultureInfo.InvariantCulture)));
#pragma warning restore CA5351
}
