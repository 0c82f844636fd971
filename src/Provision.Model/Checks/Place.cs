using System.Globalization;

namespace Provision.Model.Checks;

/// <summary>Where in a stack: <c>Hosts["here"].Containers["web"].Ports[0]</c>, and the line that declares it. The text is made only when it is read.</summary>
internal sealed class Place
{
    private readonly Place? _outer;
    private readonly string _member;
    private readonly object? _key;

    private Place(Place? outer, string member, object? key, SourceLine? source) =>
        (_outer, _member, _key, Source) = (outer, member, key, source ?? outer?.Source);

    public SourceLine? Source { get; }

    public static Place Of(Host host) => new(null, "Hosts", host.Name, host.Source);

    public static Place Root(string member) => new(null, member, null, null);

    public Place Of(string member, Declared declared) => new(this, member, declared.Name, declared.Source);

    public Place Key(string member, string key) => new(this, member, key, null);

    public Place Index(string member, int index) => new(this, member, index, null);

    public Place Member(string member) => new(this, member, null, null);

    public override string ToString()
    {
        var own = _key switch
        {
            string name => $"{_member}[\"{name}\"]",
            int index => $"{_member}[{index.ToString(CultureInfo.InvariantCulture)}]",
            _ => _member,
        };
        return _outer is null ? own : $"{_outer}.{own}";
    }
}
