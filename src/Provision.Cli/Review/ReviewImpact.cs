using System.Collections.Immutable;

namespace Provision.Cli.Review;

/// <summary>What a change means for those who use a stack.</summary>
internal sealed record ReviewImpact
{
    public static readonly ReviewImpact None = new();

    /// <summary>The machines and containers that change.</summary>
    public ImmutableArray<HitWorkload> Workloads { get; init; } = [];

    /// <summary>Disks and volumes whose data is lost.</summary>
    public ImmutableArray<LostData> Lost { get; init; } = [];

    /// <summary>Workloads that do not change and lose a connection all the same.</summary>
    public ImmutableArray<LostConnection> CutOff { get; init; } = [];

    /// <summary>Deleted and created, and perhaps one and the same under two names.</summary>
    public ImmutableArray<PossibleRename> Renames { get; init; } = [];

    public IEnumerable<HitWorkload> With(Effect effect) => Workloads.Where(workload => workload.Effect == effect);
}

/// <param name="Name">What people call it.</param>
/// <param name="IsMachine">A machine, or else a container.</param>
/// <param name="Effect">What happens to it.</param>
/// <param name="Owner">Whom it is for; null where nobody says.</param>
internal sealed record HitWorkload(string Name, bool IsMachine, Effect Effect, string? Owner);

/// <param name="Name">The disk's or the volume's name.</param>
/// <param name="IsDisk">A machine's disk, or else a volume of containers.</param>
/// <param name="IsReplaced">Made anew, or else gone.</param>
/// <param name="Owner">Whose it is; null where nobody says.</param>
internal sealed record LostData(string Name, bool IsDisk, bool IsReplaced, string? Owner);

/// <param name="Name">Who is cut off.</param>
/// <param name="From">The network, or the machine or container that it depends on.</param>
/// <param name="Effect">What happens to that.</param>
/// <param name="Owner">Whom it is for; null where nobody says.</param>
internal sealed record LostConnection(string Name, string From, Effect Effect, string? Owner);

/// <param name="Old">The name that is deleted.</param>
/// <param name="New">The name that is created.</param>
internal sealed record PossibleRename(string Old, string New);
