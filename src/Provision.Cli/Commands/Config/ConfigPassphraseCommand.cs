using System.CommandLine;

namespace Provision.Cli.Commands.Config;

/// <summary><c>provision config passphrase --path</c>: where the generated passphrase lies. Never the passphrase itself.</summary>
internal sealed class ConfigPassphraseCommand : ProvisionCommand
{
    private readonly Option<bool> _path = new("--path") { Description = "Print the path alone" };

    public ConfigPassphraseCommand(CommandRunner runner) : base(runner, "passphrase", "Say where the passphrase comes from") => Add(_path);

    public override Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        invocation.WriteText(invocation.Parse.GetValue(_path) ? workspace.Passphrase.GeneratedFilePath : PassphraseWords.Of(invocation.Io.Environment, workspace.Passphrase));
        return Task.FromResult(ExitCode.Success);
    }
}
