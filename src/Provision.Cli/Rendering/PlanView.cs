using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Cli.Rendering;

/// <summary>How much of a plan is shown.</summary>
/// <param name="Diff">Also what created and deleted resources are made of.</param>
/// <param name="ShowSames">Also what does not change.</param>
internal sealed record PlanViewOptions(bool Diff = false, bool ShowSames = false);

/// <summary>A plan as text: the tree of what changes, why, and property by property.</summary>
internal static class PlanView
{
    private const int NameColumn = 44;

    /// <summary>The headline, the tree, the outputs that change, and the counts.</summary>
    public static IEnumerable<StyledLine> Lines(Plan plan, string stack, PlanViewOptions options) =>
    [
        StyledLine.Of(OpWords.Headline(plan.Operation, isPreview: true, stack), Tone.Headline),
        StyledLine.Empty,
        .. Changes(plan, options),
        .. CountLines.Of(plan.Counts(), isPreview: true),
    ];

    /// <summary>The tree and the outputs that change, with an empty line behind each.</summary>
    public static IEnumerable<StyledLine> Changes(Plan plan, PlanViewOptions options)
    {
        var roots = PlanTree.Build(plan, step => IsShown(step, options));
        var rows = Fold(roots, 0).ToArray();
        var width = Math.Min(NameColumn, rows.Select(row => 2 * row.Depth + row.Label.Length).DefaultIfEmpty(0).Max());
        foreach (var line in rows.SelectMany(row => RowLines(row, width, options)))
        {
            yield return line;
        }

        if (rows.Length > 0)
        {
            yield return StyledLine.Empty;
        }

        foreach (var line in OutputLines(plan))
        {
            yield return line;
        }
    }

    /// <summary>Equal siblings, drawn as one row.</summary>
    private sealed record Row(int Depth, string Label, IReadOnlyList<PlanNode> Nodes)
    {
        public PlannedStep Step => Nodes[0].Step;
    }

    private static bool IsShown(PlannedStep step, PlanViewOptions options) => step switch
    {
        _ when step.Urn.Type == ResourceType.Stack => false,
        { LookedAtLater: true } => true,
        // A provider only says where others are; it is of interest when that changes.
        _ when step.Urn.Type.IsProvider => step.Op is StepOp.Update or StepOp.Replace,
        { Op: StepOp.Same or StepOp.Read } => options.ShowSames,
        { Op: StepOp.Refresh } => options.ShowSames || !step.Changes.IsEmpty || step.Reason is not null,
        _ => true,
    };

    /// <summary>Rows of siblings that differ in the numbers of their names only are put together, with all below them.</summary>
    private static IEnumerable<Row> Fold(IEnumerable<PlanNode> siblings, int depth)
    {
        foreach (var group in siblings.GroupBy(Shape))
        {
            PlanNode[] nodes = [.. group];
            IEnumerable<PlanNode[]> rows = nodes.Length >= FoldLabel.Minimum ? [nodes] : nodes.Select(node => new[] { node });
            foreach (var row in rows)
            {
                yield return new Row(depth, FoldLabel.Of([.. row.Select(node => node.Step.Urn.Name)]), row);
                foreach (var child in FoldChildren(row, depth + 1))
                {
                    yield return child;
                }
            }
        }
    }

    private static IEnumerable<Row> FoldChildren(PlanNode[] nodes, int depth)
    {
        if (nodes.Length == 1)
        {
            return Fold(nodes[0].Children, depth);
        }

        // All have the same shape, so the children of one stand for those of the others, in the order of their shapes.
        return nodes.SelectMany(node => node.Children)
            .GroupBy(Shape)
            .SelectMany(group =>
            {
                PlanNode[] all = [.. group];
                return FoldChildren(all, depth + 1)
                    .Prepend(new Row(depth, FoldLabel.Of([.. all.Select(node => node.Step.Urn.Name)]), all));
            });
    }

    private static string Shape(PlanNode node)
    {
        var step = node.Step;
        var changes = step.Changes.Select(change =>
        {
            var (old, fresh) = SecretMask.Of(step, change);
            return $"{change.Kind} {change.Path} {change.Apply} {(old is null ? "" : ValueText.Inline(old))} {(fresh is null ? "" : ValueText.Inline(fresh))}";
        });
        var own = $"{step.Op}\n{step.Urn.Type}\n{step.Reason}\n{step.Remark}\n{step.Retained}{step.LookedAtLater}\n{string.Join('\n', changes)}"
            .Replace(step.Urn.Name, "#", StringComparison.Ordinal);
        return $"{FoldLabel.Pattern(step.Urn.Name)}\n{own}\n({string.Join(';', node.Children.Select(Shape))})";
    }

