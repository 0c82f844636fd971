using System.Collections.Concurrent;
using Provision.Engine.Contract;

namespace Provision.IntegrationTests.Docker.Images;

/// <summary>Keeps what a provider said of its progress.</summary>
internal sealed class Said : IStepProgress
{
    private readonly ConcurrentQueue<(string Text, long? Done, long? Total)> _all = new();

    public IReadOnlyList<(string Text, long? Done, long? Total)> All => [.. _all];

    public string Text => string.Join('\n', _all.Select(item => item.Text));

    public void Report(string text, long? done = null, long? total = null) => _all.Enqueue((text, done, total));
}
