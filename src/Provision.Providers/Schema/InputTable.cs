using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Schema;

/// <summary>All inputs of one kind, at every depth. Checking, comparing and documenting work from it.</summary>
internal sealed class InputTable
{
    private readonly Dictionary<string, InputRow[]> _members = new(StringComparer.Ordinal);

    public InputTable(params ImmutableArray<InputRow> rows)
    {
        Rows = rows;
        Sizes = [.. Rows.Where(row => row.SizeUnit is not null).Select(row => new SizedInput(PropertyPath.Parse(row.Path.Replace("[]", "[*]", StringComparison.Ordinal)), row.SizeUnit ?? 0))];
        foreach (var row in rows)
        {
            _members[row.Parent] = [.. _members.GetValueOrDefault(row.Parent, []), row];
        }
    }

    public ImmutableArray<InputRow> Rows { get; }

    /// <summary>The inputs that are sizes.</summary>
    public ImmutableArray<SizedInput> Sizes { get; }

    public ImmutableArray<InputRow> Top => MembersOf("");

    /// <summary>The rows right below a path such as <c>mounts[].volumeOptions</c>; the brackets of its last part are left out.</summary>
    public ImmutableArray<InputRow> MembersOf(string path) => ImmutableCollectionsMarshal.AsImmutableArray(_members.GetValueOrDefault(path, []));

    public ImmutableArray<InputRow> MembersOf(InputRow row) => MembersOf(row.Path.TrimEnd('[', ']'));

    public InputRow? Find(string name) => Top.FirstOrDefault(row => row.Name == name);
}
