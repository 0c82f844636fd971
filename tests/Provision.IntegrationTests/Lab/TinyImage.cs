using System.Formats.Tar;
using System.Text;

namespace Provision.IntegrationTests.Lab;

/// <summary>A file system of one static busybox: two megabytes, no network needed to have it.</summary>
internal static class TinyImage
{
    public const string Name = "provision-lab/tiny";
    public const string Tag = "1";

    /// <summary>Runs until told to end, and then ends at once: the first process of a container has no default handler of SIGTERM.</summary>
    public static readonly string[] Changes =
        ["ENV PATH=/bin", "WORKDIR /", """CMD ["/bin/sh","-c","trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done"]"""];

    private static readonly string[] Applets =
        ["sh", "sleep", "cat", "echo", "ls", "httpd", "wget", "hostname", "kill", "env", "id", "touch", "test", "nslookup", "true", "false", "stty", "rm", "mkdir", "stat", "ip", "head", "date", "tty", "printf", "pwd"];

    public static MemoryStream Archive(string busybox)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin/", "etc/", "tmp/", "www/", "data/" })
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101 });
            }

            Write(writer, "bin/busybox", File.ReadAllBytes(busybox), 0b111_101_101);
            Write(writer, "etc/passwd", "root:x:0:0:root:/:/bin/sh\nlab:x:1000:1000:lab:/:/bin/sh\n"u8.ToArray(), 0b110_100_100);
            Write(writer, "etc/group", "root:x:0:\nlab:x:1000:\n"u8.ToArray(), 0b110_100_100);
            Write(writer, "www/index.html", Encoding.UTF8.GetBytes("tiny"), 0b110_100_100);
            foreach (var applet in Applets)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
            }
        }

        archive.Position = 0;
        return archive;
    }

    private static void Write(TarWriter writer, string path, byte[] content, int mode) =>
        writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, path) { Mode = (UnixFileMode)mode, DataStream = new MemoryStream(content) });
}
