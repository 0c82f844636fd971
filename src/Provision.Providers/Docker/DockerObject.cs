namespace Provision.Providers.Docker;

/// <summary>Kinds of objects that can carry our stamp.</summary>
public enum DockerObjectKind
{
    Container,
    Network,
    Volume,
}

/// <summary>An object that carries our stamp, with what the stamp says.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">The daemon's id; a volume's is its name.</param>
/// <param name="Name">Its name there.</param>
/// <param name="State">Of a container: running, exited, …; empty for the others.</param>
/// <param name="Project">Whose it is: the project.</param>
/// <param name="Stack">Whose it is: the stack.</param>
/// <param name="Urn">The URN it was made for, as text.</param>
/// <param name="Owner">Who made it; empty where the stamp does not say.</param>
public sealed record DockerObject(DockerObjectKind Kind, string Id, string Name, string State, string Project, string Stack, string Urn, string Owner)
{
    internal static DockerObject Of(DockerObjectKind kind, string id, string name, string state, IDictionary<string, string>? labels)
    {
        string Label(string key) => labels is not null && labels.TryGetValue(key, out var value) ? value : "";
        return new DockerObject(kind, id, name, state, Label(Stamp.Project), Label(Stamp.Stack), Label(Stamp.Urn), Label(Stamp.Owner));
    }
}
