using System.CommandLine;
using Provision.Cli.Projects;
using Provision.Engine.State;

namespace Provision.Cli.Commands.Config;

/// <summary><c>provision config set</c>: the value as an argument, or from stdin, where no process list shows it.</summary>
internal sealed class ConfigSetCommand : ProvisionCommand
{
    private readonly ConfigKeyArguments _key = new();
    private readonly Argument<string?> _value = new("value") { Description = "The value; left out, it is read from stdin or asked for", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _secret = new("--secret") { Description = "Encrypt it" };
    private readonly Option<bool> _plaintext = new("--plaintext") { Description = "Do not encrypt it (the default)" };

    public ConfigSetCommand(CommandRunner runner) : base(runner, "set", "Change a setting")
    {
        _key.AddTo(this);
        Add(_value);
        AddAll(_secret, _plaintext);
        Validators.Add(result =>
        {
            if (result.GetValue(_secret) && result.GetValue(_plaintext))
            {
                result.AddError("--secret and --plaintext say opposite things.");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        var path = _key.Read(invocation.Parse, workspace.Project.Name);
        var file = workspace.ConfigOf(stack);
        var isSecret = invocation.Parse.GetValue(_secret);
        var value = invocation.Parse.GetValue(_value) ?? ReadValue(invocation, path, isSecret);
        if (isSecret)
        {
            var secrets = new PassphraseSecrets(workspace.Passphrase, file.EncryptionSalt);
            file = file.Set(path, new ConfigValue.Secure(secrets.Encrypt(value)));
            if (file.EncryptionSalt is null && secrets.EncryptionSalt is { } salt)
            {
                file = file.WithEncryptionSalt(salt);
            }
        }
        else
        {
            file = file.Set(path, Plain(value));
        }

        file.Save();
        return ExitCode.Success;
    }

    // A number stays one in the file, as somebody would write it; all else is text, quoted where it has to be.
    private static ConfigValue.Scalar Plain(string value) => new(value, Quoted: !ConfigValue.IsNumber(value) && value is not ("true" or "false"));

    private static string ReadValue(Invocation invocation, ConfigPath path, bool isSecret)
    {
        if (!invocation.CanAsk)
        {
            var text = invocation.Io.In.ReadToEnd();
            return text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
        }

        invocation.Error.Ask($"{path.ToText()}:");
        return (isSecret ? invocation.Io.ReadHidden() : invocation.Io.In.ReadLine()) ?? "";
    }
}
