using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class HostPreflightTests : IAsyncDisposable
{
    private readonly FakeTransport _host = new() { Facts = "uid=1000\npackages=apt\ninit=systemd\n" };

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_rights_a_package_to_install_is_an_error_that_says_what_for()
    {
        _host.On("dpkg-query -W *", "", 1);

        var diagnostic = Assert.Single(await RunAsync(Step(HostTypes.Package, StepOp.Create, PropertyMap.Of(("name", "docker.io")))));

        Assert.Equal("PROV2101", diagnostic.Code);
        Assert.Equal(
            "needs root or passwordless sudo to install docker.io on this host; you are uid 1000 and sudo is not there or asks for a password",
            diagnostic.Detail);
    }

    [Fact]
    public async Task What_is_satisfied_already_needs_no_rights()
    {
        _host.Programs["dockerd"] = "/usr/bin/dockerd";

        Assert.Empty(await RunAsync(
            Step(HostTypes.Package, StepOp.Create, PropertyMap.Of(("name", "docker.io"), ("command", "dockerd"))),
            Step(HostTypes.Package, StepOp.Same, PropertyMap.Of(("name", "tini"))),
            Step(new ResourceType("docker:index/network:Network"), StepOp.Create, PropertyMap.Empty)));
    }

    [Fact]
    public async Task Root_needs_a_package_manager_all_the_same()
    {
        _host.Facts = "uid=0\nrights=root\n";

        Assert.Equal("PROV2102", Assert.Single(await RunAsync(Step(HostTypes.Package, StepOp.Create, PropertyMap.Of(("name", "tini"))))).Code);
    }

    [Fact]
    public async Task With_sudo_or_root_all_can_be_done_and_the_host_is_asked_once()
    {
        _host.Facts = "uid=1000\nrights=sudo\npackages=dnf\n";

        Assert.Empty(await RunAsync(Step(HostTypes.Package, StepOp.Create, PropertyMap.Of(("name", "tini")))));
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task A_host_that_does_not_tell_what_it_is_is_an_error_and_no_exception()
    {
        _host.Facts = "";

        Assert.Equal("PROV2103", Assert.Single(await RunAsync(Step(HostTypes.Package, StepOp.Create, PropertyMap.Of(("name", "tini"))))).Code);
    }

    [Theory]
    [InlineData("ssh://ops@lab-01", "SSH hosts are not available in this version; the host provider works on the machine it runs on")]
    [InlineData("lab-01", "'lab-01' is not the address of a host")]
    public void Only_this_machine_is_a_host_today(string address, string reason)
    {
        var response = new HostProviderFactory(TimeProvider.System).CheckConfig(PropertyMap.Of(("address", address)));

        Assert.Equal(new CheckFailure(PropertyPath.Of("address"), reason), Assert.Single(response.Failures) with { Remedy = null });
    }

    [Fact]
    public async Task The_slots_are_the_hosts_and_packages_wait_in_a_queue_of_their_own()
    {
        await using var provider = new HostProviderFactory(TimeProvider.System).Open(PropertyMap.Empty);

        Assert.Equal(new WorkSlot("local", "package", 64), provider.SlotOf(HostTypes.Package, "create"));
        Assert.Equal(new WorkSlot("local", "look", 8), provider.SlotOf(HostTypes.Package, "read"));
    }

    private static PlannedStep Step(ResourceType type, StepOp op, PropertyMap inputs) =>
        new() { Op = op, Urn = Urn.Create("dev", "lab", null, type, "it"), Custom = true, Inputs = inputs };

    private async Task<System.Collections.Immutable.ImmutableArray<Provision.Engine.Diagnostics.Diagnostic>> RunAsync(params PlannedStep[] steps) =>
        await HostPreflight.RunAsync(HostPreflight.NeedsOf(steps), _host, TimeProvider.System, Token);
}
