using System.CommandLine;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;

namespace Provision.Cli.Commands;

/// <summary><c>provision import</c>: takes an existing object into the state.</summary>
internal sealed class ImportCommand : ProvisionCommand
{
    private readonly Argument<string> _type = new("type") { Description = "Its type, such as docker:index/container:Container" };
    private readonly Argument<string> _name = new("name") { Description = "The name it gets here" };
    private readonly Argument<string> _id = new("id") { Description = "Its id or name at the provider" };
    private readonly Option<string?> _provider = new("--provider") { Description = "The recorded provider that finds it, where there are several", HelpName = "name" };
    private readonly Option<bool?> _protect = new("--protect") { Description = "Protect it (default: yes)", HelpName = "true|false", Arity = ArgumentArity.ZeroOrOne };
    private readonly OperationOptions _options = new();

    public ImportCommand(CommandRunner runner) : base(runner, "import", "Take an existing object into a stack's state")
    {
        Add(_type);
        Add(_name);
        Add(_id);
        AddAll(_provider, _protect, _options.Yes, _options.SkipPreview, _options.Json, _options.Diff, _options.Message, _options.LockTimeout);
        _type.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var token }] && token.Split(':').Length < 3)
            {
                result.AddError($"'{token}' is no type: write package:module:Name, such as docker:index/container:Container.");
            }
        });
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var settings = _options.Read(invocation.Parse);
        Questions.RefuseWithoutTerminal(invocation, settings.NeedsNoAnswer);
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        ResourceGoal goal;
        await using (var session = await workspace.OpenAsync(stack, "import", write: false, invocation.Token, create: true))
        {
            goal = GoalOf(invocation.Parse, session.Snapshot, stack, workspace.Project.Name);
        }

        return await new OperationFlow(invocation, workspace, settings, Operation.Import)
        {
            Words = new OperationWords("import", "resource-import", "Nothing to import: it is in the state already."),
        }.RunAsync(stack, [goal]);
    }

    private ResourceGoal GoalOf(ParseResult parse, Snapshot snapshot, string stack, string project)
    {
        var type = new ResourceType(parse.GetRequiredValue(_type));
        var providers = snapshot.Resources.Where(state => state.Type == ResourceType.ProviderOf(type.Package) && !state.Delete).ToArray();
        var wanted = parse.GetValue(_provider) is { } name ? [.. providers.Where(state => state.Urn.Name == name)] : providers;
        if (wanted is not [var provider])
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.ProviderUnclear(type.Package, [.. providers.Select(state => state.Urn.Name)]));
        }

        var root = Urn.OfStack(stack, project);
        return new ResourceGoal
        {
            Urn = Urn.Create(stack, project, root, type, parse.GetRequiredValue(_name)),
            Custom = true,
            Parent = root,
            Provider = provider.Urn,
            Options = new ResourceOptions { ImportId = parse.GetRequiredValue(_id), Protect = parse.GetValue(_protect) ?? true },
        };
    }
}
