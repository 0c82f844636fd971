using System.Collections.Immutable;
using Provision.Engine.Planning;
using Provision.Engine.State;

namespace Provision.Benchmarks;

/// <summary>Checkpoint, journal, fold and checks, by size.</summary>
internal static class StateCases
{
    public static void Run(Report report)
    {
        report.Table("State", "operation", "size", "time (min – max)", "µs each", "to the size before", "allocated each", "kept");
        double write = 0, read = 0, check = 0, fold = 0, replaced = 0, append = 0, load = 0;
        foreach (var size in new[] { 1_000, 10_000, 100_000 })
        {
            var repetitions = size > 10_000 ? 3 : 7;
            var snapshot = BenchRun.RunAsync(Operation.Up, BenchStack.Goals(size, Shape.Fan), Snapshot.Empty, dryRun: false).GetAwaiter().GetResult().Snapshot;
            var checkpoint = new Checkpoint { Stack = "organization/benchmarks/bench", IsDeployed = true, Snapshot = snapshot };
            var secrets = BenchWorkspace.Secrets.ForWriting(null);
            byte[] Written()
            {
                using var stream = new MemoryStream();
                CheckpointJson.Write(stream, checkpoint, secrets);
                return stream.ToArray();
            }

            var utf8 = Written();
            if (size == 1_000)
            {
                for (var i = 0; i < 10; i++)
                {
                    Written();
                    CheckpointJson.Read(utf8, "checkpoint", BenchWorkspace.Secrets);
                }
            }

            write = Row($"checkpoint written ({Report.Bytes(utf8.Length)})", size, Measure.Run(repetitions, Written), write);
            read = Row("checkpoint read", size, Measure.Run(repetitions, () => CheckpointJson.Read(utf8, "checkpoint", BenchWorkspace.Secrets)), read);
            check = Row("integrity checked", size, Measure.Run(repetitions, () => SnapshotChecks.Run(snapshot)), check);

            var entries = Created(snapshot, size);
            fold = Row("journal entries folded", entries.Length, Measure.Run(repetitions, () => SnapshotFold.Fold(Snapshot.Empty, entries)), fold);
            var replacements = Replaced(snapshot);
            replaced = Row("fold of replacements (mark, put, remove)", replacements.Length, Measure.Run(size > 10_000 ? 1 : 3, () => SnapshotFold.Fold(snapshot, replacements)), replaced);

            using var workspace = new BenchWorkspace();
            append = Row("journal entries appended, 16 a flush", entries.Length, Measure.Run(3, () => Append(workspace, entries)), append);
            var path = Append(workspace, entries);
            load = Row("journal entries read", entries.Length, Measure.Run(repetitions, () => JournalFile.Read(path, "backup", BenchWorkspace.Secrets)), load);
        }

        double Row(string operation, int size, Sample sample, double before)
        {
            var each = sample.Median.TotalMicroseconds / size;
            report.Row(
                operation, Report.Number(size, "#,0").Replace(',', ' '), Report.Times(sample), Report.Number(each, "0.0"),
                before > 0 ? Report.Number(each / before) : "", Report.Bytes((double)sample.Allocated / size), Report.Bytes(sample.Kept));
            return each;
        }
    }

    /// <summary>So many entries as an up of half as many new resources writes.</summary>
    private static ImmutableArray<JournalEntry> Created(Snapshot snapshot, int entries)
    {
        var states = snapshot.Resources.Take(entries / 2);
        return [.. states.SelectMany((state, i) => new JournalEntry[]
        {
            new JournalEntry.Begin(i, PendingKind.Creating, state),
            new JournalEntry.End(i, [new StateChange.Put(state)]),
        })];
    }

    /// <summary>Every resource replaced, all creates before all deletes.</summary>
    private static ImmutableArray<JournalEntry> Replaced(Snapshot snapshot)
    {
        var things = snapshot.Resources.Where(state => state.Type == BenchProvider.Thing).ToList();
        return
        [
            .. things.Select(state => new JournalEntry.Recorded([new StateChange.MarkDelete(state.Urn), new StateChange.Put(state with { Id = state.Id + "-new" })])),
            .. Enumerable.Reverse(things).Select(state => new JournalEntry.Recorded([new StateChange.Remove(state.Urn, state.Id, MarkedDelete: true)])),
        ];
    }

    private static string Append(BenchWorkspace workspace, ImmutableArray<JournalEntry> entries)
    {
        var path = Path.Combine(workspace.Folder, "bench.journal");
        File.Delete(path);
        var header = new JournalHeader("", "up", DateTimeOffset.UnixEpoch, "v0.0.0");
        using var journal = new JournalFile(new StateFiles(), path, header, BenchWorkspace.Secrets.ForWriting(null), () => { });
        foreach (var batch in entries.Chunk(16))
        {
            journal.AppendAsync(batch, CancellationToken.None).GetAwaiter().GetResult();
        }

        return path;
    }
}
