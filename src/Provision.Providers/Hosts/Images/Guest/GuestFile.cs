using System.Formats.Tar;
using System.Text;

namespace Provision.Providers.Hosts.Images.Guest;

/// <summary>A file of ours inside a guest.</summary>
/// <param name="Path">Where, without a leading slash.</param>
/// <param name="Content">What it says.</param>
/// <param name="Executable">Whether it is a program.</param>
internal sealed record GuestFile(string Path, string Content, bool Executable)
{
    private const UnixFileMode Program = (UnixFileMode)0b111_101_101;
    private const UnixFileMode Readable = (UnixFileMode)0b110_100_100;

    /// <summary>One word of a shell, whatever is in it.</summary>
    public static string Quote(string word) => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>The files as an archive, for a build's stdin.</summary>
    public static byte[] Archive(IEnumerable<GuestFile> files)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.Path)
                {
                    Mode = file.Executable ? Program : Readable,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Content)),
                });
            }
        }

        return stream.ToArray();
    }
}
