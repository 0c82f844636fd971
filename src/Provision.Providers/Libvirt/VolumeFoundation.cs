using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>Whether a volume stands on what its inputs name: nobody but its own header says what is read where it holds nothing itself.</summary>
internal static class VolumeFoundation
{
    /// <summary>Looked at. Blocks: to be called on a worker.</summary>
    public static bool IsAnother(ConnectHandle connect, SeenVolume volume, PropertyMap inputs)
    {
        var reader = new InputReader(inputs);

        // Whoever rewrites the definition may have given it another base on purpose.
        if (!VolumeChecks.IsClone(reader) || reader.Object("xml")?.Text("xslt") is not null)
        {
            return false;
        }

        // Nearly always the id is the path, and needs no call.
        var seen = VolumeXml.BaseIn(volume.Xml);
        return seen != reader.Text("baseVolumeId") && DeclaredPath(connect, volume, reader) is { } declared && seen != declared;
    }

    /// <summary>The outputs with what it really stands on for a base; nothing where it stands on nothing.</summary>
    public static PropertyMap In(PropertyMap outputs, SeenVolume volume)
    {
        var input = outputs.Find("baseVolumeName") is PropertyValue.String ? "baseVolumeName" : "baseVolumeId";
        return outputs.With(input, VolumeXml.BaseIn(volume.Xml) is { } path ? path : PropertyValue.Null.Value);
    }

    /// <summary>Null where nobody knows: a base that is gone cannot be compared with.</summary>
    private static string? DeclaredPath(ConnectHandle connect, SeenVolume volume, InputReader inputs)
    {
        if (inputs.Text("baseVolumeId") is { } id)
        {
            using var known = connect.FindVolume(id) ?? connect.FindVolumeByPath(id);
            return known?.Path() ?? (id.StartsWith('/') ? id : null);
        }

        using var pool = connect.FindPoolByName(inputs.Text("baseVolumePool") ?? volume.Pool);
        using var named = pool?.IsActive() == true ? pool.FindVolume(inputs.Text("baseVolumeName") ?? "") : null;
        return named?.Path();
    }
}
