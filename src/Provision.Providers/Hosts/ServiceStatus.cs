namespace Provision.Providers.Hosts;

/// <summary>The words for how a service is; they are shown as reasons, and equal from look to look.</summary>
internal static class ServiceStatus
{
    public const string Running = "running";
    public const string Stopped = "stopped";
    public const string NotAnswering = "not answering";
}
