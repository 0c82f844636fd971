using System.Globalization;
using System.Text.Json;
using Provision.Model.Fit;

namespace Provision.Cli.Rendering;

/// <summary>Whether a stack fits, as a line and small tables a host, or as JSON.</summary>
internal static class FitView
{
    public static IEnumerable<StyledLine> Lines(FitReport report)
    {
        foreach (var (at, host) in report.Hosts.Index())
        {
            if (at > 0)
            {
                yield return StyledLine.Empty;
            }

            yield return StyledLine.Of(FitWords.Headline(host), host.Fits ? Tone.Strong : Tone.Error);
            foreach (var line in Quantities(host).Concat(host.Networks.IsEmpty ? [] : Networks(host)))
            {
                yield return Indented(line);
            }

            if (host.Ports > 0)
            {
                yield return StyledLine.Of(string.Create(CultureInfo.InvariantCulture, $"  published ports: {host.Ports}"));
            }

            foreach (var note in FitWords.Notes(host))
            {
                yield return StyledLine.Of("  note: ", Tone.Warning).Add(note);
            }
        }
    }

    /// <summary>
    /// <c>{ "version": 1, "stack", "fits", "hosts": [{ "name", "fits", "containers", "machines", "fitting", "shortages": [text], "quantities": [],
    /// "networks": [], "pools": { "needed", "usable" }, "ports": { "published", "clashes": [] }, "subnetClashes": [] }] }</c>. Memory and disk are
    /// in bytes; what nobody knows is null. A reader has to bear fields that it does not know.
    /// </summary>
    public static string Json(string stack, FitReport report) => JsonText.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("version", 1);
        writer.WriteString("stack", stack);
        writer.WriteBoolean("fits", report.Fits);
        Write(writer, "hosts", report.Hosts, host =>
        {
            writer.WriteString("name", host.Name);
            writer.WriteBoolean("fits", host.Fits);
            writer.WriteNumber("containers", host.Containers);
            writer.WriteNumber("machines", host.Machines);
            writer.WriteNumber("fitting", host.Fitting);
            writer.WriteStartArray("shortages");
            foreach (var shortage in FitWords.Shortages(host))
            {
                writer.WriteStringValue(shortage);
            }

            writer.WriteEndArray();
            Write(writer, "quantities", host.Quantities, one =>
            {
                writer.WriteString("quantity", FitWords.Quantity(one.Quantity));
                writer.WriteNumber("needed", one.Needed);
                Number(writer, "available", one.Available);
                writer.WriteNumber("overcommit", one.Overcommit);
                writer.WriteString("source", FitWords.Source(one.Source));
                writer.WriteNumber("undeclared", one.Undeclared);
                writer.WriteNumber("short", one.Short);
                writer.WriteBoolean("stops", one.Stops);
                writer.WriteString("firstWithout", one.FirstWithout);
            });
            Write(writer, "networks", host.Networks, one =>
            {
                writer.WriteString("name", one.Name);
                writer.WriteString("subnet", one.Subnet);
                Number(writer, "usable", one.Usable);
                writer.WriteNumber("needed", one.Needed);
                writer.WriteString("firstWithout", one.FirstWithout);
            });
            writer.WriteStartObject("pools");
            writer.WriteNumber("needed", host.Pools.Needed);
            writer.WriteNumber("usable", PoolFit.Usable);
            writer.WriteEndObject();
            writer.WriteStartObject("ports");
            writer.WriteNumber("published", host.Ports);
            Write(writer, "clashes", host.PortClashes, clash =>
            {
                writer.WriteNumber("port", clash.Port);
                writer.WriteString("protocol", FitWords.Protocol(clash.Protocol));
                writer.WriteString("holder", clash.Holder);
                writer.WriteString("other", clash.Other);
            });
            writer.WriteEndObject();
            Write(writer, "subnetClashes", host.SubnetClashes, clash =>
            {
                writer.WriteString("network", clash.Network);
                writer.WriteString("subnet", clash.Subnet);
                writer.WriteString("other", clash.Other);
                writer.WriteString("otherSubnet", clash.OtherSubnet);
            });
        });
        writer.WriteEndObject();
    });

    private static IEnumerable<StyledLine> Quantities(HostFit host) => Table.Lines(
        ["QUANTITY", "NEEDED", "AVAILABLE", "OVERCOMMIT", "SOURCE"],
        [
            .. host.Quantities.Select(one => (StyledSpan[])
            [
                new(FitWords.Quantity(one.Quantity), Tone.Plain),
                new(FitWords.Amount(one.Quantity, one.Needed), one.Stops ? Tone.Error : one.Short > 0 ? Tone.Warning : Tone.Plain),
                new(one.Available is { } available ? FitWords.Amount(one.Quantity, available) : "unknown", one.Available is null ? Tone.Dim : Tone.Plain),
                new(one.Overcommit.ToString("0.##", CultureInfo.InvariantCulture), Tone.Plain),
                new(one.Source == FitSource.Unknown ? "" : FitWords.Source(one.Source), Tone.Dim),
            ]),
        ]);

    private static IEnumerable<StyledLine> Networks(HostFit host) => Table.Lines(
        ["NETWORK", "SUBNET", "NEEDED", "USABLE", "FIRST WITHOUT"],
        [
            .. from folded in host.Networks.GroupBy(one => one with { Name = FoldLabel.Pattern(one.Name), Subnet = one.Subnet is null ? null : "" })
               from alike in folded.Key.IsShort || folded.Count() < FoldLabel.Minimum ? folded.Chunk(1) : [[.. folded]]
               let one = alike[0]
               select (StyledSpan[])
               [
                   new(FoldLabel.Of([.. alike.Select(network => network.Name)]), Tone.Plain),
                   one.Subnet is null ? new("chosen later", Tone.Dim) : new(alike.Length > 1 ? $"{Count(alike.Length)} subnets" : one.Subnet, Tone.Plain),
                   new(Count(one.Needed) + (alike.Length > 1 ? " each" : ""), one.IsShort ? Tone.Error : Tone.Plain),
                   one.Usable is { } usable ? new(Count(usable) + (alike.Length > 1 ? " each" : ""), Tone.Plain) : new("unknown", Tone.Dim),
                   new(one.FirstWithout ?? "", Tone.Error),
               ],
        ]);

    private static StyledLine Indented(StyledLine line) => line.Spans.Aggregate(StyledLine.Of("  "), (indented, span) => indented.Add(span.Text, span.Tone));

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static void Number(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void Write<T>(Utf8JsonWriter writer, string name, IEnumerable<T> items, Action<T> content)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            content(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
