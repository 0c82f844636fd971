namespace Provision.Cli.Doctor;

internal enum DoctorStatus
{
    Ok,
    Warning,
    Failed,
}

/// <summary>One finding about the environment.</summary>
/// <param name="Category">What it is about.</param>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">Failed: something will not work. Warning: something may not.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">What to do; null where nothing need be done.</param>
internal sealed record DoctorCheck(string Category, string Name, DoctorStatus Status, string Message, string? Fix = null);
