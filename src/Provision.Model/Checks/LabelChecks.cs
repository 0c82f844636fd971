namespace Provision.Model.Checks;

/// <summary>Labels and owners: they end up in the daemon's labels, of which a part is ours.</summary>
internal static class LabelChecks
{
    public const string Reserved = "provision.";

    public static void Run(string? owner, Map<string> labels, Place place, ProblemList problems)
    {
        problems.AddIf(
            owner is not null && (string.IsNullOrWhiteSpace(owner) || owner.Length > 200 || owner.Any(char.IsControl)),
            () => StackProblems.Text(place.Member("Owner"), "An owner is one line of 1 to 200 characters", "Write a name or a mail address, or leave it out."));
        foreach (var label in labels.Keys)
        {
            var at = place.Key("Labels", label);
            problems.AddIf(label.StartsWith(Reserved, StringComparison.Ordinal), () => StackProblems.ReservedLabel(at, label));
            problems.AddIf(
                string.IsNullOrWhiteSpace(label) || label.Any(char.IsControl),
                () => StackProblems.Text(at, "The name of a label is empty or has a control character in it", "Use a name such as course."));
        }
    }
}
