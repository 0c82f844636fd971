using Provision.Providers.Schema;
using static Provision.Providers.Schema.InputClass;
using static Provision.Providers.Schema.InputKind;

namespace Provision.Providers.Tls;

/// <summary>The inputs of <c>tls:index/privateKey:PrivateKey</c>: another kind of key is another key.</summary>
internal static class PrivateKeyTable
{
    public const string Ecdsa = "ECDSA";
    public const string Rsa = "RSA";

    private static readonly string[] Curves = ["P224", "P256", "P384", "P521"];

    public static readonly InputTable Table = new(
        new("algorithm", Text, Replace) { Required = true },
        new("ecdsaCurve", Text, Replace) { Default = "P224", Canonical = curve => Curves.Contains(curve) ? curve : null, Expected = "P224, P256, P384 or P521" },
        new("rsaBits", Integer, Replace) { Default = 2048, Least = 1024, Most = 16384 });
}
