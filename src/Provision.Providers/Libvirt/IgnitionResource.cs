using System.Text;
using System.Text.Json;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.FirstBoot;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary><c>libvirt:index/ignition:Ignition</c> and <c>combustion:Combustion</c>: a file in a pool that a domain's <c>coreosIgnition</c> names.</summary>
internal sealed class IgnitionResource(bool ignition) : SeedResource(SeedTables.Content)
{
    public override string Type => ignition ? "libvirt:index/ignition:Ignition" : "libvirt:index/combustion:Combustion";

    protected override PropertyMap Resolve(Urn urn, PropertyMap inputs, List<CheckFailure> failures) => FirstBootData.ForContent(inputs, failures, ignition);

    protected override void CheckContent(PropertyMap written, List<CheckFailure> failures)
    {
        if (!ignition || new InputReader(written).Text("content") is not { } content)
        {
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(content);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("ignition", out _))
            {
                failures.Add(new CheckFailure(PropertyPath.Of("content"), "expected an Ignition configuration: an object with the member 'ignition'"));
            }
        }
        catch (JsonException exception)
        {
            // Its own message repeats a part of the text, which may be secret.
            failures.Add(new CheckFailure(
                PropertyPath.Of("content"), $"not well-formed JSON in line {exception.LineNumber + 1}",
                "Put it right; where it is a file, read it in the program: the host may be another machine."));
        }
    }

    protected override Task<byte[]> ContentAsync(PropertyMap inputs, CancellationToken cancellationToken) =>
        Task.FromResult(Encoding.UTF8.GetBytes(new InputReader(inputs).Text("content") ?? ""));
}
