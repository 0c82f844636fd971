using System.Collections.Immutable;
using Provision.Cli.Commands;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine;
using Provision.Engine.State;
using EngineStackName = Provision.Engine.State.StackName;

namespace Provision.Cli;

/// <summary>The workspace a command runs in: its project, its backend, its stacks and what opens their secrets.</summary>
internal sealed class Workspace
{
    private readonly Invocation _invocation;
    private readonly Lazy<FileBackend> _backend;

    private Workspace(Invocation invocation, ProjectFile project)
    {
        (_invocation, Project) = (invocation, project);
        var environment = invocation.Io.Environment;
        var home = environment("HOME") is { Length: > 0 } folder ? folder : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        Passphrase = new PassphraseSource(PassphraseEnvironment.Read(environment, home));
        _backend = new Lazy<FileBackend>(() => FileBackend.Open(project.BackendUrl, environment("PULUMI_BACKEND_URL"), project.Folder, home));
    }

    public ProjectFile Project { get; }

    /// <summary>What relative paths on the command line start from.</summary>
    public string CurrentFolder => _invocation.Io.CurrentFolder;

    public FileBackend Backend => _backend.Value;

    public PassphraseSource Passphrase { get; }

    /// <summary>The workspace around the invocation's folder.</summary>
    /// <exception cref="ProjectNotFoundException">There is none.</exception>
    public static Workspace Find(Invocation invocation) => new(invocation, ProjectFile.Find(invocation.Folder));

    public EngineStackName NameOf(string stack) => EngineStackName.Parse(stack, Project.Name);

    /// <summary>Stacks that somebody declared: by a settings file or by a definition. Compiles nothing.</summary>
    public ImmutableSortedSet<string> DeclaredStacks() => [.. StackLoader.ListStacks(Project)];

    /// <summary>Declared and recorded stacks.</summary>
    public async Task<ImmutableSortedSet<string>> StacksAsync(CancellationToken cancellationToken)
    {
        var recorded = await Backend.ListAsync(Project.Name, cancellationToken);
        return DeclaredStacks().Union(recorded.Select(summary => summary.Name.Name));
    }

    /// <summary>The stack that the argument or <c>--stack</c> names, or the only one there is.</summary>
    /// <exception cref="CliException">None, several, or one that does not exist.</exception>
    public async Task<string> ChooseAsync(string? argument, CancellationToken cancellationToken)
    {
        var option = _invocation.StackOption;
        if (argument is not null && option is not null && argument != option)
        {
            throw new CliException(ExitCode.Configuration, CliDiagnostics.StackNamedTwice(argument, option));
        }

        ImmutableArray<string> stacks = [.. await StacksAsync(cancellationToken)];
        if ((argument ?? option) is { } named)
        {
            var name = Projects.StackName.Check(NameOf(named).Name);
            return stacks.Contains(name)
                ? name
                : throw new CliException(ExitCode.StackNotFound, CliDiagnostics.StackUnknown(name, stacks, Suggestion.For(name, stacks)));
        }

        return stacks switch
        {
            [var only] => only,
            [] => throw new CliException(ExitCode.StackNotFound, CliDiagnostics.NoStack(Project.Folder)),
            _ => throw new CliException(ExitCode.Configuration, CliDiagnostics.StackAmbiguous(stacks)),
        };
    }

    public StackConfigFile ConfigOf(string stack) => StackConfigFile.Load(Project, stack);

    public ISecretsSource SecretsOf(string stack) => new PassphraseStackSecrets(Passphrase, ConfigOf(stack).EncryptionSalt);

    /// <summary>Opens a stack's state: with its lock, to change it, or only to read it.</summary>
    public async Task<StackSession> OpenAsync(
        string stack, string operation, bool write, CancellationToken cancellationToken, bool create = false, bool skipChecks = false, TimeSpan lockTimeout = default)
    {
        var session = await StackSession.OpenAsync(
            Backend,
            NameOf(stack),
            new SessionRequest
            {
                Operation = operation,
                Write = write,
                Create = create,
                SkipChecks = skipChecks,
                LockTimeout = lockTimeout,
                ToolVersion = "v" + VersionCommand.Version,
            },
            SecretsOf(stack),
            _invocation.Clock,
            _invocation.Composition.NewId,
            cancellationToken);
        foreach (var note in session.RecoveryNotes)
        {
            _invocation.Show(note);
        }

        return session;
    }
}
