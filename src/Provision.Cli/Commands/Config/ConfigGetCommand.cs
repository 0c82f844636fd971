using System.CommandLine;
using Provision.Cli.Rendering;

namespace Provision.Cli.Commands.Config;

/// <summary><c>provision config get</c>: one value, bare; a secret in clear, for that is what was asked for.</summary>
internal sealed class ConfigGetCommand : ProvisionCommand
{
    private readonly ConfigKeyArguments _key = new();
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };

    public ConfigGetCommand(CommandRunner runner) : base(runner, "get", "Show one setting; a secret in clear")
    {
        _key.AddTo(this);
        Add(_json);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        var file = workspace.ConfigOf(stack);
        var path = _key.Read(invocation.Parse, workspace.Project.Name);
        var value = file.Find(path) ?? throw new CliException(ExitCode.Error, CliDiagnostics.ConfigKeyUnknown(path.ToText(), stack));
        var reveal = ConfigCommand.Reveal(workspace, file, showSecrets: true);
        invocation.WriteText(invocation.Parse.GetValue(_json)
            ? JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("value", value.ToText(reveal));
                writer.WriteBoolean("secret", value.HasSecret);
                writer.WriteEndObject();
            })
            : value.ToText(reveal));
        return ExitCode.Success;
    }
}
