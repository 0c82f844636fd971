using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;

namespace Provision.IntegrationTests.Lab;

/// <summary>What a small machine boots from: kernel and initial ramdisk, and the image that its disk is an overlay of. It serves a page on port 80.</summary>
internal sealed record LabGuest(string Kernel, string Initrd, string Disk)
{
    private static readonly ResourceType KernelType = new("host:index/bootKernel:BootKernel");
    private static readonly ResourceType RootType = new("host:index/rootFileSystem:RootFileSystem");
    private static readonly ResourceType DiskType = new("host:index/diskImage:DiskImage");
    private static readonly SemaphoreSlim Making = new(1, 1);
    private static string? _kernels;

    /// <summary>
    /// Puts the kernel below a folder that is, or stands for, <c>/var/lib/provision</c>: there is no way out of a lab's network to fetch one. It is made by
    /// the real provider once a process, and copied to where it is wanted again. It has a user there, so it stays when a stack goes.
    /// </summary>
    public static async Task PutKernelAsync(string root, CancellationToken cancellationToken)
    {
        await Making.WaitAsync(cancellationToken);
        try
        {
            var kernels = Path.Combine(root, "kernels");
            if (Directory.Exists(_kernels))
            {
                if (!Directory.Exists(kernels))
                {
                    Directory.CreateDirectory(root);
                    (await LabProcess.RunAsync("cp", ["-a", _kernels, kernels], cancellationToken)).Succeeded();
                }

                return;
            }

            await MakeAsync(KernelType, cancellationToken, ("path", kernels));
            _kernels = kernels;
        }
        finally
        {
            Making.Release();
        }
    }

    /// <summary>Makes all of it with the real provider, below a folder that has the kernel.</summary>
    public static async Task<LabGuest> MakeAsync(string root, CancellationToken cancellationToken)
    {
        var kernel = await MakeAsync(KernelType, cancellationToken, ("path", Path.Combine(root, "kernels")));
        var files = await MakeAsync(
            RootType, cancellationToken, ("path", Path.Combine(root, "roots")), ("command", PropertyValue.ListOf(["httpd", "-f", "-p", "80", "-h", "/www"])),
            ("files", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("path", "/www/index.html"), ("content", "tiny"))])));
        var disk = await MakeAsync(DiskType, cancellationToken, ("folder", Path.Combine(root, "images")), ("rootFileSystem", Text(files, "path")));
        return new LabGuest(Text(kernel, "kernel"), Text(kernel, "initrd"), Text(disk, "path"));
    }

    private static async Task<PropertyMap> MakeAsync(ResourceType type, CancellationToken cancellationToken, params Property[] inputs)
    {
        await using var provider = new HostProviderFactory(TimeProvider.System).Open(PropertyMap.Empty);
        return (await provider.CreateAsync(
            new CreateRequest(Urn.Create("lab", "tests", null, type, "guest"), PropertyMap.Of(inputs), null, new NoProgress()), cancellationToken)).Outputs;
    }

    private static string Text(PropertyMap outputs, string name) => outputs.Find(name) is PropertyValue.String { Value: var text } ? text : "";

    private sealed class NoProgress : IStepProgress
    {
        public void Report(string text, long? done = null, long? total = null)
        {
        }
    }
}
