using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Provision.Engine.State;

/// <summary>
/// Stacks in a folder, laid out as Pulumi's self-managed backend does, so that its CLI works on the same files: checkpoints with their
/// <c>.bak</c>, history, backups, locks and tags below <c>.pulumi</c>. Journals, which are ours alone, lie beside them.
/// </summary>
public sealed partial class FileBackend
{
    private readonly string _root;

    private FileBackend(string url, string root, StateFiles files) => (Url, _root, Files) = (url, root, files);

    public string Url { get; }

    /// <summary>The folder with everything in it.</summary>
    public string StateFolder => Path.Combine(_root, ".pulumi");

    internal StateFiles Files { get; }

    internal string LocksRoot => Path.Combine(StateFolder, "locks");

    /// <summary>The backend of a workspace.</summary>
    /// <param name="configuredUrl"><c>backend.url</c> of Pulumi.yaml; null: state in the workspace.</param>
    /// <param name="environmentUrl"><c>PULUMI_BACKEND_URL</c>, which comes first.</param>
    /// <param name="workspaceFolder">The folder of Pulumi.yaml.</param>
    /// <param name="homeFolder">The user's home.</param>
    /// <exception cref="BackendException">The URL is not of a file backend, or the layout there is another.</exception>
    public static FileBackend Open(string? configuredUrl, string? environmentUrl, string workspaceFolder, string homeFolder) =>
        Open(configuredUrl, environmentUrl, workspaceFolder, homeFolder, new StateFiles());

    internal static FileBackend Open(string? configuredUrl, string? environmentUrl, string workspaceFolder, string homeFolder, StateFiles files)
    {
        var url = environmentUrl is { Length: > 0 } ? environmentUrl : configuredUrl is { Length: > 0 } ? configuredUrl : "file://.";
        var backend = new FileBackend(url, BackendUrl.Resolve(url, workspaceFolder, homeFolder), files);
        backend.CheckLayout();
        return backend;
    }

    public string CheckpointPath(StackName stack) => Path.Combine(StacksFolder(stack.Project), $"{stack.Name}.json");

    public string BackupPath(StackName stack) => CheckpointPath(stack) + ".bak";

    public string JournalPath(StackName stack) => Path.Combine(StateFolder, "journals", stack.Project, $"{stack.Name}.journal");

    internal string LockFolder(StackName stack) => Path.Combine(LocksRoot, "organization", stack.Project, stack.Name);

    private string StacksFolder(string project) => Path.Combine(StateFolder, "stacks", project);

    private string HistoryFolder(StackName stack) => Path.Combine(StateFolder, "history", stack.Project, stack.Name);

    private string BackupsFolder(StackName stack) => Path.Combine(StateFolder, "backups", stack.Project, stack.Name);

    private string TagsPath(StackName stack) => Path.Combine(StacksFolder(stack.Project), $"{stack.Name}.pulumi-tags");

    private string MetaPath => Path.Combine(StateFolder, "meta.yaml");

    public bool Exists(StackName stack) => FindCheckpoint(stack) is not null;

    /// <summary>All stacks, of one project or of all, by name.</summary>
    public Task<ImmutableArray<StackSummary>> ListAsync(string? project, CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<StackSummary>();
        var folders = project is null ? StateFiles.ListFolders(Path.Combine(StateFolder, "stacks")) : [StacksFolder(project)];
        foreach (var folder in folders)
        {
            var names = StateFiles.List(folder, "*.json*")
                .Select(file => CheckpointName().Match(Path.GetFileName(file)))
                .Where(match => match.Success)
                .Select(match => match.Groups[1].Value)
                .Distinct();
            foreach (var name in names)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (StackName.IsValid(name) && StackName.IsValid(Path.GetFileName(folder)))
                    found.Add(Summarise(new StackName(Path.GetFileName(folder), name)));
            }
        }

