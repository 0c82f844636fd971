using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>Reads the hidden input <c>__firstBoot</c>, and finds all that no guest would take. Pure. Never repeats a content: it may be secret.</summary>
internal static partial class FirstBootReader
{
    public const string Name = "__firstBoot";

    private static readonly PropertyPath Root = PropertyPath.Of(Name);

    public static FirstBootPlan Read(PropertyMap firstBoot, List<CheckFailure> failures)
    {
        var inputs = new InputReader(firstBoot);
        var plan = new FirstBootPlan
        {
            Format = inputs.Text("format") ?? "cloud-config",
            HostName = inputs.Text("hostname"),
            Users = [.. inputs.Objects("users").Select(user => new FirstBootUser(
                user.Text("name") ?? "", [.. user.Texts("sshKeys").Select(key => key.Trim())], user.Flag("sudo") ?? false, user.Text("shell"), user.Text("password")))],
            SshKeys = [.. inputs.Texts("sshKeys").Select(key => key.Trim())],
            Files = [.. inputs.Objects("files").Select(file => new FirstBootFile(
                file.Text("path") ?? "", file.Text("content") ?? "", file.Text("mode") ?? "0644", file.Text("owner")))],
            Packages = inputs.Texts("packages"),
            Commands = [.. Values.Items(firstBoot.Find("commands")).Select(Command)],
            Mounts = [.. inputs.Objects("mounts").Select(mount => new FirstBootMount(mount.Text("serial") ?? "", mount.Text("path") ?? ""))],
            Extra = inputs.Text("extra"),
        };
        Check(plan, failures);
        return plan;
    }

    private static FirstBootCommand Command(PropertyValue value) => Values.Plain(value) switch
    {
        PropertyValue.String line => new FirstBootCommand([], line.Value),
        PropertyValue.List list => new FirstBootCommand([.. list.Items.Select(Values.Plain).OfType<PropertyValue.String>().Select(text => text.Value)], null),
        _ => new FirstBootCommand([], null),
    };

    private static void Check(FirstBootPlan plan, List<CheckFailure> failures)
    {
        void Fail(PropertyPath at, string reason, string? remedy = null) => failures.Add(new CheckFailure(at, reason, remedy));

        if (plan.Format is not ("cloud-config" or "script" or "ignition"))
        {
            Fail(Root.Child("format"), "expected cloud-config, script or ignition");
        }

        if (plan.HostName is { } host && Schema.DomainCanonical.HostName(host) is null)
        {
            Fail(Root.Child("hostname"), "expected a host name: letters, digits and '-', in parts of at most 63 joined by '.'");
        }

        foreach (var (i, user) in plan.Users.Index())
        {
            var at = Root.Child("users").Child(i);
            if (!UserName().IsMatch(user.Name))
            {
                Fail(at.Child("name"), "expected a user name: small letters, digits, '_' and '-', a letter or '_' first, at most 32");
            }

            if (user.Shell is { } shell && !IsPath(shell))
            {
                Fail(at.Child("shell"), "expected an absolute path such as /bin/sh");
            }

            if (user.Password is { } password && password.AsSpan().IndexOfAny('\n', '\r', '\0') >= 0)
            {
                Fail(at.Child("password"), "a password is one line");
            }

            CheckKeys(at.Child("sshKeys"), user.SshKeys, failures);
            if (plan.Format == "ignition" && user is { Password: not null, HasHash: false })
            {
                Fail(at.Child("password"), "Ignition takes no password, only its hash", "Give what 'openssl passwd -6' prints.");
            }
        }

        CheckKeys(Root.Child("sshKeys"), plan.SshKeys, failures);
        foreach (var (i, file) in plan.Files.Index())
        {
            var at = Root.Child("files").Child(i);
            if (!IsPath(file.Path))
            {
                Fail(at.Child("path"), "expected an absolute path");
            }

            if (!Mode().IsMatch(file.Mode))
            {
                Fail(at.Child("mode"), "expected an octal mode such as 0644");
            }

            if (file.Owner is { } owner && !Owner().IsMatch(owner))
            {
                Fail(at.Child("owner"), "expected a user, or user:group");
            }

            if (file.Content.Contains('\0', StringComparison.Ordinal))
            {
                Fail(at.Child("content"), "a file made at first boot is text, without null characters", "Bring binary files in by a disk or an image.");
            }
        }

        foreach (var (i, package) in plan.Packages.Index())
        {
            if (!Package().IsMatch(package))
            {
                Fail(Root.Child("packages").Child(i), "expected a package's name");
            }
        }

        if (plan is { Format: "script" or "ignition", Packages.IsEmpty: false })
        {
            Fail(
                Root.Child("packages"), plan.Format == "script" ? "the tiny guest has no package manager" : "Ignition installs no packages",
                "Put them into the image, or use an image with cloud-init.");
        }

        foreach (var (i, command) in plan.Commands.Index())
        {
            if (command is { Arguments.IsEmpty: true, Line: null } || command.Arguments.Append(command.Line ?? "").Any(text => text.Contains('\0', StringComparison.Ordinal)))
            {
                Fail(Root.Child("commands").Child(i), "expected a command: a text for the shell, or a list of texts");
            }
        }

        foreach (var (i, mount) in plan.Mounts.Index())
        {
            if (!Serial().IsMatch(mount.Serial))
            {
                Fail(Root.Child("mounts").Child(i).Child("serial"), "expected a disk's serial: up to 20 letters, digits, '_', '.' and '-'");
            }

            if (!IsPath(mount.Path))
            {
                Fail(Root.Child("mounts").Child(i).Child("path"), "expected an absolute path");
            }
        }

        if (plan is { Extra: not null, Format: not "cloud-config" })
        {
            Fail(Root.Child("extra"), "extra is cloud-config, which this image does not read", "Say it with files and commands.");
        }
        else if (plan.Extra is { } extra && CloudConfigText.Problem(extra, mapping: true) is { } problem)
        {
            Fail(Root.Child("extra"), problem);
        }
    }

    private static void CheckKeys(PropertyPath at, ImmutableArray<string> keys, List<CheckFailure> failures)
    {
        foreach (var (i, key) in keys.Index())
        {
            if (!SshKey().IsMatch(key))
            {
                failures.Add(new CheckFailure(at.Child(i), "expected a public key in one line, such as 'ssh-ed25519 AAAA… name'"));
            }
        }
    }

    // Neither line breaks nor other control characters: such a path is a mistake in every guest, and would end a line of /etc/fstab.
    private static bool IsPath(string path) => path.StartsWith('/') && path.Length > 1 && !path.Any(char.IsControl);

    [GeneratedRegex(@"^[a-z_][a-z0-9_-]{0,31}\z")]
    private static partial Regex UserName();

    [GeneratedRegex(@"^0?[0-7]{3,4}\z")]
    private static partial Regex Mode();

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_.-]*(?::[A-Za-z0-9_][A-Za-z0-9_.-]*)?\z")]
    private static partial Regex Owner();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9+._:~=/@*-]*\z")]
    private static partial Regex Package();

    [GeneratedRegex(@"^[A-Za-z0-9_.-]{1,20}\z")]
    private static partial Regex Serial();

    // Options before the type are allowed in authorized_keys.
    [GeneratedRegex(@"^(?:\S.* )?(?:ssh-|ecdsa-sha2-|sk-)[A-Za-z0-9@.-]+ [A-Za-z0-9+/]+={0,3}(?: [^\r\n]*)?\s*\z")]
    private static partial Regex SshKey();
}
