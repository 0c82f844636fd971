using System.Collections.Immutable;
using Provision.Cli.Commands;
using Provision.Cli.Git;
using Provision.Cli.Projects;
using Provision.Cli.Review.Worker;
using Provision.Model;

namespace Provision.Cli.Review;

/// <summary>How much evaluating a definition may take.</summary>
internal sealed record ReviewLimits(TimeSpan Time, DataSize Memory)
{
    public static readonly DataSize DefaultMemory = 512.MiB;
}

/// <summary>
/// Compares two revisions of a workspace. The way through: 1. start the worker, which takes a moment; 2. find the two commits; 3. write their files into
/// temporary folders; 4. compile both, which runs none of their code; 5. have the worker evaluate and compare them, stack by stack.
/// </summary>
internal sealed class ReviewRun(Func<string> findProject, ReviewLimits limits, Action<ReviewReport> show, WorkerAhead? ahead) : IDisposable
{
    private Task _clearing = Task.CompletedTask;

    public ReviewReport Run(RevisionRange range, IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("provision-diff-").FullName;
        var workers = new WorkerPool(limits, show, ahead); // 1
        try
        {
            return Run(range, wanted, folder, workers, cancellationToken);
        }
        finally
        {
            // What it leaves is cleared away while the report is shown.
            _clearing = Task.Run(
                () =>
                {
                    workers.Dispose();
                    Directory.Delete(folder, recursive: true);
                },
                CancellationToken.None);
        }
    }

    public void Dispose() => _clearing.GetAwaiter().GetResult();

    private ReviewReport Run(RevisionRange range, IReadOnlyList<string> wanted, string folder, WorkerPool workers, CancellationToken cancellationToken)
    {
        var file = findProject();
        var repository = GitRepository.Find(Path.GetDirectoryName(file) ?? file, range.Head is null ? [range.Base] : [range.Base, range.Head], cancellationToken);
        var head = range.Head is null ? null : repository.Resolve(range.Head, cancellationToken); // 2
        var tip = repository.Resolve(range.Base, cancellationToken);
        var start = range.FromMergeBase && head is not null ? repository.MergeBase(tip, head, cancellationToken) : tip;

        var checkout = new GitCheckout(folder, cancellationToken);
        var after = Task.Run(
            () => head is null
                ? RevisionFiles.OfFolder(file, cancellationToken)
                : RevisionFiles.OfCommit(repository, checkout, Path.GetFileName(file), range.Head ?? "", head, Path.Combine(folder, "head"), cancellationToken),
            cancellationToken);
        RevisionFiles old;
        try
        {
            old = RevisionFiles.OfCommit(repository, checkout, Path.GetFileName(file), range.Base, start, Path.Combine(folder, "base"), cancellationToken); // 3, 4
        }
        finally
        {
            // Nobody may write into the folder any more when it is cleared away.
            Task.WaitAny([after], CancellationToken.None);
        }

        var fresh = after.GetAwaiter().GetResult();
        var name = fresh.ProjectName ?? old.ProjectName ?? ProjectFile.Load(file).Name;
        var report = new ReviewReport { Project = name, Base = old.Side, Head = fresh.Side, ToolVersion = "v" + VersionCommand.Version };
        return ReviewReport.HasErrors(fresh.Side.Problems)
            ? report
            : report with { Stacks = workers.Review(old, fresh, Choose(old.Stacks.Union(fresh.Stacks), wanted), cancellationToken) }; // 5
    }

    private static ImmutableArray<string> Choose(ImmutableSortedSet<string> known, IReadOnlyList<string> wanted)
    {
        if (wanted.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new CliException(ExitCode.StackNotFound, ReviewDiagnostics.StackUnknown(unknown, known, Suggestion.For(unknown, known)));
        }

        return wanted.Count > 0 ? [.. wanted.Distinct(StringComparer.Ordinal)] : [.. known];
    }
}
