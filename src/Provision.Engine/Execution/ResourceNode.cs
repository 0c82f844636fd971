using Provision.Engine.Planning;
using Provision.Engine.Resources;

namespace Provision.Engine.Execution;

internal enum NodeStatus
{
    /// <summary>Something it needs is not done yet.</summary>
    Waiting,

    /// <summary>Its step is under way.</summary>
    Running,
    Succeeded,
    Failed,
    Skipped,
}

/// <summary>One registered goal on its way through a run. Touched by the loop alone.</summary>
internal sealed class ResourceNode(GoalRegistration registration, ResourceGoal goal)
{
    public GoalRegistration Registration { get; } = registration;

    /// <summary>The goal with what it inherits from its parent.</summary>
    public ResourceGoal Goal { get; } = goal;

    public Urn Urn => Goal.Urn;

    public NodeStatus Status { get; set; } = NodeStatus.Waiting;

    /// <summary>How many of those it waits for are not done.</summary>
    public int Waiting { get; set; }

    /// <summary>What it needs, by URN; the needed goal may come later.</summary>
    public HashSet<Urn> Needs { get; init; } = [];

    /// <summary>Who waits for it.</summary>
    public List<ResourceNode> Dependents { get; } = [];

    /// <summary>It was decided on; set once, before it runs.</summary>
    public bool IsDecided { get; set; }

    /// <summary>It, or something it needs, is changed by this run.</summary>
    public bool ChangesHere { get; set; }

    public bool IsTargeted { get; set; } = true;

    /// <summary>What is known of its outputs; null until decided.</summary>
    public OutputForecast? Forecast { get; set; }

    /// <summary>Why it was not tried.</summary>
    public string? SkippedBecause { get; set; }

    public bool IsDone => Status is NodeStatus.Succeeded or NodeStatus.Failed or NodeStatus.Skipped;
}
