using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts;

/// <summary>What a test of a real host needs; without it the test is skipped with the reason.</summary>
internal static class HostFacts
{
    public static void NeedRoot() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");

    public static async Task NeedAptAsync(IHostTransport transport, CancellationToken cancellationToken)
    {
        NeedRoot();
        Assert.SkipUnless((await HostAccess.ReadAsync(transport, cancellationToken)).Packages == PackageTool.Apt, "needs apt");
    }

    /// <summary>Makes sure of a small package; it stays.</summary>
    public static async Task NeedPackageAsync(string name, CancellationToken cancellationToken)
    {
        await using var transport = new LocalTransport(TimeProvider.System);
        await NeedAptAsync(transport, cancellationToken);
        using var apt = new AptPackages(new HostSession(transport, TimeProvider.System));
        if ((await apt.InstalledAsync([name], cancellationToken)).Count == 0)
        {
            await apt.InstallAsync([new WantedPackage(name, null)], TimeSpan.FromMinutes(5), new SilentProgress(), cancellationToken);
        }
    }

    private sealed class SilentProgress : Engine.Contract.IStepProgress
    {
        public void Report(string text, long? done, long? total)
        {
        }
    }
}
