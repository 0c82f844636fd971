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

    public static void Write(
        string path, Workspace workspace, StackSession session, string modelHash, OperationSettings settings, Plan plan, TimeProvider clock)
    {
        var header = new PlanHeader
        {
            Stack = session.Stack.Name,
            Project = workspace.Project.Name,
            ModelHash = modelHash,
            StateDigest = PlanHeader.DigestOf(session.Snapshot),
            ToolVersion = "v" + VersionCommand.Version,
            Time = clock.GetUtcNow(),
            Targets = settings.Targets,
            Excludes = settings.Excludes,
            Replace = settings.Replace,
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
    public static Plan Read(string path, Workspace workspace, StackSession session, string modelHash)
    {
        var text = Encoding.UTF8.GetString(OwnFile.Read(Path.GetFullPath(path, workspace.CurrentFolder)));
        try
        {
            var salt = (JsonNode.Parse(text) as JsonObject)?[SaltMember]?.GetValue<string>();
            var secrets = salt is null ? session.Secrets : new PassphraseSecrets(workspace.Passphrase, salt);
            var (header, plan) = PlanJson.Read(text, secrets);
            var moved = header.Moved(session.Stack.Name, workspace.Project.Name, modelHash, session.Snapshot);
            return moved.IsEmpty
                ? plan
                : throw new CliException(ExitCode.Configuration, CliDiagnostics.PlanFile(path, $"since it was made, this has moved: {string.Join("; ", moved)}."));
        }
        catch (Exception exception) when (exception is PlanFormatException or JsonException or InvalidOperationException)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.PlanFile(path, exception.Message));
        }
    }
}
