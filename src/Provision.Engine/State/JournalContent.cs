using System.Collections.Immutable;

namespace Provision.Engine.State;

/// <summary>What a journal was begun for.</summary>
/// <param name="BaseHash">SHA-256 of the checkpoint file its entries follow, in lowercase hex.</param>
/// <param name="Operation">The operation, such as <c>up</c>.</param>
/// <param name="Begun">When it was begun.</param>
/// <param name="ToolVersion">The version of the tool that wrote it.</param>
public sealed record JournalHeader(string BaseHash, string Operation, DateTimeOffset Begun, string ToolVersion);

/// <summary>Written before a checkpoint takes its place: from then on the journal is done with once the checkpoint has that hash.</summary>
/// <param name="ResultHash">SHA-256 of the new checkpoint file.</param>
/// <param name="Stamp">Unix nanoseconds, which name its history files.</param>
/// <param name="Record">Its entry in the history.</param>
internal sealed record JournalCommit(string ResultHash, long Stamp, UpdateRecord Record);

/// <summary>All that a journal file holds.</summary>
public sealed record JournalContent
{
    /// <summary>Null where not even the header was written whole: then nobody was ever told that anything was stored.</summary>
    public JournalHeader? Header { get; init; }

    public ImmutableArray<JournalEntry> Entries { get; init; } = [];

    /// <summary>How many bytes at the end belong to a write that was cut short.</summary>
    public long TornBytes { get; init; }

    internal ImmutableArray<JournalCommit> Commits { get; init; } = [];

    /// <summary>How the secrets in it are encrypted; null where there are none.</summary>
    internal SecretsProviderState? Secrets { get; init; }
}
