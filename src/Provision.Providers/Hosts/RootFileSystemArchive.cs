using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using System.Text.Json;
using System.Text.Encodings.Web;

namespace Provision.Providers.Hosts;

/// <summary>
/// Everything of a tiny root file system but busybox itself, as a tar: it goes to the host through stdin, so no content is ever on a
/// command line. <c>rootfs/</c> knows nothing of Docker; it boots as an initramfs as well.
/// </summary>
internal static class RootFileSystemArchive
{
    public const string DockerfileName = "Dockerfile";
    public const string RootName = "rootfs";

    private const UnixFileMode Folder = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;
    private const UnixFileMode Sticky = (UnixFileMode)0b001_111_111_111;

    // The kernel ignores a signal that process 1 has no handler for, and most of busybox's daemons have none. As a child of this
    // they end by default. A shell gives what it starts beside itself /dev/null to read, so stdin is handed on under another number, and a
    // bare initramfs has to get that device first. The second wait is for the child: the signal ended the first.
    private const string Run = """
        #!/bin/sh
        [ -e /dev/null ] || mknod -m 666 /dev/null c 1 3
        exec 3<&0
        "$@" <&3 3<&- &
        child=$!
        trap 'kill -TERM "$child" 2>/dev/null' TERM INT
        trap 'kill -HUP "$child" 2>/dev/null' HUP
        wait "$child"
        code=$?
        while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done
        exit "$code"

        """;

    private static readonly string[] Folders =
        ["bin", "sbin", "usr", "usr/bin", "usr/sbin", "etc", "dev", "proc", "sys", "run", "root", "home", "var", "var/log", "var/lib", "srv", "mnt"];

    private static readonly string[] Shared = ["tmp", "var/tmp"];

    private static readonly (string Path, string Content)[] Files =
    [
        ("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"),
        ("etc/group", "root:x:0:\nnogroup:x:65534:\n"),
        ("etc/nsswitch.conf", "hosts: files dns\n"),
    ];

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether every tiny root file system has that folder, so that it cannot be a file.</summary>
    public static bool IsFolder(string path) => Folders.Concat(Shared).Contains(path[1..]);

    /// <summary>The archive. <paramref name="applets"/> are busybox's full paths, without a leading slash.</summary>
    public static byte[] Write(RootFileSystemInputs inputs, IReadOnlyList<string> applets)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            var made = new HashSet<string>(StringComparer.Ordinal);
            WriteFolder(tar, made, RootName, Folder);
            foreach (var folder in Folders)
            {
                WriteFolder(tar, made, $"{RootName}/{folder}", Folder);
            }

            foreach (var folder in Shared)
            {
                WriteFolder(tar, made, $"{RootName}/{folder}", Sticky);
            }

            var own = inputs.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            foreach (var folder in inputs.Directories.Concat(inputs.Files.SelectMany(file => RootFileSystemInputs.Parents(file.Path)))
                .SelectMany(path => RootFileSystemInputs.Parents(path).Append(path)))
            {
                WriteFolder(tar, made, RootName + folder, Folder);
            }

            foreach (var applet in applets.Where(applet => applet != "bin/busybox" && !own.Contains("/" + applet) && !made.Contains($"{RootName}/{applet}")))
            {
                WriteLink(tar, $"{RootName}/{applet}", "/bin/busybox");
            }

            // The kernel starts /init of an initramfs, and /sbin/init of a disk.
            WriteLink(tar, $"{RootName}/init", "/sbin/init");
            WriteFile(tar, $"{RootName}/sbin/run", Run, Executable);
            foreach (var (path, content) in Files.Where(file => !own.Contains("/" + file.Path)))
            {
                WriteFile(tar, $"{RootName}/{path}", content, Readable);
            }

            foreach (var file in inputs.Files)
            {
                WriteFile(tar, RootName + file.Path, file.Content, file.Mode);
            }

            WriteFile(tar, DockerfileName, Dockerfile(inputs), Readable);
        }

        return stream.ToArray();
    }

    /// <summary>The image of it: what Docker alone needs stands here, beside the root file system.</summary>
    public static string Dockerfile(RootFileSystemInputs inputs)
    {
        var text = new StringBuilder("FROM scratch\nCOPY rootfs/ /\nENV PATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
        foreach (var port in inputs.ExposedPorts)
        {
            text.Append("EXPOSE ").Append(port).Append('\n');
        }

        if (inputs.StopSignal is { } signal)
        {
            text.Append("STOPSIGNAL ").Append(signal).Append('\n');
        }

        if (!inputs.HealthcheckCommand.IsEmpty)
        {
            text.Append("HEALTHCHECK --interval=1s --timeout=5s CMD ").Append(Json(inputs.HealthcheckCommand)).Append('\n');
        }

        text.Append("ENTRYPOINT ").Append(Json(inputs.Entrypoint.IsEmpty ? ["/sbin/run"] : inputs.Entrypoint)).Append('\n');
        var command = inputs.Command.IsEmpty && inputs.Entrypoint.IsEmpty ? ["/bin/sh"] : inputs.Command;
        if (!command.IsEmpty)
        {
            text.Append("CMD ").Append(Json(command)).Append('\n');
        }

        return text.ToString();
    }

    // A line of a Dockerfile: JSON escapes the line breaks, and in this form no variable is replaced.
    private static string Json(ImmutableArray<string> words) => JsonSerializer.Serialize(words.ToArray(), Plain);

    private static void WriteFolder(TarWriter tar, HashSet<string> made, string path, UnixFileMode mode)
    {
        if (made.Add(path))
        {
            tar.WriteEntry(Dated(new PaxTarEntry(TarEntryType.Directory, path + "/") { Mode = mode }));
        }
    }

    private static void WriteLink(TarWriter tar, string path, string target) =>
        tar.WriteEntry(Dated(new PaxTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target, Mode = (UnixFileMode)0b111_111_111 }));

    private static void WriteFile(TarWriter tar, string path, string content, UnixFileMode mode) =>
        tar.WriteEntry(Dated(new PaxTarEntry(TarEntryType.RegularFile, path) { Mode = mode, DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) }));

    // One fixed time, so that equal inputs give equal layers.
    private static PaxTarEntry Dated(PaxTarEntry entry)
    {
        entry.ModificationTime = DateTimeOffset.UnixEpoch;
        return entry;
    }
}
