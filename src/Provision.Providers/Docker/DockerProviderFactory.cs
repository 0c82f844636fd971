using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Images;

namespace Provision.Providers.Docker;

/// <summary>Makes providers of the <c>docker</c> package; its configuration is Pulumi's (host, context, certPath, …).</summary>
public sealed class DockerProviderFactory(TimeProvider clock, LocalMachine machine) : IProviderFactory
{
    public DockerProviderFactory(TimeProvider clock)
        : this(clock, LocalMachine.Current())
    {
    }

    public string Package => "docker";

    public CheckResponse CheckConfig(PropertyMap inputs)
    {
        var failures = new List<CheckFailure>();
        _ = DockerEndpoint.Read(inputs, failures);
        return new CheckResponse(inputs, [.. failures]);
    }

    /// <summary>Another daemon is another world; other certificates for the same one are not.</summary>
    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) =>
        DockerEndpoint.Read(oldInputs, [])?.Name is { } before && DockerEndpoint.Read(newInputs, [])?.Name is { } after && before != after;

    public IResourceProvider Open(PropertyMap inputs) => new DockerProvider(Connect(inputs), DockerResources.All(clock, machine, new RegistryCredentials(machine, RegistryAuthSetting.Read(inputs))));

    /// <summary>A connection by a provider resource's inputs; connects to nothing yet.</summary>
    /// <exception cref="ProviderException">The inputs name no daemon that can be spoken to.</exception>
    internal static DockerConnection Connect(PropertyMap inputs)
    {
        var failures = new List<CheckFailure>();
        return DockerEndpoint.Read(inputs, failures) is { } endpoint && failures.Count == 0
            ? new DockerConnection(endpoint)
            : throw new ProviderException(
                ProviderFailure.Refused,
                failures.Count > 0 ? $"The docker provider is not configured: {failures[0].Reason}." : "The docker provider's host is not known yet.",
                failures.Count > 0 ? failures[0].Remedy : "Bring up what the host depends on first.", Remainder.Untouched.Value);
    }
}
