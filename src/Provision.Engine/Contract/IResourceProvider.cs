using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>
/// One package's code, configured for one endpoint. Calls for different resources run at once; calls for one URN never do.
/// </summary>
/// <remarks>
/// A failed call throws <see cref="ProviderException"/>, which says what was left behind. Check and Diff are pure: they call nobody
/// and run in previews, with unknowns in the inputs. Configuring connects to nothing: the endpoint may be made by the same run.
/// </remarks>
public interface IResourceProvider : IAsyncDisposable
{
    /// <summary>Validates inputs and fills in defaults.</summary>
    CheckResponse Check(CheckRequest request);

    /// <summary>Compares the canonical forms of what the program set with what was last seen; a daemon's own defaults are no change.</summary>
    DiffResponse Diff(DiffRequest request);

    /// <summary>
    /// A text that stands for an output where no resource is made, in the form that such an output has, so that checks take it: a path, a public key. It
    /// must hold <paramref name="name"/>, which names the output.
    /// </summary>
    string StandIn(ResourceType type, PropertyPath output, string name) => name;

    /// <summary>Where and how heavy a step is. <paramref name="operation"/> is create, read, update or delete.</summary>
    WorkSlot SlotOf(ResourceType type, string operation);

    Task<CreateResponse> CreateAsync(CreateRequest request, CancellationToken cancellationToken);

    /// <summary>Looks at many objects at once; answers are in the order of the requests.</summary>
    Task<IReadOnlyList<ReadResponse>> ReadAsync(IReadOnlyList<ReadRequest> requests, CancellationToken cancellationToken);

    /// <summary>Looks for what an interrupted create left; null where there is nothing of ours.</summary>
    Task<FindResponse?> FindAsync(FindRequest request, CancellationToken cancellationToken);

    Task<UpdateResponse> UpdateAsync(UpdateRequest request, CancellationToken cancellationToken);

    /// <summary>Removes the object; one that is gone already is success.</summary>
    Task DeleteAsync(DeleteRequest request, CancellationToken cancellationToken);

    Task<PropertyMap> InvokeAsync(InvokeRequest request, CancellationToken cancellationToken);
}

/// <summary>Makes provider instances of one package out of the inputs of a <c>pulumi:providers:…</c> resource.</summary>
public interface IProviderFactory
{
    string Package { get; }

    CheckResponse CheckConfig(PropertyMap inputs);

    /// <summary>Whether the new configuration means another world, so that everything in it has to be made anew.</summary>
    bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs);

    /// <summary>A configured instance. Connects to nothing yet.</summary>
    IResourceProvider Open(PropertyMap inputs);
}
