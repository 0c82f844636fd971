using System.Collections.Immutable;
using System.Text;

namespace Provision.Providers.Hosts;

/// <summary>A program to run on a host: an argument vector, never a shell string. Secrets go through <see cref="Stdin"/> alone.</summary>
public sealed record HostCommand(string File, params ImmutableArray<string> Arguments)
{
    /// <summary>Through <c>sudo -n</c> where the user is not root.</summary>
    public bool AsRoot { get; init; }

    public ReadOnlyMemory<byte> Stdin { get; init; }

    /// <summary>Added to the small environment every command gets; the caller's own variables are not passed on.</summary>
    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>After which it is ended with a <see cref="TimeoutException"/>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Takes each line of output as it comes, of stdout and stderr alike.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>A constant script of ours with its parameters as arguments, which the shell does not interpret.</summary>
    internal static HostCommand Script(string script, params ImmutableArray<string> parameters) =>
        new("sh", ["-c", script, "sh", .. parameters]);
}

/// <summary>How a command ended. A program that does not exist ends with 127, as in a shell.</summary>
public sealed record CommandResult(int ExitCode, ReadOnlyMemory<byte> OutputBytes, string Error)
{
    public bool Succeeded => ExitCode == 0;

    public string Output => Encoding.UTF8.GetString(OutputBytes.Span);

    public IEnumerable<string> OutputLines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The end of what it said, for an error message: stderr, or stdout where that is empty.</summary>
    public string Complaint(int lines = 8)
    {
        var text = string.IsNullOrWhiteSpace(Error) ? Output : Error;
        return string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(lines));
    }
}
