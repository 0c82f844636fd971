using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;

namespace Provision.IntegrationTests.Lab;

/// <summary>The kernel of tiny machines, made by the real provider once a process and copied into each lab that wants it.</summary>
internal static class LabKernel
{
    private static readonly ResourceType Type = new("host:index/bootKernel:BootKernel");
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static string? _made;

    /// <summary>Puts it below a folder that is, or stands for, <c>/var/lib/provision</c>. It has a user there, so it stays when a stack goes.</summary>
    public static async Task PutAsync(string root, CancellationToken cancellationToken)
    {
        await Making.WaitAsync(cancellationToken);
        try
        {
            var kernels = Path.Combine(root, "kernels");
            if (Directory.Exists(kernels) && kernels == _made || File.Exists(Path.Combine(root, ".kernels")))
            {
                return;
            }

            if (_made is not null && Directory.Exists(_made))
            {
                Directory.CreateDirectory(kernels);
                (await LabProcess.RunAsync("cp", ["-a", $"{_made}/.", kernels], cancellationToken)).Succeeded();
            }
            else
            {
                await MakeAsync(kernels, cancellationToken);
                _made = kernels;
            }

            await File.WriteAllTextAsync(Path.Combine(root, ".kernels"), "", cancellationToken);
        }
        finally
        {
            Making.Release();
        }
    }

    private static async Task MakeAsync(string kernels, CancellationToken cancellationToken)
    {
        await using var provider = new HostProviderFactory(TimeProvider.System).Open(PropertyMap.Empty);
        await provider.CreateAsync(
            new CreateRequest(Urn.Create("lab", "tests", null, Type, "kernel"), PropertyMap.Of(("path", kernels)), null, new NoProgress()), cancellationToken);
    }

    private sealed class NoProgress : IStepProgress
    {
        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
