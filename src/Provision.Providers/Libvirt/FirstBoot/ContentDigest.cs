using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Provision.Engine.Resources;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>A UUID that stands for a content: in the id of the disk that holds it, and as the <c>instance-id</c> by which a guest knows new data.</summary>
internal static class ContentDigest
{
    // An id is kept and shown in plain text: many rounds make it costly to guess a password in the content from it. They take milliseconds, in each plan
    // and for each machine, so what holds no secret does without.
    private const int Rounds = 10_000;

    /// <param name="urn">Whose content it is.</param>
    /// <param name="isSecret">Whether it holds a secret.</param>
    /// <param name="parts">The content.</param>
    public static Guid Of(Urn urn, bool isSecret, params ReadOnlySpan<string?> parts)
    {
        var length = 0;
        foreach (var part in parts)
        {
            length += (part?.Length ?? 0) + "2147483647:".Length;
        }

        // As long as it is where all of it is ASCII.
        var content = new ArrayBufferWriter<byte>(length);
        foreach (var part in parts)
        {
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{part?.Length ?? -1}:"), content);
            Encoding.UTF8.GetBytes(part, content);
        }

        var bytes = Rfc2898DeriveBytes.Pbkdf2(content.WrittenSpan, Encoding.UTF8.GetBytes(urn.ToString()), isSecret ? Rounds : 1, HashAlgorithmName.SHA256, 16);

        // Version 8, "of a maker's own": RFC 9562, section 5.8.
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
