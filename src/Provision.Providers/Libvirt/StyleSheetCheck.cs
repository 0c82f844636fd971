using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Checks what every kind has: its style sheet, and that no text has characters that XML cannot hold.</summary>
internal static class StyleSheetCheck
{
    public static void Check(PropertyMap inputs, ICollection<CheckFailure> failures)
    {
        if (new InputReader(inputs).Object("xml")?.Text("xslt") is { } xslt && StyleSheet.Problem(xslt) is { } problem)
        {
            failures.Add(new CheckFailure(PropertyPath.Of("xml").Child("xslt"), $"is {problem}", "Write it as an XSLT 1.0 style sheet without scripts, documents or a DTD."));
        }

        CheckTexts(PropertyPath.Root, inputs, failures);
    }

    private static void CheckTexts(PropertyPath at, PropertyValue value, ICollection<CheckFailure> failures)
    {
        switch (Values.Plain(value))
        {
            case PropertyValue.String text when text.Value.Any(character => char.IsControl(character) && character is not ('\t' or '\n' or '\r')) || text.Value.AsSpan().ContainsAny('\uFFFE', '\uFFFF'):
                failures.Add(new CheckFailure(at, "has characters that XML cannot hold", "Leave the control characters out."));
                break;
            case PropertyValue.List list:
                foreach (var (i, item) in list.Items.Index())
                {
                    CheckTexts(at.Child(i), item, failures);
                }

                break;
            case PropertyValue.Map map:
                foreach (var (key, member) in map.Properties.Where((name, _) => !name.StartsWith("__", StringComparison.Ordinal)))
                {
                    CheckTexts(at.Child(key), member, failures);
                }

                break;
        }
    }
}
