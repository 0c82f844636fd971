using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class DnfPackageTests : IAsyncDisposable
{
    private readonly FakeTransport _host = new() { Facts = "uid=1000\nrights=sudo\npackages=dnf\ninit=systemd\n" };
    private readonly HostRequests _docker = new(HostTypes.Package, "docker");
    private readonly PropertyMap _inputs = PropertyMap.Of(("name", "docker.io"), ("names", PropertyMap.Of(("dnf", "moby-engine"))), ("keep", false));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_goes_by_its_name_for_dnf_and_is_installed_as_root()
    {
        _host.On("rpm -q *", "package moby-engine is not installed\n", 1).On("rpm -q *", "moby-engine\t24.0-1.fc40\n")
            .On("dnf install -y --setopt=install_weak_deps=False -- moby-engine");

        var response = await HostRequests.Provider(_host).CreateAsync(_docker.Create(_inputs), Token);

        Assert.Equal("dnf/moby-engine", response.Id);
        Assert.Equal((PropertyValue)"24.0-1.fc40", response.Outputs["version"]);
        Assert.True(Assert.Single(_host.Commands, command => command.File == "dnf").AsRoot);
    }

    [Fact]
    public async Task A_removal_that_something_needs_is_refused()
    {
        _host.On("rpm -q *", "moby-engine\t24\n")
            .On("rpm -e --test -- moby-engine", "", 1, "error: Failed dependencies:\n\tmoby-engine is needed by (installed) lab-1.x86_64\n");

        var refused = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).DeleteAsync(
            _docker.Delete("dnf/moby-engine", _inputs, PropertyMap.Of(("installedByUs", true))), Token));

        Assert.Contains("needed by (installed) lab-1.x86_64", refused.Message, StringComparison.Ordinal);
    }
}
