using System.Collections.Immutable;

namespace Provision.Model;

/// <summary>What a container is made of. A closed hierarchy; made by its methods, changed by <c>with</c>. Text is a registry reference.</summary>
public abstract record ContainerImage
{
    private protected ContainerImage()
    {
    }

    /// <summary>An image of a registry, such as <c>nginx:1.27</c> or <c>registry.example.edu/app@sha256:…</c>.</summary>
    public static RegistryImage Registry(string reference) => new(reference);

    /// <summary>An image built from a folder of the workspace with a Dockerfile.</summary>
    public static BuiltImage Build(string folder) => new(folder);

    /// <summary>
    /// A few megabytes made on the host from its distribution's static busybox: a shell, <c>httpd</c>, <c>wget</c>, <c>nc</c> and two hundred other
    /// commands, without any registry.
    /// </summary>
    public static TinyImage Tiny(string name = "tiny", params ImmutableArray<string> command) => new(name) { Command = command };

    /// <summary>Text is a registry reference.</summary>
    public static implicit operator ContainerImage(string reference) => new RegistryImage(reference);
}

/// <summary>An image of a registry.</summary>
/// <param name="Reference">Its reference, as one gives it to <c>docker pull</c>.</param>
public sealed record RegistryImage(string Reference) : ContainerImage
{
    /// <summary>The platform to pull, such as <c>linux/arm64</c>; null for the host's own.</summary>
    public string? Platform { get; init; }
}

/// <summary>An image built from a folder with a Dockerfile.</summary>
public sealed record BuiltImage : ContainerImage
{
    /// <summary>An image built from that folder, named after its last part.</summary>
    public BuiltImage(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        Folder = folder;
        Name = folder.TrimEnd('/').Split('/')[^1] is { Length: > 0 } last and not ("." or "..") ? last : "app";
    }

    /// <summary>The folder, relative to the workspace.</summary>
    public string Folder { get; init; }

    /// <summary>The image's name. The real one is called <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public string Name { get; init; }

    /// <summary>The Dockerfile, relative to the folder.</summary>
    public string Dockerfile { get; init; } = "Dockerfile";

    /// <summary>Build arguments.</summary>
    public Map<Value<string>> Arguments { get; init; } = new();

    /// <summary>The stage to build; null for the last.</summary>
    public string? Target { get; init; }

    /// <summary>The platform to build for, such as <c>linux/arm64</c>; null for the host's own.</summary>
    public string? Platform { get; init; }

    /// <summary>Build with BuildKit, through the Docker client of the machine that Provision runs on.</summary>
    public bool BuildKit { get; init; }

    /// <summary>Whether the other is the same image of the same folder.</summary>
    public bool Equals(BuiltImage? other) =>
        other is not null && Folder == other.Folder && Name == other.Name && Dockerfile == other.Dockerfile && Target == other.Target
        && Platform == other.Platform && BuildKit == other.BuildKit && ReferenceOrPairs(Arguments, other.Arguments);

    /// <summary>By folder and name.</summary>
    public override int GetHashCode() => HashCode.Combine(Folder, Name);

    private static bool ReferenceOrPairs(Map<Value<string>> left, Map<Value<string>> right) =>
        ReferenceEquals(left, right) || (left.Keys.SequenceEqual(right.Keys) && left.Values.Zip(right.Values).All(pair => pair.First.Expression == pair.Second.Expression));
}

/// <summary>A few megabytes around the host distribution's static busybox.</summary>
public sealed record TinyImage : ContainerImage
{
    /// <summary>A tiny image of that name.</summary>
    public TinyImage(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>The image's name. The real one is called <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public string Name { get; init; }

    /// <summary>Files in it.</summary>
    public ImmutableArray<ImageFile> Files { get; init; } = [];

    /// <summary>Empty folders in it.</summary>
    public ImmutableArray<string> Directories { get; init; } = [];

    /// <summary>What the command is given to.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>What runs where a container says nothing else; empty for a shell.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>Whether the other has the same name and content: containers may then share the image.</summary>
    public bool Equals(TinyImage? other) =>
        other is not null && Name == other.Name && Files.AsSpan().SequenceEqual(other.Files.AsSpan())
        && Directories.AsSpan().SequenceEqual(other.Directories.AsSpan()) && Entrypoint.AsSpan().SequenceEqual(other.Entrypoint.AsSpan())
        && Command.AsSpan().SequenceEqual(other.Command.AsSpan());

    /// <summary>By name and number of files.</summary>
    public override int GetHashCode() => HashCode.Combine(Name, Files.Length);
}

/// <summary>A file in a tiny image.</summary>
/// <param name="Path">Where, absolute.</param>
/// <param name="Content">What is in it.</param>
public sealed record ImageFile(string Path, string Content)
{
    /// <summary>Its permissions, four octal digits.</summary>
    public string Mode { get; init; } = "0644";
}
