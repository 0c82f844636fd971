namespace Provision.Model.Checks;

/// <summary>Timeouts, and paths that can be read.</summary>
internal static class LifecycleChecks
{
    public static void Run(Declared declared, Place place, ProblemList problems)
    {
        if (ReferenceEquals(declared.Lifecycle, Lifecycle.Default))
        {
            return;
        }

        var (timeouts, at) = (declared.Lifecycle.Timeouts, place.Member("Lifecycle"));
        Positive(timeouts.Create, at.Member("Timeouts.Create"), problems);
        Positive(timeouts.Update, at.Member("Timeouts.Update"), problems);
        Positive(timeouts.Delete, at.Member("Timeouts.Delete"), problems);
        foreach (var (paths, member) in new[] { (declared.Lifecycle.IgnoreChanges, "IgnoreChanges"), (declared.Lifecycle.ReplaceOnChanges, "ReplaceOnChanges") })
        {
            for (var i = 0; i < paths.Length; i++)
            {
                var (path, index) = (paths[i], i);
                problems.AddIf(
                    string.IsNullOrWhiteSpace(path) || path.Count(c => c == '[') != path.Count(c => c == ']'),
                    () => StackProblems.Text(at.Index(member, index), $"'{path}' is no property path", "Write one such as memory or labels[0].value."));
            }
        }
    }

    public static void Positive(TimeSpan? time, Place place, ProblemList problems) =>
        problems.AddIf(time is { } given && given <= TimeSpan.Zero, () => StackProblems.Duration(place, time.GetValueOrDefault(), "is not more than nothing"));
}
