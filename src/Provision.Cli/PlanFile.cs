using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Provision.Cli.Commands;
using Provision.Engine;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Cli;

/// <summary>
/// The files of <c>--save-plan</c> and <c>--plan</c>. Secrets in them are encrypted; the salt they need stands beside them, because a stack
/// that was never brought up has none recorded.
/// </summary>
internal static class PlanFile
{
    private const string SaltMember = "encryptionSalt";

    public static async Task WriteAsync(
        string path, Workspace workspace, StackSession session, ModelHashes model, OperationSettings settings, Plan plan, TimeProvider clock, CancellationToken cancellationToken)
    {
        var commit = WorkspaceCommit.Find(workspace.Project.Folder, cancellationToken);
        var header = new PlanHeader
        {
            Stack = session.Stack.Name,
            Project = workspace.Project.Name,
            Model = model,
            Commit = commit?.Id,
            IsDirty = commit?.IsDirty ?? false,
            StateDigest = PlanHeader.DigestOf(session.Snapshot),
            StateSerial = workspace.Backend.Serial(session.Stack),
            ToolVersion = "v" + VersionCommand.Version,
            Time = clock.GetUtcNow(),
            Targets = settings.Targets,
            Excludes = settings.Excludes,
            Replace = settings.Replace,
            TargetDependents = settings.TargetDependents,
            Refresh = settings.Refresh,
            Overrides = [.. settings.Config.Select(setting => setting[..setting.IndexOf('=', StringComparison.Ordinal)])],
        };
        var text = PlanJson.Write(header, plan, session.Secrets);
        if (session.Secrets.State?.Salt is { } salt && JsonNode.Parse(text) is JsonObject document)
        {
            document[SaltMember] = salt;
            text = document.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        }

        OwnFile.Write(Path.GetFullPath(path, workspace.CurrentFolder), Encoding.UTF8.GetBytes(text));
    }

    /// <summary>The plan, where nothing moved since it was made.</summary>
    /// <exception cref="CliException">It cannot be read, or something moved: what, is said.</exception>
    public static SavedPlan Read(string path, Workspace workspace, StackSession session, ModelHashes model)
    {
        var text = Encoding.UTF8.GetString(OwnFile.Read(Path.GetFullPath(path, workspace.CurrentFolder)));
        var saved = Parse(path, text, () =>
        {
            var salt = (JsonNode.Parse(text) as JsonObject)?[SaltMember]?.GetValue<string>();
            return salt is null ? session.Secrets : new PassphraseSecrets(workspace.Passphrase, salt);
        });
        var moved = saved.Header.Moved(session.Stack.Name, workspace.Project.Name, model, session.Snapshot, workspace.Backend.Serial(session.Stack));
        return moved.IsEmpty
            ? saved
            : throw new CliException(ExitCode.Configuration, CliDiagnostics.PlanFile(path, $"since it was made, this has moved: {string.Join("; ", moved)}."));
    }

    /// <summary>The plan as it is, to be looked at: its secrets stay encrypted, and nobody needs what opens them.</summary>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static SavedPlan Show(string path, string folder) =>
        Parse(path, Encoding.UTF8.GetString(OwnFile.Read(Path.GetFullPath(path, folder))), () => SealedSecrets.Instance);

    /// <summary>"2026-11-27 06:00 UTC by v0.1.0 from commit 1a2b3c4".</summary>
    public static string Origin(PlanHeader header) => string.Create(
        CultureInfo.InvariantCulture,
        $"{header.Time.UtcDateTime:yyyy-MM-dd HH:mm} UTC by {header.ToolVersion}{(header.Commit is { } commit ? $" from commit {commit[..Math.Min(7, commit.Length)]}{(header.IsDirty ? " and uncommitted changes" : "")}" : "")}");

    private static SavedPlan Parse(string path, string text, Func<ISecretsProvider> secrets)
    {
        try
        {
            var (header, plan) = PlanJson.Read(text, secrets());
            return new SavedPlan(header, plan);
        }
        catch (Exception exception) when (exception is PlanFormatException or JsonException or InvalidOperationException or ArgumentException)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.PlanFile(path, exception.Message));
        }
    }

    private sealed class SealedSecrets : ISecretsProvider
    {
        public static readonly SealedSecrets Instance = new();

        public SecretsProviderState? State => null;

        public string Encrypt(string plain) => throw new InvalidOperationException("A plan that is only shown is not written.");

        public string Decrypt(string cipher) => throw new InvalidOperationException("A plan is shown without its secrets.");
    }
}

/// <summary>A saved plan, and what it was made of and for.</summary>
internal sealed record SavedPlan(PlanHeader Header, Plan Plan);
