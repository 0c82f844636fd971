using System.CommandLine;
using Provision.Cli.Rendering;

namespace Provision.Cli.Commands.State;

/// <summary><c>provision state get</c>: one resource as recorded, as JSON.</summary>
internal sealed class StateGetCommand : ProvisionCommand
{
    private readonly Argument<string> _resource = new("resource") { Description = "URN or name" };
    private readonly Option<bool> _showSecrets = new("--show-secrets") { Description = "Show secrets in clear" };

    public StateGetCommand(CommandRunner runner) : base(runner, "get", "Show one resource as it is recorded")
    {
        Add(_resource);
        Add(_showSecrets);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        await using var session = await workspace.OpenAsync(stack, "state get", write: false, invocation.Token, create: true, skipChecks: true);
        var state = ResourceLookup.Find(session.Snapshot, invocation.Parse.GetRequiredValue(_resource), "resource", _ => true);
        var showSecrets = invocation.Parse.GetValue(_showSecrets);
        invocation.WriteText(JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("urn", state.Urn.ToString());
            writer.WriteString("type", state.Type.Token);
            writer.WriteBoolean("custom", state.Custom);
            writer.WriteString("id", state.Id);
            writer.WriteString("parent", state.Parent?.ToString());
            writer.WriteString("provider", state.Provider?.ToString());
            writer.WriteBoolean("protect", state.Protect);
            writer.WriteBoolean("retainOnDelete", state.RetainOnDelete);
            writer.WriteStartArray("dependencies");
            foreach (var dependency in state.Dependencies)
            {
                writer.WriteStringValue(dependency.ToString());
            }

            writer.WriteEndArray();
            writer.WritePropertyName("inputs");
            PropertyJson.Write(writer, state.Inputs, showSecrets);
            writer.WritePropertyName("outputs");
            PropertyJson.Write(writer, showSecrets ? state.Outputs : SecretMask.HideLike(state.Outputs, state.Inputs), showSecrets);
            writer.WriteEndObject();
        }));
        return ExitCode.Success;
    }
}
