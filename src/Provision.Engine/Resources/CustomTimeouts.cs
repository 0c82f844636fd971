namespace Provision.Engine.Resources;

/// <summary>How long one provider call may take, by kind of call; null leaves it to the provider.</summary>
public sealed record CustomTimeouts(TimeSpan? Create = null, TimeSpan? Update = null, TimeSpan? Delete = null, TimeSpan? Read = null);
