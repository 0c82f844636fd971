using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>Cloud-config as text: read to see whether it is well-formed, written from nodes. Pure. Never repeats a text: it may be secret.</summary>
internal static class CloudConfigText
{
    public const string Header = "#cloud-config";

    /// <summary>What is wrong with a YAML text, to follow its name; null where it is well-formed.</summary>
    public static string? Problem(string text, bool mapping)
    {
        try
        {
            var documents = Load(text).Documents;
            return mapping && documents is not ([] or [{ RootNode: YamlMappingNode }]) ? "expected one YAML mapping (key: value)" : null;
        }
        catch (YamlException exception)
        {
            return $"not well-formed YAML in line {exception.Start.Line}, column {exception.Start.Column}";
        }
        catch (ArgumentException)
        {
            // The representation model's word for a key given twice that the parser let through.
            return "not well-formed YAML: a key is given twice";
        }
    }

    public static YamlMappingNode Read(string text) => Load(text).Documents is [{ RootNode: YamlMappingNode mapping }, ..] ? mapping : [];

    public static string Write(YamlMappingNode root)
    {
        using var text = new StringWriter { NewLine = "\n" };
        text.Write($"{Header}\n");

        // As wide as can be: a folded line would be right, too, but nobody can read it.
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        new YamlStream(new YamlDocument(root)).Save(emitter, assignAnchors: false);

        // The stream writer ends a document with "...".
        return text.ToString().TrimEnd('\n') is var written && written.EndsWith("\n...", StringComparison.Ordinal) ? written[..^3] : written + "\n";
    }

    private static YamlStream Load(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return stream;
    }
}
