using Provision.Engine.Planning;

namespace Provision.Cli.Rendering;

/// <summary>
/// The live display as lines: a headline, what is finished (equal siblings folded), and at the bottom what runs. Pure; as many lines as
/// the terminal is high at most.
/// </summary>
internal static class LiveLayout
{
    public static IReadOnlyList<StyledLine> Lines(ProgressModel model, string headline, DateTimeOffset startedAt, DateTimeOffset now, int height)
    {
        var lines = new List<StyledLine> { Head(model, headline, startedAt, now) };
        if (model.Abandon is { } abandon)
        {
            lines.Add(StyledLine.Of(CancelText.Of(abandon), Tone.Warning));
        }

        // One line stays free: the cursor stands on it.
        var room = Math.Max(1, height - 1 - lines.Count);
        var running = model.Rows.Where(row => row.Status == RowStatus.Running).OrderBy(row => row.Order).Select(row => Running(row, now)).ToArray();
        var finished = Finished(model);
        var low = Math.Min(running.Length, Math.Max(1, room - Math.Min(finished.Count, room / 2)));
        Fit(lines, finished, room - low, last: true);
        Fit(lines, running, low, last: false);
        return lines;
    }

    /// <summary>All that was done, for the end: not cut to the terminal's height.</summary>
    public static IReadOnlyList<StyledLine> Final(ProgressModel model) => Finished(model);

    private static StyledLine Head(ProgressModel model, string headline, DateTimeOffset startedAt, DateTimeOffset now)
    {
        var (done, total) = (model.Count(RowStatus.Done), model.Rows.Count);
        var line = StyledLine.Of(headline, Tone.Headline);
        line = total > 0 ? line.Add($" {done}/{total}") : line.Add($" {model.Phase ?? "planning"}");
        line = model.Count(RowStatus.Failed) is > 0 and var failed ? line.Add($", {failed} failed", Tone.Error) : line;
        return line.Add($"  {DurationText.Whole(now - startedAt)}", Tone.Dim);
    }

    private static List<StyledLine> Finished(ProgressModel model)
    {
        var lines = new List<(int Order, StyledLine Line)>();
        foreach (var group in model.Rows.GroupBy(row => (row.Urn.QualifiedType, row.Pattern, row.Op)))
        {
            ProgressRow[] rows = [.. group];
            var last = rows.Max(row => row.Order);
            if (rows.Length >= FoldLabel.Minimum)
            {
                if (last > 0)
                {
                    lines.Add((last, Folded(rows)));
                }
            }
            else
            {
                lines.AddRange(rows.Where(row => row.Status is RowStatus.Done or RowStatus.Failed or RowStatus.Skipped).Select(row => (row.Order, Single(row))));
            }
        }

        return [.. lines.OrderBy(line => line.Order).Select(line => line.Line)];
    }

    private static StyledLine Folded(ProgressRow[] rows)
    {
        var line = Start(rows[0].Op, FoldLabel.Of([.. rows.Select(row => row.Urn.Name)]), rows[0]).Add("  ");
        var separator = "";
        foreach (var (status, word, tone) in ((RowStatus, string, Tone)[])
        [
            (RowStatus.Done, Finished(rows[0].Op), Tone.Plain),
            (RowStatus.Running, "running", Tone.Info),
            (RowStatus.Waiting, "waiting", Tone.Dim),
            (RowStatus.Skipped, "skipped", Tone.Warning),
            (RowStatus.Failed, "failed", Tone.Error),
        ])
        {
            if (rows.Count(row => row.Status == status) is > 0 and var count)
            {
                line = line.Add(separator).Add($"{count} {word}", tone);
                separator = ", ";
            }
        }

        return line;
    }

    private static string Finished(StepOp op) => op switch
    {
        StepOp.Create or StepOp.Update or StepOp.Replace => "ready",
        _ => OpWords.Done(op),
    };

    private static StyledLine Single(ProgressRow row)
    {
        var line = Start(row.Op, row.Urn.Name, row).Add("  ");
        return row.Status switch
        {
            RowStatus.Failed => line.Add($"**{OpWords.Doing(row.Running)} failed**", Tone.Error).Add($": {row.Text}"),
            RowStatus.Skipped => line.Add("skipped", Tone.Warning).Add($": {row.Text}"),
            _ => line.Add($"{OpWords.Done(row.Op)} ({DurationText.OfStep(row.Duration)})"),
        };
    }

    private static StyledLine Running(ProgressRow row, DateTimeOffset now)
    {
        var line = Start(row.Running, row.Urn.Name, row)
            .Add($"  {OpWords.Doing(row.Running)} {DurationText.Whole(now - row.StartedAt)}", Tone.Info);
        return row.Word is { } word ? line.Add($"  {word}", Tone.Dim) : line;
    }

    private static StyledLine Start(StepOp op, string name, ProgressRow row) =>
        StyledLine.Of($" {OpWords.Mark(op)} ", OpWords.ToneOf(op)).Add(name).Add("  ").Add(row.Urn.Type.Name, Tone.Dim);

    private static void Fit(List<StyledLine> lines, IReadOnlyList<StyledLine> rows, int room, bool last)
    {
        if (rows.Count <= room)
        {
            lines.AddRange(rows);
            return;
        }

        if (room <= 0)
        {
            return;
        }

        var hidden = StyledLine.Of($"    … {rows.Count - room + 1} more", Tone.Dim);
        if (last)
        {
            lines.Add(hidden);
            lines.AddRange(rows.Skip(rows.Count - room + 1));
        }
        else
        {
            lines.AddRange(rows.Take(room - 1));
            lines.Add(hidden);
        }
    }
}
