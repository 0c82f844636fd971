namespace Provision.Providers.Docker.Images;

/// <summary>Why a build context cannot be used.</summary>
/// <param name="Input">The input at fault, below <c>build</c>: context or dockerfile.</param>
/// <param name="Reason">What is wrong, with the path.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record ContextFault(string Input, string Reason, string Remedy);
