using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;

namespace Provision.Benchmarks;

/// <summary>A look at many defined machines on libvirt's test driver: all in one batch, as up and preview look, against one after another.</summary>
internal static class LibvirtReadCases
{
    private static readonly ResourceType Domain = new("libvirt:index/domain:Domain");

    public static async Task RunAsync(Report report)
    {
        report.Table("A look at defined machines, libvirt's test driver", "machines", "one batch (min – max)", "one by one (min – max)", "times as fast");
        foreach (var count in new[] { 100, 300 })
        {
            await using var provider = new LibvirtProviderFactory(TimeProvider.System, new HostVirtualization(false, "a benchmark")).Open(PropertyMap.Of(("uri", "test:///default")));
            var requests = new List<ReadRequest>();
            for (var i = 0; i < count; i++)
            {
                requests.Add(await MakeAsync(provider, i));
            }

            await provider.ReadAsync(requests, CancellationToken.None);
            var batch = await Measure.RunAsync(9, () => provider.ReadAsync(requests, CancellationToken.None));
            var single = await Measure.RunAsync(5, async () =>
            {
                var found = 0;
                foreach (var request in requests)
                {
                    found += (await provider.ReadAsync([request], CancellationToken.None)).Count;
                }

                return found;
            });
            report.Row(
                count.ToString(CultureInfo.InvariantCulture), Report.Times(batch), Report.Times(single), Report.Number(single.Median / batch.Median));

            // The driver's state lives as long as its process: the next row starts from nothing of ours.
            foreach (var request in requests)
            {
                await provider.DeleteAsync(new DeleteRequest(request.Urn, request.Id, request.Inputs, request.Outputs, null, Silent.Value), CancellationToken.None);
            }
        }
    }

    private static async Task<ReadRequest> MakeAsync(IResourceProvider provider, int i)
    {
        var urn = Urn.Create(BenchStack.Stack, BenchStack.Project, BenchStack.Root, Domain, $"box-{i.ToString("000", CultureInfo.InvariantCulture)}");
        var stamp = PropertyMap.Of(("provision.project", BenchStack.Project), ("provision.stack", BenchStack.Stack), ("provision.urn", urn.ToString()));
        var asked = PropertyMap.Of(("name", urn.Name), ("type", "test"), ("memory", 96), ("vcpu", 1), ("running", false), ("__stamp", stamp));
        var response = provider.Check(new CheckRequest(urn, PropertyMap.Empty, asked));
        if (response.Failures is [var failure, ..])
        {
            throw new InvalidOperationException($"{failure.Path}: {failure.Reason}");
        }

        var made = await provider.CreateAsync(new CreateRequest(urn, response.Inputs, null, Silent.Value), CancellationToken.None);
        return new ReadRequest(urn, made.Id, response.Inputs, made.Outputs);
    }

    private sealed class Silent : IStepProgress
    {
        public static readonly Silent Value = new();

        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
