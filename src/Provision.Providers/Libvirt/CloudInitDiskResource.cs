using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.FirstBoot;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/cloudInitDisk:CloudInitDisk</c>: the NoCloud disk, labelled cidata.</summary>
internal sealed class CloudInitDiskResource(TimeProvider clock, string searchPath) : SeedResource(SeedTables.CloudInitDisk)
{
    /// <summary>Name among the inputs, name on the disk.</summary>
    private static readonly (string Input, string File)[] Files = [("userData", "user-data"), ("metaData", "meta-data"), ("networkConfig", "network-config")];

    public override string Type => "libvirt:index/cloudInitDisk:CloudInitDisk";

    protected override PropertyMap Resolve(Urn urn, PropertyMap inputs, List<CheckFailure> failures) => FirstBootData.ForCloudInit(urn, inputs, failures);

    /// <summary>cloud-init says what it could not read in a log inside the guest; here it is said before there is a guest.</summary>
    protected override void CheckContent(PropertyMap written, List<CheckFailure> failures)
    {
        var program = new InputReader(written);
        foreach (var (name, _) in Files)
        {
            if (program.Text(name) is { } text && (name != "userData" || text.StartsWith(CloudConfigText.Header, StringComparison.Ordinal))
                && CloudConfigText.Problem(text, mapping: true) is { } problem)
            {
                failures.Add(new CheckFailure(PropertyPath.Of(name), problem, "Put it right; a YAML checker shows where."));
            }
        }
    }

    protected override Task<byte[]> ContentAsync(PropertyMap inputs, CancellationToken cancellationToken)
    {
        var program = new InputReader(inputs);

        // Without meta-data the disk is no NoCloud disk, though an empty file will do.
        var files = Files.Where(file => file.File != "network-config" || program.Text(file.Input) is not null)
            .ToDictionary(file => file.File, file => program.Text(file.Input) ?? "", StringComparer.Ordinal);
        return SeedIso.MakeAsync(files, searchPath, clock, cancellationToken);
    }
}
