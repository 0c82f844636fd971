using System.Formats.Tar;
using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Docker;

/// <summary>The files put into a container before it starts, as the archive the daemon unpacks at its root.</summary>
internal static class Uploads
{
    /// <summary>Null where there is nothing to upload. The caller disposes.</summary>
    /// <exception cref="ProviderException">A source file cannot be read.</exception>
    public static MemoryStream? Archive(PropertyMap inputs)
    {
        var uploads = new InputReader(inputs).Objects("uploads");
        if (uploads.IsEmpty)
        {
            return null;
        }

        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var upload in uploads)
            {
                var file = upload.Text("file") ?? "";
                writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, file.TrimStart('/'))
                {
                    Mode = ModeOf(upload),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(ContentOf(upload, file)),
                });
            }
        }

        archive.Position = 0;
        return archive;
    }

    private static UnixFileMode ModeOf(InputReader upload) =>
        upload.Text("permissions") is { } text ? (UnixFileMode)Convert.ToInt32(text, 8)
        : upload.Flag("executable") == true ? (UnixFileMode)0b111_100_100
        : (UnixFileMode)0b110_100_100;

    private static byte[] ContentOf(InputReader upload, string file)
    {
        if (upload.Text("contentBase64") is { } encoded)
        {
            return Convert.FromBase64String(encoded);
        }

        if (upload.Text("source") is not { } source)
        {
            return Encoding.UTF8.GetBytes(upload.Text("content") ?? "");
        }

        try
        {
            return File.ReadAllBytes(source);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ProviderException(
                ProviderFailure.Refused, $"The upload to '{file}' cannot be made: '{source}' cannot be read: {exception.Message}",
                "Correct uploads[].source, or give its content.", Remainder.Untouched.Value, exception);
        }
    }
}
