using Provision.Engine.Contract;

namespace Provision.Cli.Workloads;

/// <summary>Keeps the last word of how something gets on, for whoever asks.</summary>
internal sealed class LatestWord : IStepProgress
{
    private volatile string? _text;

    public string? Text => _text;

    public void Report(string text, long? done = null, long? total = null) => _text = text;
}
