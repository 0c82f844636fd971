using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Tls;

/// <summary>Makes providers of the <c>tls</c> package, which has no configuration that matters for making keys.</summary>
public sealed class TlsProviderFactory : IProviderFactory
{
    public string Package => "tls";

    public CheckResponse CheckConfig(PropertyMap inputs) => new(inputs, []);

    /// <summary>Keys are in the state and nowhere else: no configuration is another world.</summary>
    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => false;

    public IResourceProvider Open(PropertyMap inputs) => new TlsProvider();
}
