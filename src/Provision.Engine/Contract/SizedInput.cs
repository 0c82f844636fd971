using Provision.Engine.Resources;

namespace Provision.Engine.Contract;

/// <summary>An input whose numbers are a size, so that people are shown it in larger units.</summary>
/// <param name="Path">Which; with wildcards.</param>
/// <param name="Unit">How many bytes one is: <see cref="Bytes"/> or <see cref="Mebibytes"/>.</param>
public sealed record SizedInput(PropertyPath Path, long Unit)
{
    public const long Bytes = 1;

    public const long Mebibytes = 1 << 20;
}
