using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>Makes providers of the <c>libvirt</c> package; its configuration is Pulumi's, the URI alone. The environment is not asked.</summary>
/// <param name="clock">What waits go by.</param>
/// <param name="virtualization">Whether this machine can run guests on its processor.</param>
public sealed class LibvirtProviderFactory(TimeProvider clock, HostVirtualization virtualization) : IProviderFactory
{
    public string Package => "libvirt";

    public CheckResponse CheckConfig(PropertyMap inputs)
    {
        var failures = new List<CheckFailure>();
        _ = LibvirtEndpoint.Read(inputs, failures);
        return new CheckResponse(inputs, [.. failures]);
    }

    /// <summary>Another URI is another world.</summary>
    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) =>
        LibvirtEndpoint.Read(oldInputs, [])?.Uri is { } before && LibvirtEndpoint.Read(newInputs, [])?.Uri is { } after && before != after;

    public IResourceProvider Open(PropertyMap inputs) => new LibvirtProvider(Connect(inputs, clock), LibvirtResources.All(clock, virtualization));

    /// <summary>A connection by a provider resource's inputs; connects to nothing yet.</summary>
    /// <exception cref="ProviderException">The inputs name no libvirt that can be spoken to.</exception>
    internal static LibvirtConnection Connect(PropertyMap inputs, TimeProvider clock)
    {
        var failures = new List<CheckFailure>();
        return LibvirtEndpoint.Read(inputs, failures) is { } endpoint && failures.Count == 0
            ? new LibvirtConnection(endpoint, clock)
            : throw new ProviderException(
                ProviderFailure.Refused,
                failures.Count > 0 ? $"The libvirt provider is not configured: {failures[0].Reason}." : "The libvirt provider's URI is not known yet.",
                failures.Count > 0 ? failures[0].Remedy : "Bring up what the URI depends on first.", Remainder.Untouched.Value);
    }
}
