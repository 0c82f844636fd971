using Provision.Cli.Doctor;

namespace Provision.Cli.Rendering;

/// <summary>Findings by category, each with its fix.</summary>
internal static class DoctorView
{
    public static IEnumerable<StyledLine> Lines(IReadOnlyList<DoctorCheck> checks)
    {
        foreach (var category in checks.GroupBy(check => check.Category))
        {
            yield return StyledLine.Of(category.Key, Tone.Strong);
            foreach (var check in category)
            {
                var (mark, tone) = check.Status switch
                {
                    DoctorStatus.Ok => ("ok  ", Tone.Create),
                    DoctorStatus.Warning => ("warn", Tone.Warning),
                    _ => ("FAIL", Tone.Error),
                };
                yield return StyledLine.Of("    ").Add(mark, tone).Add($"  {check.Name}: {check.Message}");
                if (check.Fix is { } fix)
                {
                    yield return StyledLine.Of("          fix: ", Tone.Dim).Add(fix);
                }
            }
        }
    }
}
