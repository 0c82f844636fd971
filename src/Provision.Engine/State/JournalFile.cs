using System.Globalization;

namespace Provision.Engine.State;

/// <summary>
/// The journal beside the checkpoint: appended to and brought to disk before a provider is called and after it answered, folded into the
/// checkpoint at the end. Made with its first entry, so that a run that does nothing leaves nothing.
/// </summary>
public sealed class JournalFile : IJournalStorage, IDisposable
{
    private readonly StateFiles _files;
    private readonly JournalHeader _header;
    private readonly ISecretsProvider _secrets;
    private readonly SecretForm _form;
    private readonly Action _beforeWrite;
    private FileStream? _stream;
    private SecretsProviderState? _written;
    private long _length;
    private bool _broken;
    private bool _removed;

    /// <param name="files">Where steps are announced.</param>
    /// <param name="path">The file.</param>
    /// <param name="header">What it is begun for.</param>
    /// <param name="secrets">Encrypts the secrets in the entries.</param>
    /// <param name="beforeWrite">Throws where nothing may be written any more: the lock was lost.</param>
    internal JournalFile(StateFiles files, string path, JournalHeader header, ISecretsProvider secrets, Action beforeWrite) =>
        (_files, Path, _header, _secrets, _form, _beforeWrite) = (files, path, header, secrets, SecretForm.EncryptedBy(secrets), beforeWrite);

    public string Path { get; }

    /// <summary>Reads a journal; null where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="backup">Where the checkpoint before it lies, for errors.</param>
    /// <param name="secrets">Opens the secrets in it.</param>
    /// <exception cref="JournalException">It is damaged, and not just at its end.</exception>
    public static JournalContent? Read(string path, string backup, ISecretsSource secrets) =>
        StateFiles.Read(path) is { } content ? JournalReader.Read(content, path, backup, secrets) : null;

    /// <summary>Goes on with a journal that is there, behind what of it is whole.</summary>
    internal static JournalFile Continue(
        StateFiles files, string path, JournalContent content, JournalHeader header, ISecretsProvider secrets, Action beforeWrite) =>
        new(files, path, content.Header ?? header, secrets, beforeWrite) { _length = new FileInfo(path).Length - content.TornBytes, _written = content.Secrets };

    public async Task AppendAsync(IReadOnlyList<JournalEntry> entries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entries);
        cancellationToken.ThrowIfCancellationRequested();
        if (entries.Count == 0)
            return;

        // One write and one flush for all of them: those who wait for an entry wait for the disk together. Not with the token: half an append is none.
        await Task.Run(
            () =>
            {
                var texts = entries.Select(entry => CanonicalJsonWriter.ToText(json => JournalEntryJson.Write(json, entry, _form)));
                Append($"\"entries\":[{string.Join(',', texts)}]");
            },
            CancellationToken.None);
    }

    /// <summary>Notes that a checkpoint with this hash is about to take its place.</summary>
    internal void MarkCommitted(JournalCommit commit)
    {
        var record = CanonicalJsonWriter.ToText(commit.Record.Write);
        Append(string.Create(
            CultureInfo.InvariantCulture, $"\"committed\":{{\"checkpoint\":\"{commit.ResultHash}\",\"stamp\":{commit.Stamp},\"record\":{record}}}"));
    }

    /// <summary>The checkpoint holds everything: the journal has done its work.</summary>
    internal void Remove()
    {
        Dispose();
        _removed = true;
        _files.Delete(Path);
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    private void Append(string members)
    {
        if (_removed)
            throw new InvalidOperationException("What follows a commit goes into the session's next journal.");

        _beforeWrite();
        if (_broken)
            throw new StateWriteException(StateDiagnostics.WriteFailed(Path, "An earlier write failed and could not be taken back."), null);

        var line = JournalReader.Frame($"{{{Secrets()}{members}}}");
        byte[] bytes = _length == 0 ? [.. JournalReader.Frame(Header()), .. line] : line;
        _files.EnsureFolder(System.IO.Path.GetDirectoryName(Path) ?? "");
        _files.Change("append to", Path, () =>
        {
            var stream = Open();
            try
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }
            catch (IOException)
            {
                TakeBack();
                throw;
            }
        });
        if (_length == 0)
            StateFiles.FlushFolder(System.IO.Path.GetDirectoryName(Path) ?? "");
        _length += bytes.Length;
        _written = _secrets.State;
    }

    private FileStream Open()
    {
        if (_stream is not null)
            return _stream;

        var options = StateFiles.Creation(FileMode.OpenOrCreate);
        // Nothing is held back: what a failed write leaves is in the file, where it can be taken back.
        options.BufferSize = 0;
        _stream = new FileStream(Path, options);
        // What is torn goes; what is whole stays.
        if (_stream.Length != _length)
            _stream.SetLength(_length);
        _stream.Seek(_length, SeekOrigin.Begin);
        return _stream;
    }

    /// <summary>A part of a line must not stay before the next one.</summary>
    private void TakeBack()
    {
        try
        {
            _stream?.SetLength(_length);
            _stream?.Seek(_length, SeekOrigin.Begin);
        }
        catch (IOException)
        {
            _broken = true;
        }
    }

    /// <summary>The first secret of a stack makes its salt, which must be known with it.</summary>
    private string Secrets()
    {
        if (_secrets.State is not { } state || state == _written)
            return "";

        var json = CanonicalJsonWriter.ToText(writer =>
        {
            writer.StartObject();
            CheckpointJson.WriteSecretsProvider(writer, state);
            writer.EndObject();
        });
        return json[1..^1] + ",";
    }

    private string Header() => CanonicalJsonWriter.ToText(json =>
    {
        json.StartObject();
        json.Name("header");
        json.StartObject();
        json.Name("format");
        json.Integer(JournalReader.Format);
        json.Name("base");
        json.String(_header.BaseHash);
        json.Name("operation");
        json.String(_header.Operation);
        json.Name("begun");
        json.String(Rfc3339.Format(_header.Begun));
        json.Name("tool");
        json.String(_header.ToolVersion);
        json.EndObject();
        json.EndObject();
    });
}
