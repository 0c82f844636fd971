using System.Collections.Immutable;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Tests.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Libvirt;

/// <summary>One kind of libvirt object on a connection, driven as the engine drives it.</summary>
internal sealed class Kind(ILibvirtResource resource, LibvirtConnection libvirt)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Urn Urn { get; init; } = Urn.Parse($"urn:pulumi:dev::lab::{resource.Type}::thing");

    public CheckResponse Check(PropertyMap inputs) => resource.Check(libvirt.Endpoint, new CheckRequest(Urn, PropertyMap.Empty, inputs));

    /// <summary>Checks and creates; the inputs are then those that the check completed.</summary>
    public async Task<Made> CreateAsync(PropertyMap inputs)
    {
        var check = Check(inputs);
        Assert.Empty(check.Failures);
        var made = await resource.CreateAsync(libvirt, new CreateRequest(Urn, check.Inputs, null, new RecordedProgress()), Token);
        return new Made(made.Id, check.Inputs, made.Outputs);
    }

    /// <summary>What reality says now; null where it is gone.</summary>
    public async Task<Made?> ReadAsync(Made made) =>
        Assert.Single(await resource.ReadAsync(libvirt, [new ReadRequest(Urn, made.Id, made.Inputs, made.Outputs)], Token)) is ReadResponse.Found found
            ? made with { Id = found.Id, Outputs = found.Outputs }
            : null;

    public DiffResponse Diff(Made made, PropertyMap wanted) => resource.Diff(new DiffRequest(Urn, made.Id, made.Inputs, made.Outputs, Check(wanted).Inputs));

    /// <summary>Brings it to other inputs, which is not to be a replacement.</summary>
    public async Task<Made> UpdateAsync(Made made, PropertyMap wanted)
    {
        var inputs = Check(wanted).Inputs;
        var diff = Diff(made, wanted);
        Assert.False(diff.Replaces);
        var updated = await resource.UpdateAsync(
            libvirt, new UpdateRequest(Urn, made.Id, made.Inputs, made.Outputs, inputs, diff, null, new RecordedProgress()), Token);
        return new Made(made.Id, inputs, updated.Outputs);
    }

    public Task DeleteAsync(Made made) =>
        resource.DeleteAsync(libvirt, new DeleteRequest(Urn, made.Id, made.Inputs, made.Outputs, null, new RecordedProgress()), Token);

    public Task<FindResponse?> FindAsync(PropertyMap inputs) => resource.FindAsync(libvirt, new FindRequest(Urn, Check(inputs).Inputs), Token);

    /// <summary>Reads by id alone, as an import does.</summary>
    public async Task<ReadResponse.Found> ImportAsync(string id) =>
        Assert.IsType<ReadResponse.Found>(Assert.Single(await resource.ReadAsync(libvirt, [new ReadRequest(Urn, id, PropertyMap.Empty, PropertyMap.Empty)], Token)));

    public Kind Named(string name) => new(resource, libvirt) { Urn = Urn.Parse($"urn:pulumi:dev::lab::{resource.Type}::{name}") };

    internal static ImmutableArray<(string, ApplyClass)> Said(DiffResponse diff) => [.. diff.Changes.Select(change => (change.Path.ToString(), change.Apply))];
}

internal sealed record Made(string Id, PropertyMap Inputs, PropertyMap Outputs);
