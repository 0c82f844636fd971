using System.Collections.Immutable;
using Provision.Cli.Git;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Cli.Review.Worker;

namespace Provision.Cli.Review;

/// <summary>One revision's workspace: its files in a folder, its definitions compiled.</summary>
internal sealed record RevisionFiles
{
    public required ReviewSide Side { get; init; }

    public string? ProjectName { get; init; }

    /// <summary>What a worker needs; null where there is nothing to evaluate.</summary>
    public WorkerSide? Worker { get; init; }

    /// <summary>Its stacks; none where there is nothing to evaluate.</summary>
    public ImmutableSortedSet<string> Stacks { get; init; } = [];

    /// <summary>Of a commit, whose files are written below a folder.</summary>
    /// <param name="fileName">What the workspace's Pulumi.yaml is called now: the commit's is looked for in the same place.</param>
    public static RevisionFiles OfCommit(
        GitRepository repository, GitCheckout checkout, string fileName, string name, string commit, string target, CancellationToken cancellationToken)
    {
        var missing = checkout.Write(repository.Root, repository.Prefix, commit, target);
        var side = new ReviewSide(name, commit) { Problems = [.. missing.Select(path => ReviewDiagnostics.SubmoduleMissing(name, path))] };
        var file = Path.Combine(target, repository.Prefix, fileName);
        return File.Exists(file)
            ? Of(side, file, cancellationToken)
            : new RevisionFiles { Side = side with { Problems = side.Problems.Add(ReviewDiagnostics.NoWorkspaceThere(name, repository.Prefix.Length == 0 ? "its top" : repository.Prefix)) } };
    }

    /// <summary>Of the workspace as it is now.</summary>
    public static RevisionFiles OfFolder(string projectFile, CancellationToken cancellationToken) =>
        Of(new ReviewSide(ReviewSide.WorkingTree, null), projectFile, cancellationToken);

    private static RevisionFiles Of(ReviewSide side, string projectFile, CancellationToken cancellationToken)
    {
        try
        {
            var project = ProjectFile.Load(projectFile);
            var sources = SourceFile.ReadAll(project);
            var compiled = StackLoader.Prepare(sources, CompilationCache.DefaultFolder(), cancellationToken).Compiled;
            return new RevisionFiles
            {
                Side = side,
                ProjectName = project.Name,
                Worker = new WorkerSide(projectFile, compiled.Assembly, compiled.Symbols),
                Stacks = [.. StackLoader.ListStacks(project, sources)],
            };
        }
        catch (WorkspaceException wrong)
        {
            return new RevisionFiles { Side = side with { Problems = [.. side.Problems, .. wrong.Diagnostics] } };
        }
    }
}
