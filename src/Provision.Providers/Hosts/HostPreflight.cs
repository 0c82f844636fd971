using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>Something that a plan would do to the host.</summary>
/// <param name="Subject">The resource.</param>
/// <param name="What">In words: "install docker.io".</param>
/// <param name="Inputs">What it shall be; null for a delete.</param>
public sealed record HostNeed(Urn Subject, string What, PropertyMap? Inputs);

/// <summary>Says before anything starts whether a plan's work on the host can be done: Check and Diff may ask nobody, this may.</summary>
public static class HostPreflight
{
    /// <summary>Looks at this host and judges the plan's needs. Empty: all can be done.</summary>
    public static async Task<ImmutableArray<Diagnostic>> RunAsync(Plan plan, TimeProvider clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return await RunAsync(NeedsOf(plan.Steps), new LocalTransport(clock), clock, cancellationToken);
    }

    /// <summary>Pure: what the steps would do to the host.</summary>
    public static ImmutableArray<HostNeed> NeedsOf(IEnumerable<PlannedStep> steps) =>
    [
        .. from step in steps
           where step.Custom && step.Urn.Type.Package == HostTypes.PackageName && !step.Urn.Type.IsProvider
           where step.Op is StepOp.Create or StepOp.Replace or StepOp.Update
           let what = Words(step)
           where what is not null
           select new HostNeed(step.Urn, what, step.Inputs),
    ];

    /// <summary>Pure: what is wrong with these needs, none of which the host satisfies already.</summary>
    public static ImmutableArray<Diagnostic> Judge(IEnumerable<HostNeed> needs, HostAccess access)
    {
        ArgumentNullException.ThrowIfNull(needs);
        ArgumentNullException.ThrowIfNull(access);
        return
        [
            .. needs.Select(need =>
                need.Subject.Type == HostTypes.Package && access.Packages == PackageTool.None ? HostDiagnostics.NoPackageTool(need.Subject, need.What)
                : !access.CanBeRoot ? HostDiagnostics.NeedsRoot(need.Subject, need.What, access)
                : null).OfType<Diagnostic>(),
        ];
    }

    internal static async Task<ImmutableArray<Diagnostic>> RunAsync(
        ImmutableArray<HostNeed> needs, IHostTransport transport, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (needs.IsEmpty)
        {
            await transport.DisposeAsync();
            return [];
        }

        var host = new HostSession(transport, clock);
        await using var provider = new HostProvider(host);
        try
        {
            var access = await host.AccessAsync(cancellationToken);
            if (access.CanBeRoot && access.Packages != PackageTool.None)
            {
                return [];
            }

            var open = new List<HostNeed>();
            foreach (var need in needs)
            {
                if (need.Inputs is null || provider.Kind(need.Subject.Type) is not { } kind || !await kind.IsSatisfiedAsync(need.Inputs, cancellationToken))
                {
                    open.Add(need);
                }
            }

            return Judge(open, access);
        }
        catch (Exception exception) when (exception is ProviderException or IOException or TimeoutException)
        {
            return [HostDiagnostics.CannotLook(transport.Address, exception.Message)];
        }
    }

    private static string? Words(PlannedStep step)
    {
        var name = InputReader.Plain(step.Inputs?.Find("name")) is PropertyValue.String { Value: var text } ? text : step.Urn.Name;
        return step.Urn.Type == HostTypes.Package ? $"install {name}"
            : step.Urn.Type == HostTypes.Service ? $"start {name}"
            : step.Urn.Type == HostTypes.RootFileSystem ? $"build the root file system {step.Urn.Name}"
            : step.Urn.Type == HostTypes.BootKernel ? $"fetch the kernel {step.Urn.Name}"
            : step.Urn.Type == HostTypes.DiskImage ? $"make the disk image {step.Urn.Name}"
            : null;
    }
}
