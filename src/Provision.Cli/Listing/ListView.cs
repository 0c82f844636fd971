using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Cli.Workloads;

namespace Provision.Cli.Listing;

/// <summary>A stack's things as one table, or as JSON.</summary>
internal static class ListView
{
    public static IEnumerable<StyledLine> Lines(IReadOnlyCollection<ListItem> items) => Table.Lines(
        ["KIND", "NAME", "STATE", "ADDRESS", "UPTIME", "IMAGE"],
        [
            .. items.Select(item => (StyledSpan[])
            [
                new(item.Kind, Tone.Dim), new(item.Name, Tone.Plain), new(item.Word, ToneOf(item.State)), new(item.Address, Tone.Plain), new(item.Uptime, Tone.Plain),
                new(item.Image, Tone.Dim),
            ]),
        ]);

    public static string Json(IReadOnlyCollection<ListItem> items) => JsonText.Write(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", item.Kind);
            writer.WriteString("name", item.Name);
            writer.WriteString("state", item.Word);
            writer.WriteString("address", item.Address.Length > 0 ? item.Address : null);
            writer.WriteString("uptime", item.Uptime.Length > 0 ? item.Uptime : null);
            writer.WriteString("startedAt", item.StartedAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            writer.WriteString("image", item.Image.Length > 0 ? item.Image : null);
            writer.WriteString("type", item.Resource.Type.Token);
            writer.WriteString("id", item.Resource.Id);
            writer.WriteString("urn", item.Resource.Urn.ToString());
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    private static Tone ToneOf(SeenState? state) => state switch
    {
        SeenState.Running => Tone.Create,
        SeenState.Paused or SeenState.Off => Tone.Warning,
        SeenState.Gone or SeenState.Unreachable => Tone.Error,
        _ => Tone.Dim,
    };
}
