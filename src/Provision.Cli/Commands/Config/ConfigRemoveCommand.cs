namespace Provision.Cli.Commands.Config;

/// <summary><c>provision config rm</c></summary>
internal sealed class ConfigRemoveCommand : ProvisionCommand
{
    private readonly ConfigKeyArguments _key = new();

    public ConfigRemoveCommand(CommandRunner runner) : base(runner, "rm", "Take a setting away")
    {
        Aliases.Add("remove");
        _key.AddTo(this);
    }

    public override async Task<ExitCode> RunAsync(Invocation invocation)
    {
        var workspace = Workspace.Find(invocation);
        var stack = await workspace.ChooseAsync(null, invocation.Token);
        var path = _key.Read(invocation.Parse, workspace.Project.Name);
        var file = workspace.ConfigOf(stack);
        if (file.Find(path) is null)
        {
            throw new CliException(ExitCode.Error, CliDiagnostics.ConfigKeyUnknown(path.ToText(), stack));
        }

        file.Remove(path).Save();
        return ExitCode.Success;
    }
}
