using System.CommandLine;
using Provision.Cli.Workloads;

namespace Provision.Cli.Commands;

/// <summary>A machine or container; completed from the recorded state.</summary>
internal sealed class WorkloadArgument : Argument<string>, IWorkloadWords
{
    public WorkloadArgument(string name, WorkloadKind? kind) : base(name)
    {
        Kind = kind;
        Description = $"The {(kind is { } one ? Workload.Word(one) : "machine's or container")}'s name, or stack/name";
    }

    public WorkloadKind? Kind { get; }
}

/// <summary>Machines and containers, each by name or pattern.</summary>
internal sealed class WorkloadArguments : Argument<string[]>, IWorkloadWords
{
    public WorkloadArguments(string name, WorkloadKind? kind) : base(name)
    {
        Kind = kind;
        Arity = ArgumentArity.OneOrMore;
        Description = $"{(kind is { } one ? $"{char.ToUpperInvariant(Workload.Word(one)[0])}{Workload.Word(one)[1..]}s" : "Machines and containers")} by name or pattern, such as 'box-*' or stack/name";
    }

    public WorkloadKind? Kind { get; }
}

/// <summary>An argument that names machines or containers.</summary>
internal interface IWorkloadWords
{
    /// <summary>The kind that is wanted; null for both.</summary>
    WorkloadKind? Kind { get; }
}
