using System.CommandLine;
using Provision.Cli.Rendering;
using Provision.Engine.Resources;

namespace Provision.Cli.Commands.Stacks;

/// <summary><c>provision stack output [name]</c></summary>
internal sealed class StackOutputCommand : ProvisionCommand
{
    private readonly Argument<string?> _name = new("name") { Description = "One output, bare", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<bool> _json = new("--json", "-j") { Description = "Machine output" };
    private readonly Option<bool> _shell = new("--shell") { Description = "As lines that a shell can read: name='value'" };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Show secrets in clear" };

    public StackOutputCommand(CommandRunner runner) : base(runner, "output", "Show a stack's outputs")
    {
        Add(_name);
        AddAll(_json, _shell, _showSecrets);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "output", write: false, invocation.Token, create: true);
        var outputs = StackOutputs.Of(session.Snapshot);
        var showSecrets = invocation.Parse.GetValue(_showSecrets);
        if (invocation.Parse.GetValue(_name) is { } name)
        {
            var value = outputs.Find(name) ?? throw new CliException(ExitCode.Error, CliDiagnostics.OutputUnknown(name, [.. outputs.Keys]));
            invocation.WriteText(invocation.Parse.GetValue(_json) ? Json(writer => PropertyJson.Write(writer, value, showSecrets)) : Bare(value, showSecrets));
        }
        else if (invocation.Parse.GetValue(_json))
        {
            invocation.WriteText(Json(writer => PropertyJson.Write(writer, outputs, showSecrets)));
        }
        else if (invocation.Parse.GetValue(_shell))
        {
            foreach (var (key, value) in outputs)
            {
                invocation.WriteText($"{ShellName(key)}='{Bare(value, showSecrets).Replace("'", "'\\''", StringComparison.Ordinal)}'");
            }
        }
        else if (outputs.Count == 0)
        {
            invocation.Error.Line("The stack has no outputs.");
        }
        else
        {
            invocation.Out.Lines(SummaryView.OutputLines(showSecrets ? Revealed(outputs) : outputs));
        }

        return ExitCode.Success;
    }

    private static string Json(Action<System.Text.Json.Utf8JsonWriter> content) => JsonText.Write(content);

    /// <summary>Text as it is, all else as JSON: for scripts that want one value.</summary>
    private static string Bare(PropertyValue value, bool showSecrets) => value switch
    {
        PropertyValue.Secret secret => showSecrets ? Bare(secret.Reveal(), showSecrets) : ValueText.Secret,
        PropertyValue.String text => text.Value,
        _ => Json(writer => PropertyJson.Write(writer, value, showSecrets)),
    };

    private static PropertyMap Revealed(PropertyMap map) => map.WithValues((_, value) => Revealed(value));

    private static PropertyValue Revealed(PropertyValue value) => value switch
    {
        PropertyValue.Secret secret => Revealed(secret.Reveal()),
        PropertyValue.Map map => Revealed(map.Properties),
        PropertyValue.List list => list.WithItems(Revealed),
        _ => value,
    };

    // What is no letter, digit or underscore cannot stand in a shell variable's name.
    private static string ShellName(string key) =>
        string.Concat(key.Select((character, at) => char.IsAsciiLetter(character) || (at > 0 && char.IsAsciiDigit(character)) ? character : '_'));
}
