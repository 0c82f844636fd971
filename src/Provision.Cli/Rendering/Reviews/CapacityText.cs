using Provision.Cli.Review;

namespace Provision.Cli.Rendering.Reviews;

/// <summary>How much of a quantity.</summary>
internal static class CapacityText
{
    public static string Of(double amount, bool isBytes) => isBytes ? ByteText.Rounded(amount) : ReviewWords.Number(amount);
}
