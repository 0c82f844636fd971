using System.Globalization;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.State;

namespace Provision.Cli.Doctor;

/// <summary>What can be told of the workspace: project, stacks, backend, passphrase, locks.</summary>
internal static class WorkspaceChecks
{
    private const long LowSpace = 1L << 30;

    public static async Task<IReadOnlyList<DoctorCheck>> RunAsync(Invocation invocation)
    {
        Workspace workspace;
        try
        {
            workspace = Workspace.Find(invocation);
        }
        catch (WorkspaceException exception)
        {
            var first = exception.Diagnostics[0];
            return [new DoctorCheck("workspace", "project", DoctorStatus.Failed, first.Detail, first.Remedy)];
        }

        var checks = new List<DoctorCheck>
        {
            new("workspace", "project", DoctorStatus.Ok, $"{workspace.Project.Name} in {workspace.Project.Folder}"),
            Stacks(workspace),
        };
        try
        {
            checks.Add(Backend(workspace.Backend));
            checks.Add(Space(workspace.Backend));
            checks.AddRange(await LocksAsync(invocation, workspace));
        }
        catch (StateException exception)
        {
            checks.Add(new DoctorCheck("state", "backend", DoctorStatus.Failed, exception.Diagnostic.Detail, exception.Diagnostic.Remedy));
        }

        checks.Add(new DoctorCheck("state", "passphrase", DoctorStatus.Ok, PassphraseWords.Of(invocation.Io.Environment, workspace.Passphrase)));
        return checks;
    }

    private static DoctorCheck Stacks(Workspace workspace)
    {
        try
        {
            var stacks = StackLoader.ListStacks(workspace.Project);
            return stacks.IsEmpty
                ? new DoctorCheck("workspace", "stacks", DoctorStatus.Warning, "none", "Make one: provision new --list")
                : new DoctorCheck("workspace", "stacks", DoctorStatus.Ok, string.Join(", ", stacks.Take(10)) + (stacks.Length > 10 ? $" and {stacks.Length - 10} more" : ""));
        }
        catch (WorkspaceException exception)
        {
            return new DoctorCheck("workspace", "stacks", DoctorStatus.Failed, exception.Diagnostics[0].Detail, exception.Diagnostics[0].Remedy);
        }
    }

    private static DoctorCheck Backend(FileBackend backend)
    {
        var folder = Existing(backend.StateFolder);
        var probe = Path.Combine(folder, $".provision-{Path.GetRandomFileName()}");
        try
        {
            using (File.Create(probe, 1, FileOptions.DeleteOnClose))
            {
            }

            return new DoctorCheck("state", "backend", DoctorStatus.Ok, backend.StateFolder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new DoctorCheck("state", "backend", DoctorStatus.Failed, $"{folder} cannot be written: {exception.Message}", "Check its owner, its permissions and the free space.");
        }
    }

    private static DoctorCheck Space(FileBackend backend)
    {
        var free = new DriveInfo(Existing(backend.StateFolder)).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free / (double)(1L << 30):0.0} GiB");
        return free < LowSpace
            ? new DoctorCheck("state", "free space", DoctorStatus.Warning, text, "Free some: a full disk stops a run half-way (nothing is lost, but nothing goes on).")
            : new DoctorCheck("state", "free space", DoctorStatus.Ok, text);
    }

    private static async Task<IEnumerable<DoctorCheck>> LocksAsync(Invocation invocation, Workspace workspace)
    {
        var recorded = await workspace.Backend.ListAsync(workspace.Project.Name, invocation.Token);
        DoctorCheck[] findings =
        [
            .. recorded.Where(summary => summary.IsRunning).Select(summary => new DoctorCheck(
                "state", "lock", DoctorStatus.Warning, $"'{summary.Name.Name}' is locked", $"If no run is left: provision cancel {summary.Name.Name}")),
            .. recorded.Where(summary => summary.ResourceCount is null).Select(summary => new DoctorCheck(
                "state", "checkpoint", DoctorStatus.Failed, $"'{summary.Name.Name}' cannot be read", $"See `provision stack -s {summary.Name.Name}`, and the .bak beside it.")),
        ];
        return findings.Length > 0 ? findings : [new DoctorCheck("state", "lock", DoctorStatus.Ok, "no stack is locked")];
    }

    /// <summary>The folder, or the nearest above it that is there.</summary>
    private static string Existing(string folder)
    {
        var at = folder;
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above)
        {
            at = above;
        }

        return at;
    }
}
