using System.Collections.Immutable;
using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>A rejected input. An empty path means the resource as a whole.</summary>
public sealed record CheckFailure(PropertyPath Path, string Reason, string? Remedy = null);

/// <summary>Validate and default inputs. In a preview the inputs may hold unknowns.</summary>
public sealed record CheckRequest(Urn Urn, PropertyMap OldInputs, PropertyMap NewInputs);

public sealed record CheckResponse(PropertyMap Inputs, ImmutableArray<CheckFailure> Failures)
{
    /// <summary>What a person should know before it is made, beside its inputs: "plain emulation: this processor offers no virtualisation".</summary>
    public string? Remark { get; init; }

    /// <summary>Which inputs are sizes.</summary>
    public ImmutableArray<SizedInput> Sizes { get; init; } = [];
}

/// <summary>Compare what is (<paramref name="OldOutputs"/>, as last read) with what shall be (<paramref name="NewInputs"/>).</summary>
public sealed record DiffRequest(Urn Urn, string Id, PropertyMap OldInputs, PropertyMap OldOutputs, PropertyMap NewInputs);

public sealed record CreateRequest(Urn Urn, PropertyMap Inputs, TimeSpan? Timeout, IStepProgress Progress);

public sealed record CreateResponse(string Id, PropertyMap Outputs);

/// <summary>Look at one object. Many are asked for at once, so that a provider can answer them with a few list calls.</summary>
public sealed record ReadRequest(Urn Urn, string Id, PropertyMap Inputs, PropertyMap Outputs);

/// <summary>What was seen.</summary>
public abstract record ReadResponse
{
    private ReadResponse()
    {
    }

    /// <param name="Id">The id, which may have become canonical.</param>
    /// <param name="Outputs">Everything seen.</param>
    /// <param name="Inputs">Inputs that would make it; required for an import, otherwise null to keep the recorded ones.</param>
    public sealed record Found(string Id, PropertyMap Outputs, PropertyMap? Inputs = null) : ReadResponse;

    /// <summary>It does not exist. Only ever answered on the endpoint's own typed word: a doubt is an exception.</summary>
    public sealed record Gone : ReadResponse
    {
        public static readonly Gone Value = new();
    }
}

/// <summary>Look for the object that an interrupted create of this URN may have left, by stamp and by the inputs' physical name.</summary>
public sealed record FindRequest(Urn Urn, PropertyMap Inputs)
{
    /// <summary>The resource's object that is recorded already, where it was being replaced: it is not the one looked for.</summary>
    public string? KnownId { get; init; }
}

/// <summary>What an interrupted create left.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Outputs">Everything seen.</param>
/// <param name="Complete">False where it was cut short: it is then deleted and made again.</param>
public sealed record FindResponse(string Id, PropertyMap Outputs, bool Complete);

public sealed record UpdateRequest(
    Urn Urn, string Id, PropertyMap OldInputs, PropertyMap OldOutputs, PropertyMap NewInputs, DiffResponse Diff, TimeSpan? Timeout, IStepProgress Progress);

public sealed record UpdateResponse(PropertyMap Outputs);

public sealed record DeleteRequest(Urn Urn, string Id, PropertyMap Inputs, PropertyMap Outputs, TimeSpan? Timeout, IStepProgress Progress);

public sealed record InvokeRequest(string Token, PropertyMap Arguments);

/// <summary>Takes word of how a running step gets on. Never blocks the provider.</summary>
public interface IStepProgress
{
    /// <param name="text">What happens or is waited for, with what was seen: "waiting for health: starting, 3 s".</param>
    /// <param name="done">How much of <paramref name="total"/> is done (bytes, layers); null where it cannot be counted.</param>
    /// <param name="total">The whole; null where unknown.</param>
    void Report(string text, long? done = null, long? total = null);
}

/// <summary>Where and how heavy a step is: at most <paramref name="Limit"/> steps of one class run at one endpoint.</summary>
/// <param name="Endpoint">The daemon or host, such as <c>unix:///var/run/docker.sock</c>.</param>
/// <param name="CostClass">Pull, build, clone, boot, package or API call: the provider's word.</param>
/// <param name="Limit">How many at once.</param>
public readonly record struct WorkSlot(string Endpoint, string CostClass, int Limit);