        return Task.FromResult(found.ToImmutable());
    }

    /// <summary>Makes a stack without resources.</summary>
    /// <exception cref="StackExistsException">There is one of that name.</exception>
    public async Task CreateAsync(StackName stack, LockHolder holder, TimeProvider time, Func<Guid> newId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stack);
        await using var held = await StackLock.AcquireAsync(this, stack, new LockRequest("init", holder), time, newId, cancellationToken);
        if (Exists(stack))
            throw new StackExistsException(StateDiagnostics.StackThere(stack, Url));

        WriteEmpty(stack);
    }

    /// <summary>
    /// Removes a stack: its checkpoint becomes the <c>.bak</c>, its history, tags and journal go. Its resources are not touched, and therefore it is
    /// refused while there are any, unless forced.
    /// </summary>
    public async Task RemoveAsync(
        StackName stack, bool force, LockHolder holder, TimeProvider time, Func<Guid> newId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stack);
        await using var held = await StackLock.AcquireAsync(this, stack, new LockRequest("rm", holder), time, newId, cancellationToken);
        var (path, content) = ReadCheckpoint(stack) ?? throw new StackNotFoundException(StateDiagnostics.StackMissing(stack, Url));
        if (!force)
        {
            var count = CheckpointJson.Read(content, path, new UnopenedSecrets()).Snapshot.Resources.Length;
            if (count > 0)
                throw new StackNotEmptyException(StateDiagnostics.StackHoldsResources(stack, count));
            if (JournalFile.Read(JournalPath(stack), BackupPath(stack), new UnopenedSecrets()) is { Entries.IsEmpty: false })
                throw new StackNotEmptyException(StateDiagnostics.StackHasJournal(stack, JournalPath(stack)));
        }

        // The checkpoint last but for its name: until then a second attempt finds the stack, and goes on.
        Files.Delete(JournalPath(stack));
        Files.DeleteFolder(HistoryFolder(stack));
        Files.Delete(TagsPath(stack));
        Files.Move(path, path + ".bak");
        DeleteVariants(stack, keep: null);
    }

    /// <summary>How many updates a stack's history holds.</summary>
    public int Serial(StackName stack) => StateFiles.List(HistoryFolder(stack), "*.history.json").Count;

    /// <summary>What happened to a stack, newest last. Records that cannot be read are left out.</summary>
    public Task<ImmutableArray<UpdateRecord>> HistoryAsync(StackName stack, CancellationToken cancellationToken)
    {
        var records = ImmutableArray.CreateBuilder<UpdateRecord>();
        foreach (var file in StateFiles.List(HistoryFolder(stack), "*.history.json"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                using var document = JsonDocument.Parse(StateFiles.Read(file) ?? []);
                records.Add(UpdateRecord.Read(document.RootElement));
            }
            catch (JsonException)
            {
                // One torn record is no reason to hide the others.
            }
        }

        return Task.FromResult(records.ToImmutable());
    }

    /// <summary>A stack's tags, as Pulumi keeps them.</summary>
    public ImmutableSortedDictionary<string, string> Tags(StackName stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        var none = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        if (StateFiles.Read(TagsPath(stack)) is not { } content)
            return none;

        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.TryGetProperty("tags", out var tags)
                ? none.AddRange(tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.GetString() ?? "")))
                : none;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointFormatException(StateDiagnostics.CheckpointDamaged(TagsPath(stack), e.Message), e);
        }
    }

    /// <summary>The checkpoint's content and the file it came from; null where there is no such stack.</summary>
    internal (string Path, byte[] Content)? ReadCheckpoint(StackName stack)
    {
        if (FindCheckpoint(stack) is not { } path || StateFiles.Read(path) is not { } content)
            return null;
        if (path.EndsWith(".zst", StringComparison.Ordinal))
            throw new BackendException(StateDiagnostics.CompressionUnsupported(path));

        return (path, path.EndsWith(".gz", StringComparison.Ordinal) ? Decompress(path, content) : content);
    }

    internal void WriteEmpty(StackName stack)
    {
        EnsureLayout();
        Files.Write(CheckpointPath(stack), stream => CheckpointJson.Write(stream, new Checkpoint { Stack = stack.FullName }, new UnopenedSecrets()));
    }

    internal void EnsureLayout()
    {
        if (!File.Exists(MetaPath))
            Files.Write(MetaPath, "version: 1\n"u8.ToArray());
    }

    /// <summary>Stages a checkpoint beside its place; the hash of what was written.</summary>
    internal string Stage(StackName stack, Checkpoint checkpoint, ISecretsProvider secrets)
    {
        using var hash = SHA256.Create();
        Files.Stage(CheckpointPath(stack), stream =>
        {
            using var hashing = new CryptoStream(stream, hash, CryptoStreamMode.Write, leaveOpen: true);
            CheckpointJson.Write(hashing, checkpoint, secrets);
        });
        return Convert.ToHexStringLower(hash.Hash ?? []);
    }

    /// <summary>Keeps the present checkpoint as <c>.bak</c>.</summary>
    internal void Backup(StackName stack)
    {
        if (FindCheckpoint(stack) is { } path)
            Files.Copy(path, path + ".bak");
    }

    /// <summary>Puts the staged checkpoint in its place.</summary>
    internal void Promote(StackName stack)
    {
        var path = CheckpointPath(stack);
        Files.Promote(path);
        DeleteVariants(stack, keep: path);
    }

    /// <summary>Unix nanoseconds that name no record yet.</summary>
    internal long NextStamp(StackName stack, DateTimeOffset time)
    {
        var stamp = (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
        while (File.Exists(Path.Combine(HistoryFolder(stack), $"{stack.Name}-{stamp}.history.json")))
            stamp++;
        return stamp;
    }

    /// <summary>The history record, its copy of the checkpoint, and the backup. Doing it twice gives the same files.</summary>
    internal void Record(StackName stack, long stamp, UpdateRecord record)
    {
        var history = Path.Combine(HistoryFolder(stack), $"{stack.Name}-{stamp}");
        Files.Copy(CheckpointPath(stack), $"{history}.checkpoint.json");
        Files.Write($"{history}.history.json", stream =>
        {
            var json = new CanonicalJsonWriter(stream, indentation: 4);
            record.Write(json);
            json.Flush();
        });
        Files.Copy(CheckpointPath(stack), Path.Combine(BackupsFolder(stack), $"{stack.Name}.{stamp}.json"));
    }

    /// <summary>Takes history and tags along to a new name, then drops the old one. The new checkpoint is there already.</summary>
    internal void MoveBelongings(StackName from, StackName to)
    {
        foreach (var file in StateFiles.List(HistoryFolder(from), "*"))
        {
            var name = Path.GetFileName(file);
            var renamed = name.StartsWith(from.Name + "-", StringComparison.Ordinal) ? to.Name + name[from.Name.Length..] : name;
            Files.Move(file, Path.Combine(HistoryFolder(to), renamed));
        }

        Files.DeleteFolder(HistoryFolder(from));
        if (File.Exists(TagsPath(from)))
            Files.Move(TagsPath(from), TagsPath(to));
        if (FindCheckpoint(from) is { } old)
            Files.Move(old, old + ".bak");
        DeleteVariants(from, keep: null);
    }

    private StackSummary Summarise(StackName stack)
    {
        var running = StateFiles.List(LockFolder(stack), "*.json").Count > 0;
        try
        {
            if (ReadCheckpoint(stack) is not { } read)
                return new StackSummary(stack, null, null, running);

            var checkpoint = CheckpointJson.Read(read.Content, read.Path, new UnopenedSecrets());
            return new StackSummary(
                stack, checkpoint.Snapshot.Resources.Length, Rfc3339.TryParse(checkpoint.Manifest.Time, out var time) ? time : null, running);
        }
        catch (StateException)
        {
            // A list shows the others all the same; opening this stack says what is wrong with it.
            return new StackSummary(stack, null, null, running);
        }
    }

    /// <summary>Of the compression variants, the one written last.</summary>
    private string? FindCheckpoint(StackName stack) => Variants(stack)
        .Where(File.Exists)
        .OrderByDescending(File.GetLastWriteTimeUtc)
        .FirstOrDefault();

    private ImmutableArray<string> Variants(StackName stack)
    {
        var path = CheckpointPath(stack);
        return [path, path + ".gz", path + ".zst"];
    }

    private void DeleteVariants(StackName stack, string? keep)
    {
        foreach (var variant in Variants(stack))
        {
            if (variant != keep)
                Files.Delete(variant);
            // Sums of the content before, by pulumi's file driver, which does without.
            Files.Delete(variant + ".attrs");
        }
    }

    private static byte[] Decompress(string path, byte[] content)
    {
        try
        {
            using var unpacked = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(content), CompressionMode.Decompress);
            gzip.CopyTo(unpacked);
            return unpacked.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw new CheckpointFormatException(StateDiagnostics.CheckpointDamaged(path, e.Message), e);
        }
    }

    private void CheckLayout()
    {
        if (StateFiles.Read(MetaPath) is { } meta)
        {
            var version = MetaVersion().Match(Encoding.UTF8.GetString(meta));
            if (!version.Success || version.Groups[1].Value != "1")
                throw new BackendException(StateDiagnostics.LayoutUnsupported(MetaPath, "this tool knows layout version 1."));
        }
        else if (StateFiles.List(Path.Combine(StateFolder, "stacks"), "*.json").Count > 0)
        {
            throw new BackendException(StateDiagnostics.LayoutUnsupported(StateFolder, "it holds stacks without projects, of layout version 0."));
        }
    }

    [GeneratedRegex(@"^version:\s*(\S+)\s*$", RegexOptions.Multiline)]
    private static partial Regex MetaVersion();

    [GeneratedRegex(@"\A(.+)\.json(\.gz|\.zst)?\z")]
    private static partial Regex CheckpointName();

    /// <summary>For reading and writing where no secret is looked at.</summary>
    private sealed class UnopenedSecrets : ISecretsSource, ISecretsProvider
    {
        public SecretsProviderState? State => null;

        public ISecretsProvider Open(SecretsProviderState recorded) => this;

        public ISecretsProvider ForWriting(SecretsProviderState? recorded) => this;

        public string Encrypt(string plain) => throw new System.Diagnostics.UnreachableException("No secret is written here.");

        public string Decrypt(string cipher) => throw new System.Diagnostics.UnreachableException("No secret is looked at here.");
    }
}
