using System.Collections.Concurrent;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

/// <summary>Provider references and the configured instances behind them, opened once each.</summary>
internal sealed class ProviderInstances(IReadOnlyList<IProviderFactory> factories) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<ProviderReference, (PropertyMap Inputs, IResourceProvider Provider)> _open = new();
    private readonly ConcurrentBag<IResourceProvider> _superseded = [];

    public IProviderFactory? FactoryOf(string package) => factories.FirstOrDefault(factory => factory.Package == package);

    /// <summary>The instance behind a reference; null before <see cref="Open"/> made it.</summary>
    public IResourceProvider? Find(ProviderReference? reference) =>
        reference is { } known && _open.TryGetValue(known, out var instance) ? instance.Provider : null;

    /// <summary>Makes the reference stand for an instance with these inputs; one with equal inputs is kept. Null where nobody provides the package.</summary>
    public IResourceProvider? Open(ProviderReference reference, PropertyMap inputs)
    {
        if (_open.TryGetValue(reference, out var instance) && instance.Inputs.Equals(inputs))
        {
            return instance.Provider;
        }

        if (FactoryOf(reference.Urn.Type.Package) is not { } factory)
        {
            return null;
        }

        if (instance.Provider is not null)
        {
            _superseded.Add(instance.Provider);
        }

        var opened = factory.Open(inputs);
        _open[reference] = (inputs, opened);
        return opened;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _open.Values.Select(instance => instance.Provider).Concat(_superseded))
        {
            await provider.DisposeAsync();
        }
    }
}
