using Provision.Engine.Contract;

namespace Provision.Providers.Hosts.Images;

/// <summary>Pure: what a failed program of ours means. It leaves nothing behind: what it made lay beside its place and is removed.</summary>
internal static class ContentFailure
{
    public static ProviderException Of(CommandResult result, string path)
    {
        var said = result.Error.Split('\n').Where(line => line.StartsWith("! ", StringComparison.Ordinal)).Select(line => line[2..].Trim()).LastOrDefault();
        var complaint = result.Complaint();
        bool Says(string text) => result.Error.Contains(text, StringComparison.OrdinalIgnoreCase);
        if (result.ExitCode == ContentScript.NoProgram)
        {
            return Failed(ProviderFailure.Refused, said ?? complaint, "Declare that package before it, or install it.");
        }

        if (result.ExitCode == ContentScript.NoSpace || Says("No space left on device") || Says("Could not allocate"))
        {
            return Failed(
                ProviderFailure.Refused, $"{path} could not be made, for the disk is full: {said ?? complaint}",
                "Free some space on that file system, or choose another folder. What was made so far is removed.");
        }

        if (Says("Read-only file system"))
        {
            return Failed(
                ProviderFailure.Refused, $"{path} could not be made: {said ?? complaint}", "Mount that file system for writing, or choose another folder.");
        }

        if (said is not null)
        {
            return result.ExitCode switch
            {
                ContentScript.NotReached => Failed(
                    ProviderFailure.Unreachable, said, "Check the address and the way to it (proxy, DNS); what came so far is kept, and the next up goes on with it."),
                ContentScript.NoRights => Failed(ProviderFailure.Unauthorized, said, null),
                _ => Failed(ProviderFailure.Refused, said, null),
            };
        }

        return Says("Permission denied")
            ? Failed(
                ProviderFailure.Unauthorized, $"{path} could not be made: {complaint}",
                "Run as root, allow yourself sudo without a password, or choose a folder of yours.")
            : Failed(ProviderFailure.Refused, $"{path} could not be made: {complaint}", "Put right what it says, and run up again.");
    }

    private static ProviderException Failed(ProviderFailure failure, string message, string? remedy) =>
        new(failure, message, remedy, Remainder.Untouched.Value);
}
