using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Provision.Providers.Hosts;

/// <summary>Names a root file system after all that is in it.</summary>
internal static class RootFileSystemDigest
{
    // Raised when the layout below changes, so that an old folder is not taken for a new one.
    private const string Layout = "1";

    private const int Rounds = 100_000;

    public static string Of(RootFileSystemInputs inputs, string busyboxSha256, IReadOnlyList<string> applets)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            json.WriteStringValue(Layout);
            json.WriteStringValue(busyboxSha256);
            WriteTexts(json, applets);
            json.WriteStartArray();
            foreach (var file in inputs.Files.OrderBy(file => file.Path, StringComparer.Ordinal))
            {
                json.WriteStringValue(file.Path);
                json.WriteNumberValue((int)file.Mode);
                json.WriteStringValue(ContentHash(file));
            }

            json.WriteEndArray();
            WriteTexts(json, inputs.Directories.Order(StringComparer.Ordinal));
            WriteTexts(json, inputs.Entrypoint);
            WriteTexts(json, inputs.Command);
            WriteTexts(json, inputs.ExposedPorts);
            WriteTexts(json, inputs.HealthcheckCommand);
            json.WriteStringValue(inputs.StopSignal);
            WriteTexts(json, inputs.Stamp.SelectMany(entry => (string[])[entry.Key, entry.Value]));
            json.WriteEndArray();
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan))[..32];
    }

    // The digest is shown and stored in the clear: a plain hash of a short secret could be guessed from it.
    private static string ContentHash(RootFile file)
    {
        var content = Encoding.UTF8.GetBytes(file.Content);
        return Convert.ToHexStringLower(file.IsSecret
            ? Rfc2898DeriveBytes.Pbkdf2(content, Encoding.UTF8.GetBytes("provision:" + file.Path), Rounds, HashAlgorithmName.SHA256, 32)
            : SHA256.HashData(content));
    }

    private static void WriteTexts(Utf8JsonWriter json, IEnumerable<string> texts)
    {
        json.WriteStartArray();
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}
