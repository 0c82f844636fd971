using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Xml.Linq;
using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.Xml;

namespace Provision.Providers.Libvirt;

/// <summary>
/// The other domains of a connection, as far as a new one could collide with them. Each one's definition is read once a run: three hundred
/// machines must not read three hundred definitions each.
/// </summary>
internal sealed class DomainNeighbours
{
    private readonly ConcurrentDictionary<string, Neighbour> _known = new(StringComparer.Ordinal);

    /// <exception cref="ProviderException">The name, the UUID or a MAC address is taken by a domain that is not the one these inputs make.</exception>
    public async Task RefuseClashesAsync(LibvirtConnection libvirt, DomainFacts facts, LibvirtStamp stamp, CancellationToken cancellationToken)
    {
        var others = await libvirt.AskAsync("list the domains", Read, cancellationToken);
        var own = facts.Uuid.ToString("D");
        foreach (var other in others)
        {
            if (other.Uuid == own)
            {
                // A leftover of ours is taken over; one that only has the UUID is somebody's copy.
                if (other.Stamp is not { } theirs || theirs.Urn != stamp.Urn)
                {
                    throw Clash(facts, $"there is one with the UUID {own}, '{other.Name}', and it is {LibvirtStamp.OwnerOf(other.Stamp)}", other.Name, "give the copy a UUID of its own");
                }

                continue;
            }

            if (other.Name == facts.Name)
            {
                throw Clash(facts, $"there is one of that name, and it is {LibvirtStamp.OwnerOf(other.Stamp)}", other.Name, "give this machine another name");
            }

            if (facts.Macs.FirstOrDefault(other.Macs.Contains) is { } mac)
            {
                throw Clash(
                    facts, $"its MAC address {mac} is that of domain '{other.Name}', which is {LibvirtStamp.OwnerOf(other.Stamp)}", other.Name,
                    "give the NIC another mac, or leave it out");
            }
        }
    }

    private ImmutableArray<Neighbour> Read(ConnectHandle connect)
    {
        using var domains = connect.ListDomains();
        var found = ImmutableArray.CreateBuilder<Neighbour>(domains.Count);
        foreach (var domain in domains)
        {
            var uuid = domain.Uuid();
            try
            {
                var name = domain.Name();
                if (!_known.TryGetValue(uuid, out var neighbour) || neighbour.Name != name)
                {
                    var xml = domain.Xml(DomainXml.Inactive);
                    neighbour = new Neighbour(uuid, name, [.. DomainView.Parse(xml).Interfaces.Select(nic => nic.Mac)], LibvirtStamp.Read(XElement.Parse(xml)));
                    _known[uuid] = neighbour;
                }

                found.Add(neighbour);
            }
            catch (LibvirtException gone) when (gone.IsNotFound)
            {
                // Went away while the list was read.
            }
        }

        return found.ToImmutable();
    }

    /// <summary>Forgets a domain that was changed or removed.</summary>
    public void Forget(Guid uuid) => _known.TryRemove(uuid.ToString("D"), out _);

    private static ProviderException Clash(DomainFacts facts, string why, string name, string other) =>
        new(ProviderFailure.Conflict, $"Cannot create domain '{facts.Name}': {why}.", $"Remove it ('virsh undefine {name}'), or {other}.", Remainder.Untouched.Value);

    private sealed record Neighbour(string Uuid, string Name, ImmutableArray<string> Macs, LibvirtStamp? Stamp);
}
