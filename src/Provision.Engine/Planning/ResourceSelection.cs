using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Resources;

namespace Provision.Engine.Planning;

/// <summary>
/// Which resources a run may touch: <c>--target</c> and <c>--exclude</c>. A pattern is a URN, a name, or a glob over either, in which
/// <c>*</c> stops at a colon and <c>**</c> does not. Targets win over excludes; the stack, components and providers are always in.
/// </summary>
internal sealed class ResourceSelection(ImmutableArray<string> targets, ImmutableArray<string> excludes)
{
    private readonly ImmutableArray<Pattern> _targets = [.. targets.Select(text => new Pattern(text))];
    private readonly ImmutableArray<Pattern> _excludes = [.. excludes.Select(text => new Pattern(text))];

    public bool IsEverything => _targets.IsEmpty && _excludes.IsEmpty;

    public bool HasTargets => !_targets.IsEmpty;

    public bool Includes(Urn urn, bool custom)
    {
        if (IsEverything || !custom || urn.Type.IsProvider)
        {
            return true;
        }

        return _targets.IsEmpty ? !Matches(_excludes, urn) : Matches(_targets, urn);
    }

    /// <summary>The literal patterns that match none of the resources.</summary>
    public ImmutableArray<string> Unmatched(IReadOnlyCollection<Urn> urns) =>
        [.. _targets.Concat(_excludes).Where(pattern => !pattern.IsGlob && !urns.Any(pattern.Matches)).Select(pattern => pattern.Text)];

    private static bool Matches(ImmutableArray<Pattern> patterns, Urn urn)
    {
        foreach (var pattern in patterns)
        {
            if (pattern.Matches(urn))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Pattern
    {
        private readonly Regex? _glob;

        public Pattern(string text)
        {
            Text = text;
            if (text.Contains('*', StringComparison.Ordinal))
            {
                var regex = Regex.Escape(text).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^:]*", StringComparison.Ordinal);
                _glob = new Regex($"^(?:{regex})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline);
            }
        }

        public string Text { get; }

        public bool IsGlob => _glob is not null;

        public bool Matches(Urn urn) => _glob is null
            ? urn.ToString() == Text || urn.Name == Text
            : _glob.IsMatch(urn.ToString()) || _glob.IsMatch(urn.Name);
    }
}
