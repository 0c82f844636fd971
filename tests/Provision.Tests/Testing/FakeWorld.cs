using System.Collections.Concurrent;
using Provision.Engine.Resources;

namespace Provision.Tests.Testing;

/// <summary>A thing that exists in the fake world.</summary>
internal sealed record FakeThing(Urn Urn, PropertyMap Outputs, bool Complete = true);

/// <summary>
/// What the fake provider acts on: survives runs, can be changed behind the engine's back, told to fail, and asked what was done to it.
/// </summary>
internal sealed class FakeWorld
{
    private readonly ConcurrentQueue<string> _acts = new();
    private int _lastSerial;

    public ConcurrentDictionary<string, FakeThing> Things { get; } = new();

    /// <summary>Every call that changed something, "create web" and so on, in order.</summary>
    public IReadOnlyList<string> Acts => [.. _acts];

    public int ReadCalls { get; private set; }

    /// <summary>Thrown instead of acting, where it gives an exception for "create", "read", "update" or "delete" and the resource's name.</summary>
    public Func<string, string, Exception?> Failing { get; set; } = (_, _) => null;

    /// <summary>Awaited before acting; lets a test hold a step.</summary>
    public Func<string, string, CancellationToken, Task> Holding { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Called after an act: a test may look at what was recorded by then.</summary>
    public Action<string, Urn> Acting { get; set; } = (_, _) => { };

    public int Limit { get; set; } = int.MaxValue;

    public string NextId() => $"thing-{Interlocked.Increment(ref _lastSerial)}";

    public void Acted(string act) => _acts.Enqueue(act);

    public void ForgetActs()
    {
        _acts.Clear();
        ReadCalls = 0;
    }

    public void CountRead() => ReadCalls++;

    /// <summary>The one thing of that name, whatever its id.</summary>
    public (string Id, FakeThing Thing) Named(string name) =>
        Things.Where(thing => thing.Value.Urn.Name == name).Select(thing => (thing.Key, thing.Value)).Single();

    public void Remove(string name) => Things.TryRemove(Named(name).Id, out _);

    public void Change(string name, string property, PropertyValue value)
    {
        var (id, thing) = Named(name);
        Things[id] = thing with { Outputs = thing.Outputs.With(property, value) };
    }
}
