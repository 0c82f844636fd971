using System.Text;
using System.Text.Json;

namespace Provision.Engine.State;

/// <summary>
/// A lock file: <c>{"pid":1,"username":"u","hostname":"h","timestamp":"…"}</c> as Pulumi writes it, and in ours <c>operation</c>,
/// <c>heartbeat</c> and <c>lease</c> (seconds) besides.
/// </summary>
public sealed record LockRecord
{
    public required string File { get; init; }

    public int Pid { get; init; }

    public string UserName { get; init; } = "";

    public string HostName { get; init; } = "";

    public DateTimeOffset? Since { get; init; }

    public string? Operation { get; init; }

    /// <summary>When its holder last said it lives. Pulumi's own locks have none.</summary>
    public DateTimeOffset? Heartbeat { get; init; }

    public TimeSpan? Lease { get; init; }

    /// <summary>Who holds it, for people.</summary>
    public string Describe(DateTimeOffset now)
    {
        if (Pid == 0)
            return $"the lock file {File}";

        var age = Since is { } since ? $", for {Age(now - since)}" : "";
        return $"{UserName}@{HostName} (process {Pid}{(Operation is { } operation ? $", {operation}" : ", pulumi")}{age})";
    }

    /// <summary>Why it is stale, or null while it holds: its lease ran out, or its process on this machine is no more.</summary>
    internal string? StaleBecause(LockHolder me, DateTimeOffset now)
    {
        if (Pid != 0 && HostName == me.HostName)
        {
            var start = me.ProcessStart(Pid);
            if (start is null)
                return $"that process is gone";
            // The kernel counts in ticks since boot, so a start is known to a second or so.
            if (Since is { } since && start > since.AddSeconds(2))
                return $"that process is gone, and another has its number";
        }

        return Heartbeat is { } heartbeat && Lease is { } lease && now - heartbeat > lease
            ? $"it has given no sign of life for {Age(now - heartbeat)}"
            : null;
    }

    /// <summary>Null where the file is gone. One that cannot be read is somebody's all the same.</summary>
    internal static LockRecord? Read(string path)
    {
        if (StateFiles.Read(path) is not { } content)
            return null;

        try
        {
            using var document = JsonDocument.Parse(content);
            var root = document.RootElement;
            return new LockRecord
            {
                File = path,
                Pid = root.TryGetProperty("pid", out var pid) ? pid.GetInt32() : 0,
                UserName = Text(root, "username") ?? "",
                HostName = Text(root, "hostname") ?? "",
                Since = Rfc3339.TryParse(Text(root, "timestamp"), out var since) ? since : null,
                Operation = Text(root, "operation"),
                Heartbeat = Rfc3339.TryParse(Text(root, "heartbeat"), out var heartbeat) ? heartbeat : null,
                Lease = root.TryGetProperty("lease", out var lease) ? TimeSpan.FromSeconds(lease.GetInt32()) : null,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return new LockRecord { File = path };
        }
    }

    internal byte[] ToJson() => Encoding.UTF8.GetBytes(CanonicalJsonWriter.ToText(json =>
    {
        json.StartObject();
        json.Name("pid");
        json.Integer(Pid);
        json.Name("username");
        json.String(UserName);
        json.Name("hostname");
        json.String(HostName);
        json.Name("timestamp");
        json.String(Rfc3339.Format(Since ?? default));
        json.Name("operation");
        json.String(Operation ?? "");
        json.Name("heartbeat");
        // Always as long, so that it can be renewed in place.
        json.String((Heartbeat ?? default).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.Name("lease");
        json.Integer((long)(Lease ?? default).TotalSeconds);
        json.EndObject();
    }));

    private static string? Text(JsonElement root, string member) =>
        root.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Age(TimeSpan age) =>
        age < TimeSpan.FromMinutes(2) ? $"{(int)age.TotalSeconds} s" : age < TimeSpan.FromHours(2) ? $"{(int)age.TotalMinutes} min" : $"{(int)age.TotalHours} h";
}
