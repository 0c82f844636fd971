using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>
/// By what we know our own objects: a UUID derived from project, stack and URN, and in the metadata of domains and networks who they are of.
/// An object without them is never touched. Pure.
/// </summary>
/// <param name="Project">The project's name.</param>
/// <param name="Stack">The stack's name.</param>
/// <param name="Urn">The resource's.</param>
/// <param name="Owner">Who declared it, where that is said.</param>
internal sealed record LibvirtStamp(string Project, string Stack, string Urn, string? Owner)
{
    /// <summary>The hidden input that lowering puts there: a map of <c>provision.project</c>, <c>.stack</c>, <c>.urn</c>, <c>.owner</c>.</summary>
    public const string Input = "__stamp";

    public static readonly XNamespace Space = "urn:provision:stamp:1";

    /// <summary>The stamp among a resource's inputs; without one, what the URN says.</summary>
    public static LibvirtStamp Of(PropertyMap inputs, Urn urn)
    {
        var stamp = Values.Members(inputs.Find(Input));
        return new LibvirtStamp(
            TextOf(stamp, "provision.project") ?? urn.Project, TextOf(stamp, "provision.stack") ?? urn.Stack, TextOf(stamp, "provision.urn") ?? urn.ToString(),
            TextOf(stamp, "provision.owner"));
    }

    /// <summary>Reads it from a <c>metadata</c> element, or from what contains one; null where there is none.</summary>
    public static LibvirtStamp? Read(XElement? element) =>
        element?.DescendantsAndSelf(Space + "stamp").FirstOrDefault() is { } stamp
            ? new LibvirtStamp(
                stamp.Attribute("project")?.Value ?? "", stamp.Attribute("stack")?.Value ?? "", stamp.Attribute("urn")?.Value ?? "", stamp.Attribute("owner")?.Value)
            : null;

    /// <summary>
    /// The UUID (RFC 9562, version 8) of the object that this stamp is on: one half from project and stack, so that a pool, which has no metadata,
    /// still tells whose it is; the other from the URN.
    /// </summary>
    public Guid Uuid()
    {
        Span<byte> bytes = [.. HashOf($"{Project}\0{Stack}")[..8], .. HashOf($"{Project}\0{Stack}\0{Urn}")[..8]];
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    /// <summary>Whether a UUID is of an object of the same stack.</summary>
    public bool IsOfSameStack(string uuid) => Guid.TryParse(uuid, out var theirs) && theirs.ToString("N")[..16] == Uuid().ToString("N")[..16];

    /// <summary>The UUID as libvirt writes it.</summary>
    public string UuidText() => Uuid().ToString("D");

    /// <summary>The element that stands below <c>metadata</c>.</summary>
    public XElement ToXml() => new(
        Space + "stamp", new XAttribute(XNamespace.Xmlns + "provision", Space.NamespaceName), new XAttribute("project", Project), new XAttribute("stack", Stack),
        new XAttribute("urn", Urn), Owner is null ? null : new XAttribute("owner", Owner));

    /// <summary>Whether an object with that UUID and metadata is the one that this stamp is on.</summary>
    public bool IsOn(string uuid, XElement? metadata) => uuid == UuidText() && Read(metadata) is { } theirs && theirs.Urn == Urn && theirs.Stack == Stack && theirs.Project == Project;

    /// <summary>Whose an object is, to follow "is": another stack, something else of this one, or nobody we know.</summary>
    public static string OwnerOf(LibvirtStamp? stamp) => stamp is null
        ? "not made by provision"
        : $"of stack '{stamp.Stack}' of project '{stamp.Project}'{(Engine.Resources.Urn.TryParse(stamp.Urn, out var urn) ? $" ('{urn.Name}')" : "")}";

    private static ReadOnlySpan<byte> HashOf(string text) => SHA256.HashData(Encoding.UTF8.GetBytes($"{Space.NamespaceName}\0{text}"));

    private static string? TextOf(PropertyMap map, string key) => Values.Plain(map.Find(key)) is PropertyValue.String { Value.Length: > 0 } text ? text.Value : null;
}
