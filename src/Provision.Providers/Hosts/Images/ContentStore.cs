using System.Collections.Immutable;
using System.Globalization;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts.Images;

/// <summary>What became of a folder whose user left.</summary>
internal enum Departure
{
    /// <summary>There was nothing of that user.</summary>
    Gone,

    /// <summary>A later create of the same user has taken the folder over.</summary>
    Newer,

    /// <summary>Others use it.</summary>
    Shared,

    /// <summary>It stays without users.</summary>
    Kept,

    /// <summary>Nobody else uses it; only looked.</summary>
    Last,
    Removed,
}

/// <summary>Something to be made into a shared folder.</summary>
internal sealed record ContentBuild(string Parent, string Name, ContentUser User, string Body, params ImmutableArray<string> Parameters)
{
    public ReadOnlyMemory<byte> Stdin { get; init; }

    /// <summary>Whether what it is made of takes root's rights, where the user has them; what it is made in may take them anyway.</summary>
    public bool AsRoot { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

    public ImmutableSortedDictionary<string, string> Environment { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>Folders on the host that are named after their content and shared by all who ask for it; see <see cref="ContentScript"/>.</summary>
internal sealed class ContentStore(HostSession host)
{
    /// <summary>The complete folder, with this user's entry made or renewed; null where it has to be built.</summary>
    public async Task<ContentFolder?> JoinAsync(string parent, string name, ContentUser user, CancellationToken cancellationToken)
    {
        var result = await RunAsync(ContentScript.Join, parent, name, user, [], cancellationToken);
        if (result.ExitCode == ContentScript.NotThere)
        {
            return null;
        }

        Demand(result, $"{parent}/{name}");
        return ContentFolder.Parse(result.OutputLines).FirstOrDefault();
    }

    public async Task<ContentFolder> BuildAsync(ContentBuild build, IStepProgress progress, CancellationToken cancellationToken)
    {
        var command = Command(ContentScript.Build(build.Body), build.Parent, build.Name, build.User, build.Parameters) with
        {
            AsRoot = (build.AsRoot && (await host.AccessAsync(cancellationToken)).CanBeRoot) || await host.NeedsRootAsync(build.Parent, cancellationToken),
            Stdin = build.Stdin,
            Timeout = build.Timeout,
            Environment = build.Environment,
            OnLine = line => Report(line, progress),
        };
        var path = $"{build.Parent}/{build.Name}";
        var result = await host.Transport.RunAsync(command, cancellationToken);
        Demand(result, path);
        return ContentFolder.Parse(result.OutputLines).FirstOrDefault() ?? throw new ProviderException(
            ProviderFailure.Refused, $"{path} was made, but not told about: {result.Complaint(3)}", null, Remainder.Unknown.Value);
    }

    /// <summary>Those of the paths that are complete and have the user's entry.</summary>
    public async Task<IReadOnlyDictionary<string, ContentFolder>> LookAsync(IReadOnlyCollection<(string Path, ContentUser User)> asked, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, ContentFolder>(StringComparer.Ordinal);
        foreach (var group in asked.GroupBy(pair => ParentOf(pair.Path), StringComparer.Ordinal))
        {
            // Not more than a command line holds.
            foreach (var some in group.Chunk(500))
            {
                var result = await RunAsync(
                    ContentScript.Look, group.Key, ".", new ContentUser("", ""), [.. some.SelectMany(pair => (string[])[pair.Path, pair.User.Entry])], cancellationToken);
                Demand(result, group.Key);
                foreach (var folder in ContentFolder.Parse(result.OutputLines))
                {
                    found[$"{folder.Path}\n{folder.User.Urn}"] = folder;
                }
            }
        }

        return asked.Select(pair => $"{pair.Path}\n{pair.User.Urn}").Distinct(StringComparer.Ordinal).Where(found.ContainsKey)
            .ToDictionary(key => key, key => found[key], StringComparer.Ordinal);
    }

    public async Task<ImmutableArray<ContentFolder>> FindAsync(string parent, ContentUser user, CancellationToken cancellationToken)
    {
        var result = await RunAsync(ContentScript.Find, parent, ".", user, [], cancellationToken);
        Demand(result, parent);
        return ContentFolder.Parse(result.OutputLines);
    }

    public async Task<Departure> LeaveAsync(string path, ContentUser user, int generation, bool keep, bool onlyLook, CancellationToken cancellationToken)
    {
        var result = await RunAsync(
            ContentScript.Leave, ParentOf(path), NameOf(path), user,
            [generation.ToString(CultureInfo.InvariantCulture), keep ? "keep" : "-", onlyLook ? "look" : "-"], cancellationToken);
        Demand(result, path);
        return result.OutputLines.Select(line => line.Split(' ')).FirstOrDefault(parts => parts is ["=", "left", _]) is [_, _, var left]
            && Enum.TryParse<Departure>(left, ignoreCase: true, out var departure)
            ? departure
            : throw new ProviderException(ProviderFailure.Refused, $"{path} was not removed: {result.Complaint(3)}", null, Remainder.Unknown.Value);
    }

    public static string ParentOf(string path) => path.LastIndexOf('/') is > 0 and var at ? path[..at] : "/";

    public static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    /// <summary>Lines that a program of ours means as progress.</summary>
    internal static void Report(string line, IStepProgress progress)
    {
        if (line.StartsWith("@ ", StringComparison.Ordinal))
        {
            progress.Report(line[2..]);
        }
        else if (line.Split(' ', 4) is ["@%", var done, var total, var text]
            && long.TryParse(done, CultureInfo.InvariantCulture, out var part) && long.TryParse(total, CultureInfo.InvariantCulture, out var whole))
        {
            progress.Report(text, part, whole > 0 ? whole : null);
        }
    }

    private async Task<CommandResult> RunAsync(
        string script, string parent, string name, ContentUser user, ImmutableArray<string> parameters, CancellationToken cancellationToken) =>
        await host.Transport.RunAsync(
            Command(script, parent, name, user, parameters) with
            {
                AsRoot = await host.NeedsRootAsync(parent, cancellationToken),
                Timeout = TimeSpan.FromMinutes(5),
            },
            cancellationToken);

    private static HostCommand Command(string script, string parent, string name, ContentUser user, ImmutableArray<string> parameters) =>
        HostCommand.Script(script, [parent, name, user.Entry, user.Urn, user.Key, .. parameters]);

    private static void Demand(CommandResult result, string path)
    {
        if (!result.Succeeded)
        {
            throw ContentFailure.Of(result, path);
        }
    }
}
