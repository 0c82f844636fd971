using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts.Images;

/// <summary>A kernel as asked for.</summary>
/// <param name="Package">The package; null for the distribution's small one.</param>
/// <param name="Busybox">Where the static busybox is; null to look at the usual places.</param>
/// <param name="Parent">The folder that holds kernels.</param>
/// <param name="Stamp">Whose it is: project, stack and urn.</param>
internal sealed partial record BootKernelInputs(string? Package, string? Busybox, string Parent, ImmutableSortedDictionary<string, string> Stamp)
{
    public const string DefaultParent = "/var/lib/provision/kernels";

    // The folder is named after what is in it, so no change of an input can be made in place.
    public static readonly ApplyTable Changes = ApplyTable.Of(replace: ["package", "busybox", "path", "stamp"]);

    public static BootKernelInputs Read(PropertyMap inputs) => Read(new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        Read(reader);
        reader.RefuseOthers([.. Changes.Names]);
        return new CheckResponse(inputs, reader.Failures);
    }

    public ContentUser User(Urn urn) => ContentUser.Of(urn, Stamp, Package, Busybox);

    private static BootKernelInputs Read(InputReader reader) => new(
        reader.Text("package", NameShape(), "a package's name, such as linux-image-cloud-amd64"),
        reader.Text("busybox", HostPath.Shape(), HostPath.Meant),
        reader.Text("path", HostPath.Shape(), HostPath.Meant) ?? DefaultParent,
        reader.TextMap("stamp"));

    // It cannot start with a dash, so it cannot be taken for an option.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9+._-]*\z")]
    private static partial Regex NameShape();
}
