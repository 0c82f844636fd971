using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>First boot as cloud-init's cloud-config, made of YAML nodes and never of text. Pure.</summary>
internal static class CloudConfig
{
    public static string Write(FirstBootPlan plan)
    {
        var root = new YamlMappingNode();
        if (plan.HostName is { } host)
        {
            Set(root, "preserve_hostname", Plain("false"));
            Set(root, "hostname", Text(host));
        }

        if (!plan.Users.IsEmpty)
        {
            Set(root, "users", Sequence([Text("default"), .. plan.Users.Select(User)]));
            if (plan.Users.Any(user => user.Password is not null))
            {
                Set(root, "ssh_pwauth", Plain("true"));
            }
        }

        if (!plan.SshKeys.IsEmpty)
        {
            Set(root, "ssh_authorized_keys", Texts(plan.SshKeys));
        }

        if (!plan.Files.IsEmpty)
        {
            Set(root, "write_files", Sequence(plan.Files.Select(File)));
        }

        if (!plan.Mounts.IsEmpty)
        {
            Set(root, "fs_setup", Sequence(plan.Mounts.Select(FileSystem)));
            Set(root, "mounts", Sequence(plan.Mounts.Select(Mount)));
        }

        if (!plan.Packages.IsEmpty)
        {
            Set(root, "package_update", Plain("true"));
            Set(root, "packages", Texts(plan.Packages));
        }

        if (!plan.Commands.IsEmpty)
        {
            Set(root, "runcmd", Sequence(plan.Commands.Select(command => command.Line is { } line ? Text(line) : (YamlNode)Texts(command.Arguments))));
        }

        if (plan.Extra is { } extra)
        {
            Merge(root, CloudConfigText.Read(extra));
        }

        return CloudConfigText.Write(root);
    }

    private static YamlMappingNode User(FirstBootUser user)
    {
        var node = new YamlMappingNode();
        Set(node, "name", Text(user.Name));
        Set(node, "shell", Text(user.Shell ?? "/bin/bash"));
        Set(node, "lock_passwd", Plain(user.Password is null ? "true" : "false"));
        if (user.Sudo)
        {
            Set(node, "sudo", Text("ALL=(ALL) NOPASSWD:ALL"));
        }

        if (!user.SshKeys.IsEmpty)
        {
            Set(node, "ssh_authorized_keys", Texts(user.SshKeys));
        }

        if (user.Password is { } password)
        {
            Set(node, user.HasHash ? "passwd" : "plain_text_passwd", Text(password));
        }

        return node;
    }

    private static YamlMappingNode File(FirstBootFile file)
    {
        var node = new YamlMappingNode();
        Set(node, "path", Text(file.Path));
        Set(node, "permissions", Text(file.Mode.PadLeft(4, '0')));
        if (file.Owner is { } owner)
        {
            // Files are written before users are made, unless they are deferred.
            Set(node, "owner", Text(owner.Contains(':', StringComparison.Ordinal) ? owner : $"{owner}:{owner}"));
            Set(node, "defer", Plain("true"));
        }

        Set(node, "content", Text(file.Content));
        return node;
    }

    private static YamlMappingNode FileSystem(FirstBootMount mount)
    {
        var node = new YamlMappingNode();
        Set(node, "device", Text(Device(mount)));
        Set(node, "filesystem", Text("ext4"));

        // Only a blank disk gets one: a disk that is kept comes back with its data.
        Set(node, "overwrite", Plain("false"));
        return node;
    }

    private static YamlSequenceNode Mount(FirstBootMount mount) => Texts([Device(mount), mount.Path, "auto", "defaults,nofail", "0", "2"]);

    private static string Device(FirstBootMount mount) => string.Create(CultureInfo.InvariantCulture, $"/dev/disk/by-id/virtio-{mount.Serial}");

    /// <summary>Lays one mapping over another: mappings are merged, sequences joined, all else is replaced.</summary>
    private static void Merge(YamlMappingNode target, YamlMappingNode over)
    {
        foreach (var (key, value) in over.Children)
        {
            switch (target.Children.TryGetValue(key, out var there) ? there : null, value)
            {
                case (YamlMappingNode old, YamlMappingNode added):
                    Merge(old, added);
                    break;
                case (YamlSequenceNode old, YamlSequenceNode added):
                    foreach (var item in added)
                    {
                        old.Add(item);
                    }

                    break;
                default:
                    target.Children[key] = value;
                    break;
            }
        }
    }

    private static void Set(YamlMappingNode node, string key, YamlNode value) => node.Add(new YamlScalarNode(key), value);

    private static YamlSequenceNode Sequence(IEnumerable<YamlNode> items) => new(items);

    private static YamlSequenceNode Texts(IEnumerable<string> items) => new(items.Select(Text));

    // Quoted always: "yes", "0755" and "null" are no texts otherwise.
    private static YamlScalarNode Text(string text) => new(text) { Style = ScalarStyle.DoubleQuoted };

    private static YamlScalarNode Plain(string text) => new(text) { Style = ScalarStyle.Plain };
}
