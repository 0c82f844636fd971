using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;

namespace Provision.Tests.Providers.Hosts;

/// <summary>Requests about one resource, the short way.</summary>
internal sealed class HostRequests(ResourceType type, string name = "it")
{
    public Urn Urn { get; } = Urn.Create("dev", "lab", null, type, name);

    public RecordedProgress Progress { get; } = new();

    public static HostProvider Provider(IHostTransport transport, TimeProvider? clock = null) => new(new HostSession(transport, clock ?? TimeProvider.System));

    public CheckRequest Check(PropertyMap inputs) => new(Urn, PropertyMap.Empty, inputs);

    public CreateRequest Create(PropertyMap inputs, TimeSpan? timeout = null) => new(Urn, inputs, timeout, Progress);

    public ReadRequest Read(string id, PropertyMap inputs, PropertyMap outputs) => new(Urn, id, inputs, outputs);

    public DiffRequest Diff(string id, PropertyMap old, PropertyMap outputs, PropertyMap wanted) => new(Urn, id, old, outputs, wanted);

    public UpdateRequest Update(string id, PropertyMap old, PropertyMap outputs, PropertyMap wanted, DiffResponse diff) =>
        new(Urn, id, old, outputs, wanted, diff, null, Progress);

    public DeleteRequest Delete(string id, PropertyMap inputs, PropertyMap outputs, TimeSpan? timeout = null) => new(Urn, id, inputs, outputs, timeout, Progress);

    public FindRequest Find(PropertyMap inputs) => new(Urn, inputs);
}
