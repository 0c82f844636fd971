using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>Who uses a shared folder: one resource. Two stacks that ask for the same content share one folder and are two users.</summary>
/// <param name="Urn">The resource, by its stamp.</param>
/// <param name="Key">A digest of what it asked for, by which an interrupted create is told from an older one.</param>
internal sealed record ContentUser(string Urn, string Key)
{
    /// <summary>The name of its entry in the folder of users.</summary>
    public string Entry => Digest(Urn);

    public static ContentUser Of(Urn urn, IReadOnlyDictionary<string, string> stamp, params IEnumerable<string?> asked) =>
        new(stamp.GetValueOrDefault("urn", urn.ToString()), Digest(string.Join('\n', asked.Select(text => text is null ? "-" : $"={text}"))));

    /// <summary>A name of 32 hexadecimal digits for any text.</summary>
    public static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..32];
}

/// <summary>A folder named after what is in it, complete, as one user sees it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Facts">What its maker wrote down: version, digest, …</param>
/// <param name="User">Whose entry was read.</param>
/// <param name="Generation">Rises when a create takes the folder over, so that deleting what was replaced by itself removes nothing.</param>
internal sealed record ContentFolder(string Path, ImmutableSortedDictionary<string, string> Facts, ContentUser User, int Generation)
{
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public string Fact(string name) => Facts.GetValueOrDefault(name, "");

    /// <summary>Reads what <see cref="ContentScript"/> tells: <c>= path /p/d</c>, <c>= version 6.1</c>, <c>= urn u</c>, … A path begins the next folder.</summary>
    public static ImmutableArray<ContentFolder> Parse(IEnumerable<string> lines)
    {
        var folders = ImmutableArray.CreateBuilder<ContentFolder>();
        foreach (var line in lines.Where(line => line.StartsWith("= ", StringComparison.Ordinal)))
        {
            var parts = line.Split(' ', 3);
            var (name, text) = (parts[1], parts.Length > 2 ? parts[2] : "");
            if (name == "path")
            {
                folders.Add(new ContentFolder(text, ImmutableSortedDictionary<string, string>.Empty, new ContentUser("", ""), 0));
            }
            else if (folders.Count > 0)
            {
                folders[^1] = folders[^1].With(name, text);
            }
        }

        return folders.ToImmutable();
    }

    private ContentFolder With(string name, string text) => name switch
    {
        "urn" => this with { User = User with { Urn = text } },
        "key" => this with { User = User with { Key = text } },
        "generation" => this with { Generation = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0 },
        _ => this with { Facts = Facts.SetItem(name, text) },
    };
}
