using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>First boot as an Ignition configuration, specification 3.0: it says all that is wanted, and every Ignition 2 reads it. Pure.</summary>
internal static class IgnitionConfig
{
    private const string RunOnce = "/usr/local/bin/provision-first-boot";

    public static string Write(FirstBootPlan plan)
    {
        var files = plan.Files.Select(File).ToList();
        var units = new List<JsonNode>();
        if (plan.HostName is { } host)
        {
            files.Add(File(new FirstBootFile("/etc/hostname", host + "\n", "0644", null)));
        }

        if (!plan.Commands.IsEmpty)
        {
            files.Add(File(new FirstBootFile(RunOnce, Script(plan), "0755", null)));
            units.Add(new JsonObject { ["name"] = "provision-first-boot.service", ["enabled"] = true, ["contents"] = Unit });
        }

        units.AddRange(plan.Mounts.Select(MountUnit));
        var root = new JsonObject { ["ignition"] = new JsonObject { ["version"] = "3.0.0" } };
        var users = plan.Users.Select(User).ToList();
        if (!plan.SshKeys.IsEmpty)
        {
            // The default user of the images that read Ignition.
            users.Insert(0, new JsonObject { ["name"] = "core", ["sshAuthorizedKeys"] = Texts(plan.SshKeys) });
        }

        if (users.Count > 0)
        {
            root["passwd"] = new JsonObject { ["users"] = new JsonArray([.. users]) };
        }

        var storage = new JsonObject();
        if (files.Count > 0)
        {
            storage["files"] = new JsonArray([.. files]);
        }

        if (!plan.Mounts.IsEmpty)
        {
            storage["filesystems"] = new JsonArray([.. plan.Mounts.Select(mount => new JsonObject
            {
                // Not wiped: a disk that is kept comes back with its data.
                ["device"] = Device(mount), ["format"] = "ext4", ["wipeFilesystem"] = false,
            })]);
        }

        if (storage.Count > 0)
        {
            root["storage"] = storage;
        }

        if (units.Count > 0)
        {
            root["systemd"] = new JsonObject { ["units"] = new JsonArray([.. units]) };
        }

        return root.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static JsonObject User(FirstBootUser user)
    {
        var node = new JsonObject { ["name"] = user.Name };
        if (!user.SshKeys.IsEmpty)
        {
            node["sshAuthorizedKeys"] = Texts(user.SshKeys);
        }

        if (user.Password is { } hash)
        {
            node["passwordHash"] = hash;
        }

        if (user.Shell is { } shell)
        {
            node["shell"] = shell;
        }

        if (user.Sudo)
        {
            node["groups"] = Texts(["sudo", "wheel"]);
        }

        return node;
    }

    private static JsonNode File(FirstBootFile file)
    {
        var node = new JsonObject
        {
            ["path"] = file.Path,

            // JSON has no octal numbers.
            ["mode"] = Convert.ToInt32(file.Mode, 8),
            ["overwrite"] = true,
            ["contents"] = new JsonObject { ["source"] = $"data:;base64,{Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Content))}" },
        };
        if (file.Owner?.Split(':') is [var user, .. var group])
        {
            node["user"] = new JsonObject { ["name"] = user };
            node["group"] = new JsonObject { ["name"] = group is [var name] ? name : user };
        }

        return node;
    }

    private static string Script(FirstBootPlan plan) =>
        "#!/bin/sh\n" + string.Concat(plan.Commands.Select(command =>
            (command.Line is { } line ? $"sh -c {FirstBootScript.Quote(line)}" : string.Join(' ', command.Arguments.Select(FirstBootScript.Quote))) + "\n"));

    private const string Unit = $"""
        [Unit]
        After=network-online.target
        Wants=network-online.target
        ConditionFirstBoot=yes

        [Service]
        Type=oneshot
        ExecStart=/bin/sh {RunOnce}

        [Install]
        WantedBy=multi-user.target

        """;

    private static JsonNode MountUnit(FirstBootMount mount) => new JsonObject
    {
        ["name"] = UnitName(mount.Path) + ".mount",
        ["enabled"] = true,
        ["contents"] = $"[Mount]\nWhat={Device(mount)}\nWhere={mount.Path.Replace("%", "%%", StringComparison.Ordinal)}\n\n[Install]\nWantedBy=local-fs.target\n",
    };

    /// <summary>The unit of a path, as systemd-escape makes it: <c>/srv/my data</c> is <c>srv-my\x20data</c>.</summary>
    internal static string UnitName(string path)
    {
        var name = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(path.Trim('/')))
        {
            var character = (char)one;
            _ = character == '/' ? name.Append('-')
                : char.IsAsciiLetterOrDigit(character) || character is '_' or ':' || (character == '.' && name.Length > 0) ? name.Append(character)
                : name.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        }

        return name.ToString();
    }

    private static string Device(FirstBootMount mount) => $"/dev/disk/by-id/virtio-{mount.Serial}";

    private static JsonArray Texts(IEnumerable<string> items) => new([.. items.Select(item => JsonValue.Create(item))]);
}
