namespace Provision.Model.Fit;

/// <summary>What there is of something, and for how many.</summary>
/// <param name="Fit">The quantity, or the network.</param>
/// <param name="Count">For how many workloads, from the first on, there is room.</param>
internal sealed record Room<T>(T Fit, int Count);
