using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Engine.Diagnostics;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Providers.Lowering;

namespace Provision.Cli.Review.Worker;

/// <summary>One revision's definitions, in the worker.</summary>
internal sealed class StackSide
{
    private readonly Lazy<ProjectFile> _project;
    private readonly PreparedStacks _prepared;
    private readonly TimeSpan _limit;

    /// <param name="side">What it is told of the revision.</param>
    /// <param name="limit">How long a definition may take.</param>
    /// <param name="other">The other revision: where its definitions are the same, they are loaded once.</param>
    public StackSide(WorkerSide side, TimeSpan limit, StackSide? other = null)
    {
        _project = new Lazy<ProjectFile>(() => ProjectFile.Load(side.ProjectFile));
        _prepared = other is not null && other._prepared.Compiled.Assembly.AsSpan().SequenceEqual(side.Assembly)
            ? other._prepared
            : new PreparedStacks(new CompiledStacks(side.Assembly, side.Symbols), "", FromCache: true);
        _limit = limit;
    }

    /// <summary>Evaluates, checks and lowers one of its stacks.</summary>
    /// <exception cref="WorkspaceException">It cannot be evaluated.</exception>
    public EvaluatedStack Evaluate(string stack, CancellationToken cancellationToken)
    {
        var project = _project.Value;
        var options = new StackLoadOptions { Decrypt = Undecrypted, CacheFolder = null, TimeLimit = _limit };
        var loaded = StackLoader.LoadPrepared(project, stack, options, _prepared, cancellationToken);
        ImmutableArray<Diagnostic> problems = [.. StackCheck.Run(loaded.Stack, stack).Select(ProblemDiagnostics.ToDiagnostic)];
        if (ReviewReport.HasErrors(problems))
        {
            return EvaluatedStack.Wrong(problems);
        }

        var context = new LoweringContext { Project = project.Name, StackName = stack, WorkspaceFolder = project.Folder };
        var goals = StackLowering.Lower(loaded.Stack, context);
        return new EvaluatedStack
        {
            Project = project.Name,
            Folder = project.Folder,
            Stack = loaded.Stack,
            Goals = goals,
            Violations = loaded.Policies.Run(goals, stack, cancellationToken),
            Problems = problems,
        };
    }

    // Nobody here can decrypt, and nobody should. One ciphertext always gives one text, so that what did not change shows no change; it is made of
    // digits, because a secret may be declared as a number.
    private static string Undecrypted(string ciphertext) =>
        (BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(ciphertext))) % 1_000_000_000).ToString(CultureInfo.InvariantCulture);
}

/// <summary>What a revision says of a stack.</summary>
internal sealed record EvaluatedStack
{
    public string Project { get; init; } = "";

    /// <summary>The workspace's folder, from which build contexts are read.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Null where it is wrong.</summary>
    public Stack? Stack { get; init; }

    public ImmutableArray<ResourceGoal> Goals { get; init; } = [];

    public ImmutableArray<PolicyViolation> Violations { get; init; } = [];

    public ImmutableArray<Diagnostic> Problems { get; init; } = [];

    public static EvaluatedStack Wrong(ImmutableArray<Diagnostic> problems) => new() { Problems = problems };
}
