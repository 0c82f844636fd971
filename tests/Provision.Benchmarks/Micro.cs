using BenchmarkDotNet.Attributes;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Benchmarks;

/// <summary>The small operations that everything else is made of.</summary>
[MemoryDiagnoser]
public class Micro
{
    private readonly Urn _urn = Urn.Parse("urn:pulumi:bench::benchmarks::lab:index:Room$docker:index/container:Container::web-000001");
    private readonly Urn _same = Urn.Parse("urn:pulumi:bench::benchmarks::lab:index:Room$docker:index/container:Container::web-000001");
    private PropertyMap _inputs = PropertyMap.Empty;
    private PropertyMap _other = PropertyMap.Empty;
    private ResourceState? _state;

    [GlobalSetup]
    public void Prepare()
    {
        _inputs = BenchStack.Goals(1, Shape.Flat)[2].Inputs;
        _other = BenchStack.Goals(1, Shape.Flat)[2].Inputs;
        _state = BenchRun.RunAsync(Operation.Up, BenchStack.Goals(1, Shape.Flat), Snapshot.Empty, dryRun: false).GetAwaiter().GetResult().Snapshot.Resources[^1];
    }

    [Benchmark]
    public string UrnName() => _urn.Name;

    [Benchmark]
    public bool UrnIsProvider() => _urn.Type.IsProvider;

    [Benchmark]
    public int UrnHash() => _urn.GetHashCode() ^ _same.GetHashCode();

    [Benchmark]
    public PropertyMap MapWith() => _inputs.With("id", "thing-1");

    [Benchmark]
    public bool MapEquals() => _inputs.Equals(_other);

    [Benchmark]
    public string StateWritten() => _state is { } state ? CanonicalJsonWriter.ToText(json => ResourceJson.Write(json, state, SecretForm.Shown)) : "";
}
