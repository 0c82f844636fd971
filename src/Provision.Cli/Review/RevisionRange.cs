namespace Provision.Cli.Review;

/// <summary>What to compare, as the command line says it: <c>base</c>, <c>base..head</c>, or <c>base...head</c> from where the two parted.</summary>
/// <param name="Base">The revision before.</param>
/// <param name="Head">The revision after; null for the working tree.</param>
/// <param name="FromMergeBase">Compare with the common ancestor of the two, as a pull request does.</param>
internal sealed record RevisionRange(string Base, string? Head, bool FromMergeBase)
{
    /// <summary>Reads it; null where it names no base. A head that is left out behind dots is <c>HEAD</c>, as with git.</summary>
    public static RevisionRange? Parse(string text)
    {
        var at = text.IndexOf("..", StringComparison.Ordinal);
        if (at < 0)
        {
            return text.Length == 0 ? null : new RevisionRange(text, null, false);
        }

        var dots = text.AsSpan(at).StartsWith("...", StringComparison.Ordinal) ? 3 : 2;
        var head = text[(at + dots)..];
        return at == 0 ? null : new RevisionRange(text[..at], head.Length == 0 ? "HEAD" : head, dots == 3);
    }
}