    private static IEnumerable<StyledLine> RowLines(Row row, int width, PlanViewOptions options)
    {
        var step = row.Step;
        var tone = OpWords.ToneOf(step.Op);
        var line = StyledLine.Of(" " + OpWords.Mark(step.Op) + " ", tone)
            .Add(new string(' ', 2 * row.Depth))
            .Add(row.Label, step.Op == StepOp.Same ? Tone.Dim : Tone.Plain)
            .PadTo(4 + width)
            .Add("  ")
            .Add(step.Urn.Type.Name, Tone.Dim);
        foreach (var remark in Remarks(row))
        {
            line = line.Add("  ").Add(remark.Text, remark.Tone);
        }

        yield return line;
        var indent = new string(' ', 6 + 2 * row.Depth);
        foreach (var property in step.Changes.SelectMany(change => ChangeLines(step, change, indent)))
        {
            yield return property;
        }

        if (options.Diff && step.Changes.IsEmpty)
        {
            foreach (var property in ContentLines(step, indent))
            {
                yield return property;
            }
        }
    }

    private static IEnumerable<StyledSpan> Remarks(Row row)
    {
        var step = row.Step;
        if (row.Nodes.Count > 1)
        {
            yield return new StyledSpan($"({row.Nodes.Count} equal)", Tone.Dim);
        }

        if (step.Op == StepOp.Replace)
        {
            var causes = step.Changes.Where(change => change.Apply == ApplyClass.Replace).Select(change => change.Path.ToString()).Distinct();
            var because = string.Join(", ", causes);
            because = because.Length > 0 ? because : step.Reason ?? "asked for";
            yield return new StyledSpan($"replaces because: {because}", Tone.Replace);
            yield return new StyledSpan(step.DeleteBeforeReplace ? "(deleted first)" : "(created first)", Tone.Dim);
        }
        else
        {
            if (step.Op == StepOp.Update && step.Apply is { } apply)
            {
                yield return new StyledSpan(apply == ApplyClass.Live ? "live" : "restart", apply == ApplyClass.Live ? Tone.Dim : Tone.Warning);
            }

            // What is kept or goes with its container is said below, in more words.
            if (!step.Retained && step.Reason is { } reason)
            {
                yield return new StyledSpan(reason, Tone.Dim);
            }
        }

        if (step.Remark is { } remark)
        {
            yield return new StyledSpan(remark, Tone.Warning);
        }

        if (step.Retained)
        {
            yield return new StyledSpan(
                step.Old is { RetainOnDelete: false, DeletedWith: { } container } ? $"goes with {container.Name}" : "kept: only forgotten, not removed",
                Tone.Info);
        }

        if (step.LookedAtLater)
        {
            yield return new StyledSpan("looked at once its endpoint is up", Tone.Info);
        }

        if (step.Old is { Protect: true })
        {
            yield return new StyledSpan("protected", Tone.Warning);
        }
    }

    private static IEnumerable<StyledLine> ChangeLines(PlannedStep step, PropertyDiff change, string indent)
    {
        var (old, fresh) = SecretMask.Of(step, change);
        return PropertyLines.Of(change.Path.ToString(), change.Path, step.Sizes, old, fresh, indent, change.Apply switch
        {
            ApplyClass.Restart => "restart",
            ApplyClass.Replace => "replaces",
            _ => null,
        });
    }

    private static IEnumerable<StyledLine> ContentLines(PlannedStep step, string indent) => step.Op switch
    {
        StepOp.Create or StepOp.Import or StepOp.Replace when step.Inputs is { } inputs =>
            inputs.SelectMany(entry => PropertyLines.Of(entry.Key, PropertyPath.Of(entry.Key), step.Sizes, null, entry.Value, indent, null)),
        StepOp.Delete when step.Old is { } old =>
            old.Inputs.SelectMany(entry => PropertyLines.Of(entry.Key, PropertyPath.Of(entry.Key), step.Sizes, entry.Value, null, indent, null)),
        _ => [],
    };

    private static IEnumerable<StyledLine> OutputLines(Plan plan)
    {
        var old = plan.Steps.FirstOrDefault(step => step.Urn.Type == ResourceType.Stack)?.Old?.Outputs ?? PropertyMap.Empty;
        var fresh = plan.Operation == Operation.Destroy ? PropertyMap.Empty : plan.Outputs;
        var lines = old.Keys.Union(fresh.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Values: (Old: old.Find(key), New: fresh.Find(key))))
            .Where(entry => !AreSame(entry.Values.Old, entry.Values.New))
            .SelectMany(entry =>
            {
                var (before, after) = SecretMask.Pair(entry.Values.Old, entry.Values.New);
                return PropertyLines.Of(entry.Key, before, after, "  ", null);
            })
            .ToArray();
        return lines.Length == 0 ? [] : [StyledLine.Of("Outputs:", Tone.Strong), .. lines, StyledLine.Empty];
    }

    // Two secrets are taken as equal: comparing them would decrypt them, and a changed one is shown as [secret] either way.
    private static bool AreSame(PropertyValue? old, PropertyValue? fresh) =>
        old is null || fresh is null
            ? old is null && fresh is null
            : SecretMask.HasSecret(old) && SecretMask.HasSecret(fresh) || (!SecretMask.HasSecret(old) && !SecretMask.HasSecret(fresh) && old.Equals(fresh));
}
