using System.Buffers.Binary;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>What the first bytes of an image say. Pure.</summary>
/// <param name="Format">qcow2, or raw where nothing is known.</param>
/// <param name="Capacity">How large the disk in it is, in bytes; null where that is the file's size.</param>
internal readonly record struct ImageHeader(string Format, long? Capacity)
{
    /// <summary>As many bytes as have to be looked at.</summary>
    public const int Length = 32;

    private const uint Qcow2Magic = 0x514649fb;

    public static ImageHeader Read(ReadOnlySpan<byte> start) =>
        start.Length >= Length && BinaryPrimitives.ReadUInt32BigEndian(start) == Qcow2Magic
            ? new ImageHeader("qcow2", (long)BinaryPrimitives.ReadUInt64BigEndian(start[24..]))
            : new ImageHeader("raw", null);

    /// <summary>The header of a file here; null where it cannot be read.</summary>
    public static ImageHeader? OfFile(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var start = new byte[Length];
            return Read(start.AsSpan(0, file.ReadAtLeast(start, Length, throwOnEndOfStream: false)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
