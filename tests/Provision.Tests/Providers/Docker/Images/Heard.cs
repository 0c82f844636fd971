using Provision.Engine.Contract;

namespace Provision.Tests.Providers.Docker.Images;

/// <summary>Keeps what was told of progress.</summary>
internal sealed class Heard : IStepProgress
{
    public List<(string Text, long? Done, long? Total)> All { get; } = [];

    public void Report(string text, long? done = null, long? total = null) => All.Add((text, done, total));
}
