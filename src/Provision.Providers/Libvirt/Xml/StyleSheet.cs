using System.Xml;
using System.Xml.Linq;
using System.Xml.Xsl;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>Pulumi's escape hatch: a program's XSLT over the finished XML. It can neither run code nor read files.</summary>
internal static class StyleSheet
{
    private static readonly XmlReaderSettings Closed = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null };

    public static string Apply(XElement root, string? xslt)
    {
        if (xslt is null)
        {
            return root.ToString();
        }

        using var result = new StringWriter();
        using (var writer = XmlWriter.Create(result, new XmlWriterSettings { Indent = true, OmitXmlDeclaration = true, ConformanceLevel = ConformanceLevel.Auto }))
        {
            Compile(xslt).Transform(root.CreateReader(), null, writer);
        }

        return result.ToString();
    }

    /// <summary>What is wrong with a style sheet; null where it is well-formed.</summary>
    public static string? Problem(string xslt)
    {
        try
        {
            _ = Compile(xslt);
            return null;
        }
        catch (Exception exception) when (exception is XsltException or XmlException)
        {
            return exception is XsltException { LineNumber: > 0 } at ? $"no XSLT that can be used: line {at.LineNumber}" : "no XSLT that can be used";
        }
    }

    private static XslCompiledTransform Compile(string xslt)
    {
        var transform = new XslCompiledTransform();
        using var reader = XmlReader.Create(new StringReader(xslt), Closed);
        transform.Load(reader, XsltSettings.Default, null);
        return transform;
    }
}
