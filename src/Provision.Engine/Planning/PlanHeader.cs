using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Engine.State;

namespace Provision.Engine.Planning;

/// <summary>What a saved plan was made of and for; a run of it refuses where one of these has moved.</summary>
public sealed record PlanHeader
{
    public required string Stack { get; init; }

    public required string Project { get; init; }

    public required ModelHashes Model { get; init; }

    /// <summary>The commit of the workspace's repository; null where there is none.</summary>
    public string? Commit { get; init; }

    /// <summary>Files of the workspace differed from that commit.</summary>
    public bool IsDirty { get; init; }

    /// <summary>See <see cref="DigestOf"/>.</summary>
    public required string StateDigest { get; init; }

    /// <summary>How many updates the stack's history held; for people, to compare.</summary>
    public int StateSerial { get; init; }

    public required string ToolVersion { get; init; }

    public required DateTimeOffset Time { get; init; }

    public ImmutableArray<string> Targets { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    public ImmutableArray<string> Replace { get; init; } = [];

    public bool TargetDependents { get; init; }

    /// <summary>Whether reality was looked at.</summary>
    public bool Refresh { get; init; } = true;

    /// <summary>The keys of settings that were given for this plan alone; their values are in <see cref="ModelHashes.Settings"/>.</summary>
    public ImmutableArray<string> Overrides { get; init; } = [];

    /// <summary>A digest that changes whenever a run records something.</summary>
    public static string DigestOf(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var state in snapshot.Resources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"{state.Urn}\n{state.Id}\n{state.Delete}\n{state.PendingReplacement}\n{state.Protect}\n{state.Modified:O}\n")));
        }

        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{snapshot.PendingOperations.Length}")));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What moved since the plan was made, in a person's words; empty where nothing did.</summary>
    public ImmutableArray<string> Moved(string stack, string project, ModelHashes model, Snapshot snapshot, int serial) =>
    [
        .. new[]
        {
            (stack, project) == (Stack, Project) ? null : $"the stack: the plan is for '{Project}/{Stack}'",
            model.Definition == Model.Definition ? null : "the definition",
            model.Settings == Model.Settings ? null : Overrides.IsEmpty ? "its settings" : $"its settings: the plan was made with --config for {string.Join(", ", Overrides)}",
            model.Files == Model.Files ? null : "a file it reads",
            DigestOf(snapshot) == StateDigest ? null
                : serial == StateSerial ? "the state: something was recorded since"
                : string.Create(CultureInfo.InvariantCulture, $"the state: it had {StateSerial} updates and has {serial}"),
        }.OfType<string>(),
    ];
}
