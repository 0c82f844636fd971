using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts;

/// <summary>Against the machine's own apt. The package that comes and goes is <c>hello</c>, which nothing needs.</summary>
public sealed class PackageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_package_of_the_distribution_is_there_afterwards_and_a_second_create_takes_it_as_it_is()
    {
        await HostFacts.NeedPackageAsync("busybox-static", Token);
        await using var world = new HostWorld(HostTypes.Package) { Urn = Urn.Create("test", "provision", null, HostTypes.Package, "another") };
        var inputs = PropertyMap.Of(("name", "busybox-static"), ("keep", false));

        var created = await world.CreateAsync(inputs, Token);
        await world.DeleteAsync(created.Id, inputs, created.Outputs, Token);

        Assert.Equal("apt/busybox-static", created.Id);
        Assert.Equal((PropertyValue)false, created.Outputs["installedByUs"]);
        Assert.IsType<ReadResponse.Found>(await world.ReadAsync(created.Id, inputs, created.Outputs, Token));
    }

    [Fact]
    public async Task A_package_we_installed_is_ours_and_goes_when_it_is_not_kept()
    {
        await using var transport = new LocalTransport(TimeProvider.System);
        await HostFacts.NeedAptAsync(transport, Token);
        await using var world = new HostWorld(HostTypes.Package);
        var inputs = PropertyMap.Of(("name", "hello"), ("keep", false));
        await transport.RunAsync(new HostCommand("apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", "remove", "-y", "hello") { Timeout = TimeSpan.FromMinutes(3) }, Token);
        await transport.DeleteAsync("/var/lib/provision/packages/apt-hello", asRoot: false, Token);

        var created = await world.CreateAsync(inputs, Token);
        var found = await world.Provider.FindAsync(new FindRequest(world.Urn, inputs), Token);
        var kept = inputs.With("keep", true);
        await world.DeleteAsync(created.Id, kept, created.Outputs, Token);
        Assert.IsType<ReadResponse.Found>(await world.ReadAsync(created.Id, inputs, created.Outputs, Token));
        await world.DeleteAsync(created.Id, inputs, created.Outputs, Token);
        await world.DeleteAsync(created.Id, inputs, created.Outputs, Token);

        Assert.Equal((PropertyValue)true, created.Outputs["installedByUs"]);
        Assert.Equal(created.Outputs, found?.Outputs);
        Assert.Same(ReadResponse.Gone.Value, await world.ReadAsync(created.Id, inputs, created.Outputs, Token));
        Assert.Contains(world.Texts, text => text.Contains("Installing hello", StringComparison.Ordinal) || text.Contains("Unpacking hello", StringComparison.Ordinal));
        Assert.False(File.Exists("/var/lib/provision/packages/apt-hello"));
    }

    [Fact]
    public async Task A_package_that_no_source_has_is_an_error_that_says_so()
    {
        await using var transport = new LocalTransport(TimeProvider.System);
        await HostFacts.NeedAptAsync(transport, Token);
        await using var world = new HostWorld(HostTypes.Package);

        var failed = await Assert.ThrowsAsync<ProviderException>(
            () => world.CreateAsync(PropertyMap.Of(("name", "no-such-package-of-provision")), Token));

        Assert.Equal("No package source of this host has no-such-package-of-provision.", failed.Message);
    }
}
