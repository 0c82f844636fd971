using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Cli.Workloads;
using Provision.Engine.Resources;
using Provision.Engine.State;
using System.CommandLine.Completions;

namespace Provision.Cli;

/// <summary>Words that depend on the workspace: stacks from its files, resources from recorded states. Nothing is built, nobody is asked, and whatever is wrong gives no words.</summary>
internal sealed class Completions(IoContext io, GlobalOptions globals)
{
    public IEnumerable<string> Stacks(CompletionContext context) => Quietly(() => (IEnumerable<string>)StackLoader.ListStacks(Project(context)));

    public IEnumerable<string> Resources(CompletionContext context) => Quietly(() =>
        Recorded(context).SelectMany(stack => stack.States).Where(state => !state.Type.IsProvider).Select(state => state.Urn.Name).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Machines or containers (both where no kind is given), with their stack's name in front where several stacks have some.</summary>
    public Func<CompletionContext, IEnumerable<string>> Workloads(WorkloadKind? kind) => context => Quietly(() =>
    {
        var stacks = Recorded(context)
            .Select(stack => (stack.Name, Workloads: stack.States.Select(Workload.Of).OfType<Workload>().Where(workload => kind is null || workload.Kind == kind).ToArray()))
            .Where(stack => stack.Workloads.Length > 0)
            .ToArray();
        var isQualified = stacks.Length > 1 || context.WordToComplete.Contains('/', StringComparison.Ordinal);
        return stacks
            .SelectMany(stack => stack.Workloads.Select(workload => isQualified ? $"{stack.Name}/{workload.Name}" : workload.Name))
            .Distinct()
            .Order(StringComparer.Ordinal);
    });

    /// <summary>The states of the stack that is named, else of all.</summary>
    private IEnumerable<(string Name, IEnumerable<ResourceState> States)> Recorded(CompletionContext context)
    {
        var project = Project(context);
        var backend = FileBackend.Open(project.BackendUrl, io.Environment("PULUMI_BACKEND_URL"), project.Folder, io.Environment("HOME") ?? project.Folder);
        var named = context.ParseResult.GetValue(globals.Stack);
        IEnumerable<string> stacks = named is not null ? [named] : StackLoader.ListStacks(project);
        return stacks
            .Select(stack => (Name: stack, Path: Path.Combine(backend.StateFolder, "stacks", project.Name, $"{stack}.json")))
            .Where(stack => File.Exists(stack.Path))
            .Select(stack => (stack.Name, (IEnumerable<ResourceState>)CheckpointJson.Read(File.ReadAllBytes(stack.Path), stack.Path, NoSecrets.Instance).Snapshot.Resources));
    }

    private ProjectFile Project(CompletionContext context) => ProjectFile.Find(Path.GetFullPath(context.ParseResult.GetValue(globals.Folder) ?? ".", io.CurrentFolder));

    private static IEnumerable<string> Quietly(Func<IEnumerable<string>> words)
    {
        try
        {
            return [.. words()];
        }
        catch (Exception exception) when (exception is WorkspaceException or StateException or IOException or UnauthorizedAccessException)
        {
            // A shell is waiting for words, not for a message.
            return [];
        }
    }

    /// <summary>Names alone are read: nothing is decrypted.</summary>
    private sealed class NoSecrets : ISecretsSource, ISecretsProvider
    {
        public static readonly NoSecrets Instance = new();

        public SecretsProviderState? State => null;

        public ISecretsProvider Open(SecretsProviderState recorded) => this;

        public ISecretsProvider ForWriting(SecretsProviderState? recorded) => this;

        public string Encrypt(string plain) => throw new System.Diagnostics.UnreachableException();

        public string Decrypt(string cipher) => throw new System.Diagnostics.UnreachableException();
    }
}
