using System.Text.RegularExpressions;
using System.Xml;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What libvirt would refuse, found before anything is touched. Pure.</summary>
internal static partial class DomainChecks
{
    private static readonly string[] DiskSources = ["volumeId", "file", "blockDevice", "url"];
    private static readonly string[] InterfaceSources = ["networkName", "networkId", "bridge", "macvtap", "vepa", "passthrough"];

    public static CheckResponse Check(CheckRequest request, DomainType type)
    {
        var named = PhysicalName.WithName(request.NewInputs, request.OldInputs, request.Urn);
        var failures = InputChecks.Check(DomainTable.Table, named);
        string? remark = null;
        if (failures.Count == 0)
        {
            (named, remark) = type.Choose(named, request.OldInputs, failures);
            CheckCharacters(PropertyPath.Root, named, failures);
            CheckTogether(named, failures);
            CheckDriver(named, type.Driver, failures);
        }

        return new CheckResponse(named, [.. failures]) { Remark = remark, Sizes = DomainTable.Table.Sizes };
    }

    private static void CheckTogether(PropertyMap map, List<CheckFailure> failures)
    {
        var inputs = new InputReader(map);
        void Fail(PropertyPath at, string reason, string? remedy = null) => failures.Add(new CheckFailure(at, reason, remedy));

        var serials = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, item) in Values.Items(map.Find("disks")).Index())
        {
            var at = PropertyPath.Of("disks").Child(i);
            var disk = new InputReader(Values.Members(item));
            CheckSources(at, disk, DiskSources, "where the disk comes from", failures);
            if (disk.Text("__serial") is { } serial)
            {
                if (!SerialPattern().IsMatch(serial) || SeedId.IsSeedSerial(serial))
                {
                    Fail(at.Child("__serial"), "expected a serial: up to 20 letters, digits, '_', '.' and '-', that does not begin with 'cidata'");
                }
                else if (!serials.Add(serial))
                {
                    Fail(at.Child("__serial"), $"two disks have the serial '{serial}', and the guest could not tell them apart", "Give each a name of its own.");
                }
            }
        }

        var macs = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (i, item) in Values.Items(map.Find("networkInterfaces")).Index())
        {
            var at = PropertyPath.Of("networkInterfaces").Child(i);
            var nic = new InputReader(Values.Members(item));
            CheckSources(at, nic, InterfaceSources, "what the NIC is connected to", failures);
            if (nic.Text("mac") is { } mac && DomainCanonical.Mac(mac) is { } canonical && !macs.Add(canonical))
            {
                Fail(at.Child("mac"), $"two NICs have the MAC address {canonical}", "Leave it out: each gets one of its own.");
            }

            if (!nic.Texts("addresses").IsEmpty && !nic.Has("networkName") && !nic.Has("networkId") && Values.Plain(item) is not PropertyValue.Unknown)
            {
                Fail(at.Child("addresses"), "only libvirt's own networks have a DHCP server that can hold an address", "Set it inside the guest, or use a network.");
            }
        }

        if (inputs.Text("metadata") is { } metadata && MetadataProblem(metadata) is { } problem)
        {
            Fail(PropertyPath.Of("metadata"), problem, "Write it as <name xmlns='urn:of-your-own'>…</name>.");
        }

        if (inputs.Object("xml")?.Text("xslt") is { } xslt && StyleSheet.Problem(xslt) is { } sheet)
        {
            Fail(PropertyPath.Of("xml").Child("xslt"), sheet);
        }

        if (inputs.Text("__firmware") is { } firmware && firmware is not ("bios" or DomainWriter.Efi or DomainWriter.EfiSecure))
        {
            Fail(PropertyPath.Of("__firmware"), "expected bios, efi or efi-secure");
        }
        else if (inputs.Text("__firmware") is DomainWriter.EfiSecure && inputs.Text("machine") is { } machine && machine.StartsWith("pc", StringComparison.Ordinal) && !machine.Contains("q35", StringComparison.Ordinal))
        {
            Fail(PropertyPath.Of("__firmware"), $"the machine type '{machine}' cannot boot securely", "Use q35, or leave machine out.");
        }

        if (inputs.Text("__power") is { } power && power is not ("running" or "paused" or "off"))
        {
            Fail(PropertyPath.Of("__power"), "expected running, paused or off");
        }

        if (inputs.Object("__ready") is { } ready && ready.Has("port") && ready.Integer("port") is not (> 0 and < 65536))
        {
            Fail(PropertyPath.Of("__ready").Child("port"), "expected a port from 1 to 65535");
        }
    }

    private static void CheckSources(PropertyPath at, InputReader one, string[] sources, string what, List<CheckFailure> failures)
    {
        var given = sources.Count(one.Has);
        if (given != 1)
        {
            failures.Add(new CheckFailure(
                at, given == 0 ? $"it does not say {what}" : $"it says {given} times {what}", $"Give exactly one of {string.Join(", ", sources)}."));
        }
    }

    private static void CheckDriver(PropertyMap map, LibvirtDriver driver, List<CheckFailure> failures)
    {
        var inputs = new InputReader(map);
        void Needs(bool asked, LibvirtFeature feature, string path, string what, string remedy)
        {
            if (asked && driver.Lacks(feature, PropertyPath.Of(path), what, remedy) is { } failure)
            {
                failures.Add(failure);
            }
        }

        Needs(inputs.Flag("autostart") == true, LibvirtFeature.Autostart, "autostart", "autostart", "Leave it out, and start the machine when the host has booted.");
        Needs(inputs.Text("__power") == "paused", LibvirtFeature.Suspend, "__power", "way to pause a machine", "Let it run, or switch it off.");
        Needs(
            inputs.Objects("networkInterfaces").Any(nic => nic.Flag("waitForLease") == true), LibvirtFeature.Addresses, "networkInterfaces", "word of a guest's addresses",
            "Leave waitForLease out, and find the address in the guest.");
        Needs(
            inputs.Objects("networkInterfaces").Any(nic => !nic.Texts("addresses").IsEmpty), LibvirtFeature.NetworkUpdate, "networkInterfaces", "way to hold an address for a machine",
            "Set it inside the guest.");
    }

    /// <summary>Text that XML cannot hold at all: found here and not by an exception while it is written.</summary>
    private static void CheckCharacters(PropertyPath at, PropertyValue value, List<CheckFailure> failures)
    {
        switch (Values.Plain(value))
        {
            case PropertyValue.String text when !IsXml(text.Value):
                failures.Add(new CheckFailure(at, "it holds a control character, or a half of one", "Take it out: libvirt speaks XML, which has none."));
                break;
            case PropertyValue.List list:
                for (var i = 0; i < list.Items.Length; i++)
                {
                    CheckCharacters(at.Child(i), list.Items[i], failures);
                }

                break;
            case PropertyValue.Map map:
                foreach (var (name, member) in map.Properties)
                {
                    CheckCharacters(at.Child(name), member, failures);
                    if (!IsXml(name))
                    {
                        failures.Add(new CheckFailure(at, "a name in it holds a control character, or a half of one"));
                    }
                }

                break;
        }
    }

    private static bool IsXml(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!XmlConvert.IsXmlChar(text[i]))
            {
                if (i + 1 >= text.Length || !XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                {
                    return false;
                }

                i++;
            }
        }

        return true;
    }

    /// <summary>libvirt keeps one element a namespace, and drops what has none.</summary>
    private static string? MetadataProblem(string text)
    {
        try
        {
            var elements = DomainWriter.ParseMetadata(text);
            return elements.Length == 0 || elements.Any(element => element.Name.NamespaceName.Length == 0) ? "each of its elements needs a namespace of its own"
                : elements.GroupBy(element => element.Name.Namespace).Any(group => group.Count() > 1) ? "two of its elements have the same namespace, of which libvirt keeps one"
                : elements.Any(element => element.Name.NamespaceName.StartsWith("urn:provision:", StringComparison.Ordinal)) ? "the namespace urn:provision: is ours"
                : null;
        }
        catch (XmlException exception)
        {
            return $"not well-formed XML in line {exception.LineNumber}, column {exception.LinePosition}";
        }
    }

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,20}\z")]
    private static partial Regex SerialPattern();
}
