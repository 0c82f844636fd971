using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>A file inside the root file system.</summary>
internal sealed record RootFile(string Path, string Content, UnixFileMode Mode, bool IsSecret)
{
    // A record would print its content.
    public override string ToString() => Path;
}

/// <summary>A tiny root file system as asked for.</summary>
internal sealed partial record RootFileSystemInputs
{
    public const string DefaultParent = "/var/lib/provision/roots";

    // The folder is named after what is in it, so no change of an input can be made in place.
    public static readonly ApplyTable Changes = ApplyTable.Of(
        replace: ["busybox", "path", "files", "directories", "entrypoint", "command", "exposedPorts", "healthcheckCommand", "stopSignal", "stamp"]);

    /// <summary>Where the static busybox is; null to look at the usual places.</summary>
    public required string? Busybox { get; init; }

    public required string Parent { get; init; }

    public required ImmutableArray<RootFile> Files { get; init; }

    public required ImmutableArray<string> Directories { get; init; }

    public required ImmutableArray<string> Entrypoint { get; init; }

    public required ImmutableArray<string> Command { get; init; }

    public required ImmutableArray<string> ExposedPorts { get; init; }

    public required ImmutableArray<string> HealthcheckCommand { get; init; }

    public required string? StopSignal { get; init; }

    /// <summary>Whose it is: project, stack and urn.</summary>
    public required ImmutableSortedDictionary<string, string> Stamp { get; init; }

    public static RootFileSystemInputs Read(PropertyMap inputs) => Read(new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        var read = Read(reader);
        reader.RefuseOthers([.. Changes.Names]);
        foreach (var twice in read.Files.GroupBy(file => file.Path, StringComparer.Ordinal).Where(group => group.Count() > 1))
        {
            reader.Fail(PropertyPath.Of("files"), $"{twice.Key} is given {twice.Count()} times");
        }

        foreach (var path in read.Files.Select(file => file.Path).Concat(read.Directories)
            .Where(path => IsReserved(path) || Parents(path).Any(IsReserved)).Concat(read.Files.Select(file => file.Path).Where(RootFileSystemArchive.IsFolder)))
        {
            reader.Fail(PropertyPath.Of("files"), $"{path} is taken: it is part of every tiny root file system", "Choose another path.");
        }

        // A file cannot have another below it: the archive would leave the first out, or fail half way.
        var folders = read.Files.Select(file => file.Path).Concat(read.Directories)
            .SelectMany(path => Parents(path)).Concat(read.Directories).ToHashSet(StringComparer.Ordinal);
        foreach (var file in read.Files.DistinctBy(file => file.Path).Where(file => folders.Contains(file.Path)))
        {
            reader.Fail(PropertyPath.Of("files"), $"{file.Path} is a file and a folder at once");
        }

        return new CheckResponse(inputs, reader.Failures);
    }

    /// <summary>The folders above a path, without the root.</summary>
    public static IEnumerable<string> Parents(string path)
    {
        for (var at = path.IndexOf('/', 1); at > 0; at = path.IndexOf('/', at + 1))
        {
            yield return path[..at];
        }
    }

    private static bool IsReserved(string path) => path is "/bin/busybox" or "/sbin/run" or "/init";

    private static RootFileSystemInputs Read(InputReader reader) => new()
    {
        Busybox = reader.Text("busybox", HostPath.Shape(), HostPath.Meant),
        Parent = reader.Text("path", HostPath.Shape(), HostPath.Meant) ?? DefaultParent,
        Files = [.. reader.Items("files").Select((item, index) => ReadFile(reader, item, PropertyPath.Of("files").Child(index))).OfType<RootFile>()],
        Directories = reader.Texts("directories", HostPath.Shape(), HostPath.Meant),
        Entrypoint = reader.Texts("entrypoint"),
        Command = reader.Texts("command"),
        ExposedPorts = ReadPorts(reader),
        HealthcheckCommand = reader.Texts("healthcheckCommand"),
        StopSignal = reader.Text("stopSignal", SignalShape(), "a signal, such as SIGTERM"),
        Stamp = reader.TextMap("stamp"),
    };

    private static RootFile? ReadFile(InputReader reader, PropertyValue item, PropertyPath path)
    {
        switch (InputReader.Plain(item))
        {
            case null:
                return null;
            case PropertyValue.Map { Properties: var properties }:
                foreach (var key in properties.Keys.Where(key => key is not ("path" or "content" or "mode")))
                {
                    reader.Fail(path.Child(key), $"'{key}' is no part of a file", "A file has path, content and mode.");
                }

                if (properties.Find("path") is null or PropertyValue.Null)
                {
                    reader.Fail(path.Child("path"), "'path' is missing");
                }

                var at = reader.Text(properties.Find("path"), path.Child("path"), HostPath.Shape(), HostPath.Meant);
                var content = reader.Text(properties.Find("content"), path.Child("content"), null, null) ?? "";
                var mode = reader.Text(properties.Find("mode"), path.Child("mode"), ModeShape(), "an octal mode such as 0644") ?? "0644";
                return at is null
                    ? null
                    : new RootFile(at, content, (UnixFileMode)Convert.ToInt32(mode, 8), item is PropertyValue.Secret || properties.Find("content") is PropertyValue.Secret);
            default:
                reader.Fail(path, "a map with path, content and mode is expected");
                return null;
        }
    }

    private static ImmutableArray<string> ReadPorts(InputReader reader)
    {
        var ports = ImmutableArray.CreateBuilder<string>();
        var path = PropertyPath.Of("exposedPorts");
        foreach (var (item, index) in reader.Items("exposedPorts").Select((item, index) => (item, index)))
        {
            var text = InputReader.Plain(item) switch
            {
                PropertyValue.Number number => $"{number}/tcp",
                PropertyValue.String { Value: var given } => given.Contains('/', StringComparison.Ordinal) ? given : $"{given}/tcp",
                null => null,
                _ => "",
            };
            if (text is not null && PortShape().Match(text) is { Success: true } match && int.Parse(match.Groups[1].ValueSpan, provider: null) is > 0 and < 65536)
            {
                ports.Add(text);
            }
            else if (text is not null)
            {
                reader.Fail(path.Child(index), $"'{item}' is not a port, such as 80 or 53/udp");
            }
        }

        return ports.ToImmutable();
    }

    [GeneratedRegex(@"\A[0-7]{3,4}\z")]
    private static partial Regex ModeShape();

    [GeneratedRegex(@"\A([0-9]{1,5})/(tcp|udp|sctp)\z")]
    private static partial Regex PortShape();

    [GeneratedRegex(@"\ASIG[A-Z0-9+-]{2,10}\z")]
    private static partial Regex SignalShape();
}
