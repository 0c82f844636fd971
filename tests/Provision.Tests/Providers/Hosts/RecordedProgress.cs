using Provision.Engine.Contract;

namespace Provision.Tests.Providers.Hosts;

/// <summary>Keeps what a step reported.</summary>
internal sealed class RecordedProgress : IStepProgress
{
    private readonly List<string> _texts = [];

    public IReadOnlyList<string> Texts
    {
        get
        {
            lock (_texts)
            {
                return [.. _texts];
            }
        }
    }

    public void Report(string text, long? done = null, long? total = null)
    {
        lock (_texts)
        {
            _texts.Add(total is null ? text : $"{text} {done}/{total}");
        }
    }
}
