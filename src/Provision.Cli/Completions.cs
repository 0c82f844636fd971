using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.State;
using System.CommandLine.Completions;

namespace Provision.Cli;

/// <summary>Words that depend on the workspace: stacks from its files, resources from recorded states. Nothing is built, nobody is asked, and whatever is wrong gives no words.</summary>
internal sealed class Completions(IoContext io, GlobalOptions globals)
{
    public IEnumerable<string> Stacks(CompletionContext context) => Quietly(() => (IEnumerable<string>)StackLoader.ListStacks(Project(context)));

    public IEnumerable<string> Containers(CompletionContext context) => Resources(context, state => state.Type == ContainerReach.Container);

    public IEnumerable<string> Resources(CompletionContext context) => Resources(context, state => !state.Type.IsProvider);

    private IEnumerable<string> Resources(CompletionContext context, Func<Engine.Resources.ResourceState, bool> isWanted) => Quietly(() =>
    {
        var project = Project(context);
        var backend = FileBackend.Open(project.BackendUrl, io.Environment("PULUMI_BACKEND_URL"), project.Folder, io.Environment("HOME") ?? project.Folder);
        var named = context.ParseResult.GetValue(globals.Stack);
        IEnumerable<string> stacks = named is not null ? [named] : StackLoader.ListStacks(project);
        return stacks
            .Select(stack => Path.Combine(backend.StateFolder, "stacks", project.Name, $"{stack}.json"))
            .Where(File.Exists)
            .SelectMany(path => CheckpointJson.Read(File.ReadAllBytes(path), path, NoSecrets.Instance).Snapshot.Resources)
            .Where(isWanted)
            .Select(state => state.Urn.Name)
            .Distinct()
            .Order(StringComparer.Ordinal);
    });

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
