using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>How something declared is created, changed and removed, whatever it is.</summary>
public sealed record Lifecycle
{
    /// <summary>Nothing special.</summary>
    public static readonly Lifecycle Default = new();

    /// <summary>Refuse to delete or replace it.</summary>
    public bool Protect { get; init; }

    /// <summary>Forget it instead of deleting it.</summary>
    public bool RetainOnDelete { get; init; }

    /// <summary>The order of a replacement. Null: the old one goes first only where two cannot exist at once.</summary>
    public bool? DeleteBeforeReplace { get; init; }

    /// <summary>Properties whose changes are not acted on, such as <c>memory</c> or <c>labels[0].value</c>.</summary>
    public ImmutableArray<string> IgnoreChanges { get; init; } = [];

    /// <summary>Properties whose changes make it anew.</summary>
    public ImmutableArray<string> ReplaceOnChanges { get; init; } = [];

    /// <summary>Names it had before, so that a renamed thing is not deleted and made again.</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>What must be there before it, beside what it refers to anyway.</summary>
    public ImmutableArray<Declared> DependsOn { get; init; } = [];

    /// <summary>How long creating, changing and deleting may take.</summary>
    public Timeouts Timeouts { get; init; } = Timeouts.Default;
}

/// <summary>How long the steps of one thing may take; null leaves it to the provider.</summary>
/// <param name="Create">Creating it.</param>
/// <param name="Update">Changing it.</param>
/// <param name="Delete">Deleting it.</param>
public sealed record Timeouts(TimeSpan? Create = null, TimeSpan? Update = null, TimeSpan? Delete = null)
{
    /// <summary>Whatever the provider says.</summary>
    public static readonly Timeouts Default = new();
}
