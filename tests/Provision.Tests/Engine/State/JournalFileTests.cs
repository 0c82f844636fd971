using Provision.Engine.Resources;
using Provision.Engine.State;
using Xunit;

namespace Provision.Tests.Engine.State;

public sealed class JournalFileTests : IDisposable
{
    private static readonly JournalHeader Header = new("abc", "up", new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "v0.1.0");

    private readonly TempFolder _folder = new();
    private readonly TestSecrets _secrets = new();

    public void Dispose() => _folder.Dispose();

    private string FilePath => _folder["journals", "dev.journal"];

    private static readonly IReadOnlyList<IReadOnlyList<JournalEntry>> Batches =
    [
        [new JournalEntry.Begin(1, PendingKind.Creating, States.Container("a")), new JournalEntry.Begin(2, PendingKind.Deleting, States.Container("b"))],
        [new JournalEntry.End(1, [new StateChange.Put(States.Container("a"), States.UrnOf("old")), new StateChange.MarkDelete(States.UrnOf("x"))])],
        [
            new JournalEntry.End(2, [new StateChange.Remove(States.UrnOf("b"), "id-b", true)]),
            new JournalEntry.Recorded([new StateChange.MarkPendingReplacement(States.UrnOf("y"))]),
            new JournalEntry.PendingSettled(States.UrnOf("z"), []),
        ],
    ];

    [Fact]
    public async Task What_was_appended_is_read_back()
    {
        await WriteAsync();

        var content = Read();

        Assert.Equal(Header, content?.Header);
        Assert.Equal(Texts(Batches.SelectMany(batch => batch)), Texts(content?.Entries ?? []));
        Assert.Equal(0, content?.TornBytes);
        Assert.Equal("600", Modes.Of(FilePath));
        Assert.Equal("700", Modes.Of(Path.GetDirectoryName(FilePath) ?? ""));
    }

    [Fact]
    public async Task Of_every_prefix_the_whole_appends_are_kept_and_the_torn_end_is_measured()
    {
        await WriteAsync();
        var whole = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        var ends = Enumerable.Range(0, whole.Length).Where(at => whole[at] == '\n').Select(at => at + 1).ToList();
        for (var length = 0; length <= whole.Length; length++)
        {
            var kept = ends.Where(end => end <= length).ToList();

            var content = JournalReader.Read(whole.AsSpan(0, length), "j", "b", _secrets);

            Assert.Equal(Texts(Batches.Take(Math.Max(0, kept.Count - 1)).SelectMany(batch => batch)), Texts(content.Entries));
            Assert.Equal(length - kept.LastOrDefault(), content.TornBytes);
            Assert.Equal(kept.Count > 0, content.Header is not null);
        }
    }

    [Fact]
    public async Task A_byte_changed_before_whole_lines_is_refused_wherever_it_is()
    {
        await WriteAsync();
        var whole = await File.ReadAllBytesAsync(FilePath, TestContext.Current.CancellationToken);
        var lastLine = Array.LastIndexOf(whole, (byte)'\n', whole.Length - 2) + 1;
        for (var at = 0; at < lastLine; at++)
        {
            var damaged = whole.ToArray();
            damaged[at] ^= 0x20;

            var error = Assert.Throws<JournalException>(() => JournalReader.Read(damaged, "dev.journal", "dev.json.bak", _secrets));

            Assert.Equal("PROV1233", error.Diagnostic.Code);
            Assert.Contains("dev.journal", error.Message, StringComparison.Ordinal);
            Assert.Contains("dev.json.bak", error.Remedy, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_journal_with_a_torn_end_goes_on_behind_what_is_whole()
    {
        await WriteAsync();
        await File.AppendAllTextAsync(FilePath, "0badc0de 999 {\"entr", TestContext.Current.CancellationToken);
        var content = Read() ?? throw new InvalidOperationException();
        Assert.Equal(19, content.TornBytes);

        using (var journal = JournalFile.Continue(new StateFiles(), FilePath, content, Header, _secrets, () => { }))
            await journal.AppendAsync([new JournalEntry.Recorded([])], TestContext.Current.CancellationToken);

        Assert.Equal(7, Read()?.Entries.Length);
        Assert.Equal(0, Read()?.TornBytes);
    }

    [Fact]
    public async Task Secrets_are_encrypted_and_open_again_with_the_journals_own_salt()
    {
        var source = new PassphraseStackSecrets(new PassphraseSource(new PassphraseEnvironment("p", null, _folder["config"])), null);
        var state = States.Container("a") with { Inputs = PropertyMap.Of(("key", new PropertyValue.Secret("hush-hush"))) };
        using (var journal = new JournalFile(new StateFiles(), FilePath, Header, source.ForWriting(null), () => { }))
            await journal.AppendAsync([new JournalEntry.Begin(1, PendingKind.Creating, state)], TestContext.Current.CancellationToken);

        Assert.DoesNotContain("hush-hush", await File.ReadAllTextAsync(FilePath, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var reopened = new PassphraseStackSecrets(new PassphraseSource(new PassphraseEnvironment("p", null, _folder["config"])), null);
        var begin = Assert.IsType<JournalEntry.Begin>(Assert.Single(JournalFile.Read(FilePath, "b", reopened)?.Entries ?? []));
        Assert.Equal("hush-hush", Assert.IsType<PropertyValue.Secret>(begin.Resource.Inputs["key"]).Reveal());
    }

    [Fact]
    public async Task Nothing_is_made_before_the_first_entry()
    {
        using var journal = new JournalFile(new StateFiles(), FilePath, Header, _secrets, () => { });
        await journal.AppendAsync([], TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(_folder["journals"]));
        Assert.Null(Read());
    }

    [Fact]
    public async Task A_full_disk_is_said_to_be_one_and_names_a_remedy()
    {
        using var journal = new JournalFile(new StateFiles(), "/dev/full", Header, _secrets, () => { });

        var error = await Assert.ThrowsAsync<StateWriteException>(() => journal.AppendAsync(Batches[0], TestContext.Current.CancellationToken));

        Assert.Equal("PROV1221", error.Diagnostic.Code);
        Assert.NotNull(error.Remedy);
    }

    [Fact]
    public async Task A_journal_of_another_format_is_refused()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath) ?? "");
        await File.WriteAllBytesAsync(
            FilePath, JournalReader.Frame("""{"header":{"format":2,"base":"","operation":"","begun":"","tool":""}}"""), TestContext.Current.CancellationToken);

        Assert.Contains("format 2", Assert.Throws<JournalException>(Read).Message, StringComparison.Ordinal);
    }

    private async Task WriteAsync()
    {
        using var journal = new JournalFile(new StateFiles(), FilePath, Header, _secrets, () => { });
        foreach (var batch in Batches)
            await journal.AppendAsync(batch, TestContext.Current.CancellationToken);
    }

    private JournalContent? Read() => JournalFile.Read(FilePath, "backup", _secrets);

    private IEnumerable<string> Texts(IEnumerable<JournalEntry> entries) =>
        entries.Select(entry => CanonicalJsonWriter.ToText(json => JournalEntryJson.Write(json, entry, SecretForm.EncryptedBy(_secrets))));
}
