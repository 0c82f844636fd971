namespace Provision.Cli.Rendering;

/// <summary>What the two stages of a cancellation are called.</summary>
internal static class CancelText
{
    public static string Of(bool abandon) => abandon
        ? "Abandoning what runs; the journal tells the next run where to look."
        : "Stopping: nothing new is started, what runs is finished and recorded. Once more abandons it.";
}
