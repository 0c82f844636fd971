using Provision.Engine.Resources;

namespace Provision.Providers.Lowering;

/// <summary>The stack's key: made once, its private half kept secret in the state, its public half given to every machine.</summary>
internal static class KeyLowering
{
    public static IEnumerable<ResourceGoal> Lower(StackNames names) =>
    [
        new ResourceGoal { Urn = names.KeyProviderUrn, Custom = true, Parent = names.Root },
        new ResourceGoal
        {
            Urn = names.KeyUrn,
            Custom = true,
            Parent = names.Root,
            Provider = names.KeyProviderUrn,
            Inputs = PropertyMap.Of(("algorithm", "ECDSA"), ("ecdsaCurve", "P256")),
            Options = new ResourceOptions { AdditionalSecretOutputs = ["privateKeyOpenssh", "privateKeyPem"] },
        },
    ];

    public static PropertyValue PublicKey(StackNames names) => new PropertyValue.Reference(names.KeyUrn, PropertyPath.Of("publicKeyOpenssh"));
}
