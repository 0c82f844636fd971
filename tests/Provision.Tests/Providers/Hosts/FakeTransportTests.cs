using Provision.Providers.Hosts;

namespace Provision.Tests.Providers.Hosts;

public sealed class FakeTransportTests : HostTransportContract
{
    private protected override IHostTransport Transport { get; } = new FakeTransport();

    protected override string Folder => "/folder";
}
