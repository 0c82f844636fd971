using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt;
using Provision.Providers.Libvirt.Binding;
using Provision.Providers.Libvirt.FirstBoot;
using Provision.Providers.Schema;
using Provision.Tests.Engine.State;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Provision.Tests.Providers.Libvirt.FirstBoot;

/// <summary>First boot data: as cloud-config, as a script for the tiny guest, as Ignition. Whatever a person wrote arrives as it was written.</summary>
public sealed class FirstBootTests
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxhYmxh me@home";

    private static readonly Urn Urn = Urn.Create("dev", "lab", null, new ResourceType("libvirt:index/cloudInitDisk:CloudInitDisk"), "box");

    /// <summary>Words that a shell, YAML and JSON each have their own ideas of.</summary>
    private static readonly string[] Pieces = ["'", "\"", "\\", "$HOME", "`id`", "$(id)", "\n", "\t", ": ", "- ", "#", "&", "*", "!", "%", "@", "{", "}", "[", "]", "|", ">", "<", ";", "~", "yes", "0755", "null", "é", "日", " ", "a", "--", "'\\''", "\r"];

    private static readonly Gen<string> Odd = Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]).Array[0, 10].Select(parts => string.Concat(parts));

    [Fact]
    public void Cloud_config_says_what_was_declared()
    {
        var yaml = CloudConfig.Write(Plan());

        Assert.StartsWith("#cloud-config\n", yaml, StringComparison.Ordinal);
        var root = CloudConfigText.Read(yaml);
        Assert.Equal("box-1", Scalar(root, "hostname"));
        Assert.Equal(["default", "ada"], Sequence(root, "users").Select(user => user is YamlScalarNode name ? name.Value : Scalar((YamlMappingNode)user, "name")));
        Assert.Equal("$6$salt$hash", Scalar((YamlMappingNode)Sequence(root, "users")[1], "passwd"));
        Assert.Equal("0600", Scalar((YamlMappingNode)Sequence(root, "write_files")[0], "permissions"));
        Assert.Equal(["/dev/disk/by-id/virtio-data", "/srv/data", "auto", "defaults,nofail", "0", "2"], Sequence((YamlSequenceNode)Sequence(root, "mounts")[0]));
        Assert.Equal(["curl"], Sequence(root, "packages").Select(node => ((YamlScalarNode)node).Value));
        Assert.Equal("echo hello > /tmp/x", ((YamlScalarNode)Sequence(root, "runcmd")[0]).Value);
    }

    [Fact]
    public void Extra_is_merged_last_lists_joined_and_words_replaced()
    {
        var root = CloudConfigText.Read(CloudConfig.Write(Plan() with { Extra = "hostname: other\nruncmd:\n  - [touch, /x]\ntimezone: Europe/Vienna\n" }));

        Assert.Equal("other", Scalar(root, "hostname"));
        Assert.Equal("Europe/Vienna", Scalar(root, "timezone"));
        Assert.Equal(3, Sequence(root, "runcmd").Count);
    }

    [Fact]
    public void Any_text_comes_out_of_yaml_as_it_went_in() =>
        Gen.Select(Odd, Odd).Sample(
            (content, command) =>
            {
                var root = CloudConfigText.Read(CloudConfig.Write(new FirstBootPlan
                {
                    Format = "cloud-config",
                    Files = [new FirstBootFile("/etc/x", content, "0644", null)],
                    Commands = [new FirstBootCommand([], command)],
                }));
                Assert.Equal(content, Scalar((YamlMappingNode)Sequence(root, "write_files")[0], "content"));
                Assert.Equal(command, ((YamlScalarNode)Sequence(root, "runcmd")[0]).Value);
            },
            iter: 500);

    [Fact]
    public async Task The_script_is_one_that_a_shell_takes_and_it_writes_every_byte()
    {
        var contents = new List<string>();
        Odd.Array[20, 20].Sample(some => contents.AddRange(some), iter: 2, threads: 1);
        contents.AddRange(["", "no end of line", "ends\n", "'", "''", "'\\''", "\\", "%s%d", "-n", "$R", "`touch /tmp/owned`"]);
        var plan = new FirstBootPlan { Format = "script", Files = [.. contents.Select((content, i) => new FirstBootFile($"/etc/odd dir/it's {i}", content, "0640", null))] };
        using var root = new Folder();

        await ShellAsync(root, FirstBootScript.Write(plan));

        foreach (var (i, content) in contents.Index())
        {
            var path = Path.Combine(root.Path, "etc/odd dir", $"it's {i}");
            Assert.Equal(content, await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
            Assert.Equal("640", Modes.Of(path));
        }
    }

    [Fact]
    public async Task Run_again_the_script_changes_nothing()
    {
        var plan = new FirstBootPlan { Format = "script", SshKeys = [Key, Key.Replace("me@home", "you", StringComparison.Ordinal)], Files = [new FirstBootFile("/etc/a", "b", "0644", null)] };
        using var root = new Folder();
        root.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");

        await ShellAsync(root, FirstBootScript.Write(plan));
        var keys = await File.ReadAllTextAsync(Path.Combine(root.Path, "root/.ssh/authorized_keys"), TestContext.Current.CancellationToken);
        await ShellAsync(root, FirstBootScript.Write(plan));

        Assert.Equal($"{plan.SshKeys[0]}\n{plan.SshKeys[1]}\n", keys);
        Assert.Equal(keys, await File.ReadAllTextAsync(Path.Combine(root.Path, "root/.ssh/authorized_keys"), TestContext.Current.CancellationToken));
        Assert.Equal("600", Modes.Of(Path.Combine(root.Path, "root/.ssh/authorized_keys")));
        Assert.Empty(Directory.GetFiles(root.Path, "*.new", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Commands_get_their_words_and_one_that_fails_stops_no_other()
    {
        using var root = new Folder();
        var plan = new FirstBootPlan
        {
            Format = "script",
            Commands =
            [
                new FirstBootCommand(["sh", "-c", "printf '%s|' \"$@\" >\"$FIRST_BOOT_ROOT/words\"", "sh", "it's", "$HOME", "a b", ""], null),
                new FirstBootCommand([], "exit 3"),
                new FirstBootCommand([], "cd / && echo \"a'b\" >\"$FIRST_BOOT_ROOT/line\""),
            ],
        };

        await ShellAsync(root, FirstBootScript.Write(plan));

        Assert.Equal("it's|$HOME|a b||", await File.ReadAllTextAsync(Path.Combine(root.Path, "words"), TestContext.Current.CancellationToken));
        Assert.Equal("a'b\n", await File.ReadAllTextAsync(Path.Combine(root.Path, "line"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Users_hostname_and_passwords_are_set_with_the_guests_own_tools()
    {
        using var root = new Folder();
        root.Write("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n");
        root.Program("useradd", "echo \"useradd $*\" >>\"$FIRST_BOOT_ROOT/calls\"");
        root.Program("hostname", "echo \"hostname $*\" >>\"$FIRST_BOOT_ROOT/calls\"");
        root.Program("chpasswd", "echo \"chpasswd $* $(cat)\" >>\"$FIRST_BOOT_ROOT/calls\"");
        var plan = new FirstBootPlan
        {
            Format = "script",
            HostName = "box-1",
            Users = [new FirstBootUser("ada", [Key], true, null, "it's $ecret"), new FirstBootUser("bob", [], false, "/bin/ash", "$6$a$b")],
        };

        await ShellAsync(root, FirstBootScript.Write(plan));

        Assert.Equal(
            ["hostname box-1", "chpasswd  ada:it's $ecret", "useradd -m -s /bin/ash bob", "chpasswd -e bob:$6$a$b"],
            await File.ReadAllLinesAsync(Path.Combine(root.Path, "calls"), TestContext.Current.CancellationToken));
        Assert.Equal(Key + "\n", await File.ReadAllTextAsync(Path.Combine(root.Path, "home/ada/.ssh/authorized_keys"), TestContext.Current.CancellationToken));
        Assert.Equal("box-1\n", await File.ReadAllTextAsync(Path.Combine(root.Path, "etc/hostname"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("blank", "\0\0\0\0", "mount /dev/vdb R/srv/data|mkfs.ext4 -q /dev/vdb|mount /dev/vdb R/srv/data")]
    [InlineData("with data", "DATA", "mount /dev/vdb R/srv/data")]
    public async Task A_disk_is_found_by_its_serial_and_formatted_only_where_it_is_blank(string _, string content, string calls)
    {
        using var root = new Folder();
        root.Write("sys/block/vda/serial", "root");
        root.Write("sys/block/vdb/serial", "data");
        root.Write("dev/vdb", content);
        root.Write("proc/mounts", "");
        root.Program("mount", "echo \"mount $*\" >>\"$FIRST_BOOT_ROOT/calls\"; exit 1");
        root.Program("mkfs.ext4", "echo \"mkfs.ext4 $*\" >>\"$FIRST_BOOT_ROOT/calls\"");

        await ShellAsync(root, FirstBootScript.Write(new FirstBootPlan { Format = "script", Mounts = [new FirstBootMount("data", "/srv/data")] }));

        Assert.Equal(calls, string.Join('|', await File.ReadAllLinesAsync(Path.Combine(root.Path, "calls"), TestContext.Current.CancellationToken)).Replace(root.Path, "R", StringComparison.Ordinal));
    }

    [Fact]
    public void Ignition_says_what_was_declared_in_a_version_that_all_read()
    {
        using var json = JsonDocument.Parse(IgnitionConfig.Write(Plan() with { Packages = [], Format = "ignition" }));
        var root = json.RootElement;

        Assert.Equal("3.0.0", root.GetProperty("ignition").GetProperty("version").GetString());
        Assert.Equal(["core", "ada"], root.GetProperty("passwd").GetProperty("users").EnumerateArray().Select(user => user.GetProperty("name").GetString()));
        var file = root.GetProperty("storage").GetProperty("files")[0];
        Assert.Equal(384, file.GetProperty("mode").GetInt32());
        Assert.Equal("secret\n", Encoding.UTF8.GetString(Convert.FromBase64String(file.GetProperty("contents").GetProperty("source").GetString()?["data:;base64,".Length..] ?? "")));
        Assert.Equal(["provision-first-boot.service", "srv-data.mount"], root.GetProperty("systemd").GetProperty("units").EnumerateArray().Select(unit => unit.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("/srv/data", "srv-data")]
    [InlineData("/srv/my-data", "srv-my\\x2ddata")]
    [InlineData("/srv/.a b", "srv-.a\\x20b")]
    [InlineData("/é", "\\xc3\\xa9")]
    public void A_mounts_unit_is_named_as_systemd_names_it(string path, string unit) => Assert.Equal(unit, IgnitionConfig.UnitName(path));

    [Fact]
    public void Secrets_make_the_data_secret_and_unknowns_make_it_unknown()
    {
        PropertyMap With(PropertyValue password) => PropertyMap.Of(("name", "box.iso"), ("pool", "p"), ("__firstBoot", PropertyMap.Of(
            ("hostname", "box"), ("users", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("name", "ada"), ("password", password))])))));

        var plain = Check(With("$6$a$b")).Inputs;
        var secret = Check(With(new PropertyValue.Secret("$6$a$b"))).Inputs;
        var unknown = Check(With(new PropertyValue.Secret(PropertyValue.Unknown.Value))).Inputs;

        Assert.IsType<PropertyValue.String>(plain["userData"]);
        Assert.IsType<PropertyValue.Secret>(secret["userData"]);
        Assert.IsType<PropertyValue.Secret>(secret["metaData"]);
        Assert.Equal(PropertyValue.Unknown.Value, Values.Plain(unknown["userData"]));
        Assert.DoesNotContain("__firstBoot", secret.Keys);
        Assert.DoesNotContain("$6$a$b", secret.ToString(), StringComparison.Ordinal);
        Assert.Equal(plain["userData"], Values.Plain(secret["userData"]));
    }

    [Fact]
    public void Another_content_is_another_instance_and_the_same_is_the_same()
    {
        string? MetaData(string host) => Values.Plain(Check(PropertyMap.Of(("__firstBoot", PropertyMap.Of(("hostname", host))))).Inputs["metaData"])?.ToString();

        Assert.Equal(MetaData("a"), MetaData("a"));
        Assert.NotEqual(MetaData("a"), MetaData("b"));
        Assert.Contains("local-hostname: \"a\"", MetaData("a"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#cloud-config\nusers:\n  - name: a\n bad: [", "line 4")]
    [InlineData("#cloud-config\na: 1\na: 2\n", "YAML")]
    [InlineData("#cloud-config\n- a\n", "mapping")]
    [InlineData("#cloud-config\na: \"hunter2\n", "line")]
    public void Broken_yaml_is_said_with_its_line_and_without_its_text(string userData, string says)
    {
        var failure = Assert.Single(Check(PropertyMap.Of(("userData", new PropertyValue.Secret(userData)))).Failures);

        Assert.Equal("userData", failure.Path.ToString());
        Assert.Contains(says, failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("#!/bin/sh\n: [ not yaml")]
    [InlineData("Content-Type: multipart/mixed\n\n: [")]
    [InlineData("#cloud-config\n")]
    [InlineData("#cloud-config\nusers: [default]\n")]
    public void Other_user_data_is_nobodys_business(string userData) => Assert.Empty(Check(PropertyMap.Of(("userData", userData))).Failures);

    [Fact]
    public void Every_mistake_in_first_boot_data_is_said_at_once_without_contents()
    {
        var failures = Check(PropertyMap.Of(("__firstBoot", PropertyMap.Of(
            ("format", "script"),
            ("hostname", "-bad-"),
            ("users", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("name", "Bad Name"), ("sshKeys", PropertyValue.ListOf(["hunter2"])), ("password", "hun\nter2"), ("shell", "sh"))])),
            ("files", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("path", "etc/x"), ("mode", "rw"), ("owner", "a b"), ("content", "hunter2"))])),
            ("packages", PropertyValue.ListOf(["curl; rm -rf /"])),
            ("mounts", PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("serial", "a/b"), ("path", "x\ny"))])),
            ("commands", PropertyValue.ListOf([(PropertyValue)1])),
            ("extra", "hunter2: ["))))).Failures;

        Assert.Equal(
            [
                "commands[0]", "extra", "files[0].mode", "files[0].owner", "files[0].path", "hostname", "mounts[0].path", "mounts[0].serial", "packages", "packages[0]",
                "users[0].name", "users[0].password", "users[0].shell", "users[0].sshKeys[0]",
            ],
            failures.Select(failure => failure.Path.ToString().Replace("__firstBoot.", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.DoesNotContain("hunter2", string.Concat(failures.Select(failure => failure.ToString())), StringComparison.Ordinal);
    }

    [Fact]
    public void First_boot_data_and_user_data_exclude_each_other() =>
        Assert.Equal("userData", Assert.Single(Check(PropertyMap.Of(("userData", "#cloud-config\n"), ("__firstBoot", PropertyMap.Of(("hostname", "a"))))).Failures).Path.ToString());

    private static CheckResponse Check(PropertyMap inputs) =>
        new CloudInitDiskResource(TimeProvider.System, "").Check(LibvirtEndpoint.Of("qemu:///system"), new CheckRequest(Urn, PropertyMap.Empty, inputs));

    private static FirstBootPlan Plan() => new()
    {
        Format = "cloud-config",
        HostName = "box-1",
        Users = [new FirstBootUser("ada", [Key], true, null, "$6$salt$hash")],
        SshKeys = [Key],
        Files = [new FirstBootFile("/etc/secret", "secret\n", "0600", "ada")],
        Packages = ["curl"],
        Commands = [new FirstBootCommand([], "echo hello > /tmp/x"), new FirstBootCommand(["touch", "/tmp/y"], null)],
        Mounts = [new FirstBootMount("data", "/srv/data")],
    };

    private static string? Scalar(YamlMappingNode node, string key) => ((YamlScalarNode)node.Children[new YamlScalarNode(key)]).Value;

    private static IList<YamlNode> Sequence(YamlMappingNode node, string key) => ((YamlSequenceNode)node.Children[new YamlScalarNode(key)]).Children;

    private static IEnumerable<string?> Sequence(YamlSequenceNode node) => node.Children.Select(item => ((YamlScalarNode)item).Value);

    private static async Task ShellAsync(Folder root, string script)
    {
        var file = Path.Combine(root.Path, "script");
        await File.WriteAllTextAsync(file, script, TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), await RunAsync(root, "sh", "-n", file));
        await RunAsync(root, "sh", file);
        File.Delete(file);
    }

    private static async Task<(int Exit, string Errors)> RunAsync(Folder root, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true };
        start.Environment["FIRST_BOOT_ROOT"] = root.Path;
        start.Environment["PATH"] = $"{root.Path}/bin:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} does not start");
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, errors);
    }

    /// <summary>A file system of a guest, with programs that only write down that they were called.</summary>
    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("first-boot-").FullName;

        public void Write(string name, string content)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path) ?? Path);
            File.WriteAllText(path, content);
        }

        public void Program(string name, string script)
        {
            Write($"bin/{name}", $"#!/bin/sh\n{script}\n");
            Modes.Set(System.IO.Path.Combine(Path, "bin", name), "700");
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
