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

    /// <summary>Hash of the definition, its settings and the files it reads.</summary>
    public required string ModelHash { get; init; }

    /// <summary>See <see cref="DigestOf"/>.</summary>
    public required string StateDigest { get; init; }

    public required string ToolVersion { get; init; }

    public required DateTimeOffset Time { get; init; }

    public ImmutableArray<string> Targets { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    public ImmutableArray<string> Replace { get; init; } = [];

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
    public ImmutableArray<string> Moved(string stack, string project, string modelHash, Snapshot snapshot) =>
    [
        .. new[]
        {
            (stack, project) == (Stack, Project) ? null : $"the stack: the plan is for '{Project}/{Stack}'",
            modelHash == ModelHash ? null : "the definition, its settings or a file it reads",
            DigestOf(snapshot) == StateDigest ? null : "the state: something was recorded since",
        }.OfType<string>(),
    ];
}
