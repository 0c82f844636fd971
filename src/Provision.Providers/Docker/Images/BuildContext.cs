using System.Diagnostics.CodeAnalysis;

namespace Provision.Providers.Docker.Images;

/// <summary>A folder to build from: its Dockerfile, and what of it the builder gets to see.</summary>
internal sealed class BuildContext
{
    private readonly DockerIgnore _ignore;

    private BuildContext(string folder, string dockerfile, string? inside, DockerIgnore ignore) =>
        (Folder, Dockerfile, DockerfileInside, _ignore) = (folder, dockerfile, inside, ignore);

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>The Dockerfile's full path; it may lie outside the folder.</summary>
    public string Dockerfile { get; }

    /// <summary>The Dockerfile's path in the folder, with slashes; null where it lies outside, or is a link and so may lead there.</summary>
    public string? DockerfileInside { get; }

    /// <summary>Looks for the folder and the files that steer the build; reads nothing else.</summary>
    public static bool TryOpen(string folder, string dockerfile, [NotNullWhen(true)] out BuildContext? context, [NotNullWhen(false)] out ContextFault? fault)
    {
        context = null;
        fault = Open(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), Path.GetFullPath(dockerfile), ref context);
        return context is not null;
    }

    /// <summary>Everything the builder gets, folders before what they hold, in an order that is the same on every machine.</summary>
    public IEnumerable<ContextEntry> Entries()
    {
        var folders = new Stack<(string Path, string FullPath)>();
        folders.Push(("", Folder));
        while (folders.TryPop(out var folder))
        {
            var found = new DirectoryInfo(folder.FullPath).GetFileSystemInfos();
            Array.Sort(found, (left, right) => string.CompareOrdinal(left.Name, right.Name));
            var below = new List<(string Path, string FullPath)>();
            foreach (var item in found)
            {
                var path = folder.Path.Length == 0 ? item.Name : $"{folder.Path}/{item.Name}";
                var isFolder = item is DirectoryInfo && item.LinkTarget is null;
                var ignored = _ignore.Ignores(path);
                if (isFolder && (!ignored || _ignore.MayKeepBelow(path)))
                {
                    below.Add((path, item.FullName));
                }

                if (!ignored)
                {
                    yield return new ContextEntry(path, item.FullName, KindOf(item, isFolder), item.LinkTarget);
                }
            }

            below.Reverse();
            below.ForEach(folders.Push);
        }
    }

    /// <summary>Whether the engine must be told to leave the Dockerfile or the ignore file out of <c>COPY . .</c>; it gets them all the same.</summary>
    public bool Ignores(string path) => _ignore.Ignores(path);

    private static ContextFault? Open(string folder, string dockerfile, ref BuildContext? context)
    {
        if (!Directory.Exists(folder))
        {
            return File.Exists(folder)
                ? new ContextFault("context", $"The build context '{folder}' is a file, not a folder.", "Name the folder that holds the Dockerfile.")
                : new ContextFault("context", $"The build context '{folder}' does not exist.", "Create the folder or correct the path; a relative path is taken from the workspace.");
        }

        if (!File.Exists(dockerfile))
        {
            return Directory.Exists(dockerfile)
                ? new ContextFault("dockerfile", $"The Dockerfile '{dockerfile}' is a folder.", "Name the file itself.")
                : new ContextFault("dockerfile", $"The Dockerfile '{dockerfile}' does not exist.", "Create it, or say where it is with build.dockerfile.");
        }

        try
        {
            var inside = InsideOf(folder, dockerfile);
            context = new BuildContext(folder, dockerfile, inside, ReadIgnore(folder, dockerfile));
            return null;
        }
        catch (FormatException malformed)
        {
            return new ContextFault("context", $"In the build context '{folder}', {malformed.Message}", $"Correct the line in {DockerIgnore.FileName}.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ContextFault("context", $"The build context '{folder}' cannot be read: {unreadable.Message}", "Give yourself permission to read it.");
        }
    }

    private static string? InsideOf(string folder, string dockerfile)
    {
        var relative = Path.GetRelativePath(folder, dockerfile).Replace(Path.DirectorySeparatorChar, '/');
        var outside = relative == ".." || relative.StartsWith("../", StringComparison.Ordinal) || Path.IsPathRooted(relative);

        // A link on the way would make the engine look somewhere else than we do.
        return outside || HasLink(folder, relative) ? null : relative;
    }

    private static bool HasLink(string folder, string relative)
    {
        var at = folder;
        foreach (var part in relative.Split('/'))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The ignore file of this Dockerfile where it has one of its own, else that of the folder.</summary>
    private static DockerIgnore ReadIgnore(string folder, string dockerfile)
    {
        var own = dockerfile + DockerIgnore.FileName;
        var path = File.Exists(own) ? own : Path.Combine(folder, DockerIgnore.FileName);
        return File.Exists(path) ? DockerIgnore.Parse(File.ReadAllText(path)) : DockerIgnore.Empty;
    }

    private static ContextEntryKind KindOf(FileSystemInfo item, bool isFolder) =>
        isFolder ? ContextEntryKind.Folder : item.LinkTarget is null ? ContextEntryKind.File : ContextEntryKind.Link;
}
