using System.CommandLine;
using Provision.Cli.Projects;
using Provision.Cli.Rendering;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Config;

/// <summary><c>provision config</c>: the settings of a stack; its verbs change them.</summary>
internal sealed class ConfigCommand : ProvisionCommand
{
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Show secrets in clear" };

    public ConfigCommand(CommandRunner runner) : base(runner, "config", "Show and change a stack's settings")
    {
        AddAll(_json, _showSecrets);
        Add(new ConfigGetCommand(runner));
        Add(new ConfigSetCommand(runner));
        Add(new ConfigRemoveCommand(runner));
        Add(new ConfigPassphraseCommand(runner));
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        var file = workspace.ConfigOf(stack);
        var reveal = Reveal(workspace, file, invocation.Parse.GetValue(_showSecrets));
        if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(file, reveal));
            return ExitCode.Success;
        }

        if (file.Config.IsEmpty)
        {
            invocation.Error.Line($"'{stack}' has no settings ({file.ShownAs}).");
            return ExitCode.Success;
        }

        var width = Math.Max("KEY".Length, file.Config.Keys.Max(key => Short(key, file).Length));
        invocation.Out.Line(StyledLine.Of("KEY", Tone.Strong).PadTo(width + 2).Add("VALUE", Tone.Strong));
        foreach (var (key, value) in file.Config)
        {
            invocation.Out.Line(StyledLine.Of(Short(key, file)).PadTo(width + 2).Add(value.ToText(reveal)));
        }

        return ExitCode.Success;
    }

    /// <summary>Turns ciphertext into what is shown.</summary>
    public static Func<string, string> Reveal(Workspace workspace, StackConfigFile file, bool showSecrets)
    {
        var secrets = new PassphraseSecrets(workspace.Passphrase, file.EncryptionSalt);
        return showSecrets ? secrets.Decrypt : _ => ValueText.Secret;
    }

    /// <summary>The key as <c>config set</c> takes it: without the project's own namespace.</summary>
    private static string Short(ConfigKey key, StackConfigFile file) => key.Namespace == file.Project ? key.Name : key.ToString();

    private static string Json(StackConfigFile file, Func<string, string> reveal) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        foreach (var (key, value) in file.Config)
        {
            writer.WriteStartObject(key.ToString());
            writer.WriteString("value", value.ToText(reveal));
            if (value is ConfigValue.Map or ConfigValue.List)
            {
                writer.WritePropertyName("objectValue");
                value.WriteJson(writer, reveal);
            }

            writer.WriteBoolean("secret", value.HasSecret);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });
}
