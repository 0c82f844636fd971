using System.Diagnostics;
using Provision.Tests.Cli;

namespace Provision.Tests.Review;

/// <summary>A git repository with a workspace in it, and the program run there.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("provision diff ");

    /// <param name="workspace">The workspace's folder in the repository; empty for its top.</param>
    public TestRepository(string workspace = "")
    {
        Folder = Path.Combine(_root.FullName, "repository");
        Workspace = Path.Combine(Folder, workspace);
        Directory.CreateDirectory(Workspace);
        Git("init", "--quiet", "--initial-branch=main", ".");
        Write("Pulumi.yaml", "name: labs\nruntime: dotnet\nmain: stacks\nstackConfigDir: stacks\nbackend:\n  url: file://.\n");
    }

    public string Folder { get; }

    public string Workspace { get; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    /// <summary>A definition of machines and a container, with settings for all that the tests change.</summary>
    public static string Lab(string name = "Lab", string body = "") => $$"""
        using Provision.Model;

        public sealed class {{name}} : StackDefinition
        {
            public int Students { get; init; } = 3;

            public DataSize Memory { get; init; } = 96.MiB;

            public Value<string> Password { get; init; } = "none";

            public override Stack Define()
            {
                {{body}}
                return new()
                {
                    Hosts =
                    [
                        new Host("lab-01")
                        {
                            Containers = [new Container("web", "nginx:1.27") { Ports = [new Port(80) { Host = 8080 }], Environment = new() { ["PASSWORD"] = Password } }],
                            Hypervisors =
                            [
                                new Hypervisor("kvm")
                                {
                                    Networks = [new VirtualNetwork("class") { Subnet = "10.20.0.0/24" }],
                                    Machines = Each(Students, n => new VirtualMachine($"student-{n}", DiskImage.Tiny())
                                    {
                                        Memory = Memory, Disk = 1.GiB, Networks = ["class"], Owner = $"student{n}@example.edu",
                                        Disks = [new MachineDisk("home", 64.MiB) { Keep = true, Mount = "/home" }],
                                    }),
                                },
                            ],
                        },
                    ],
                };
            }
        }
        """;

    public TestRepository Write(string path, string text)
    {
        var full = Path.Combine(Workspace, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full) ?? full);
        File.WriteAllText(full, text);
        return this;
    }

    /// <summary>Settings of a stack, as lines below <c>config:</c>.</summary>
    public TestRepository Settings(string stack, params string[] lines) =>
        Write($"stacks/Pulumi.{stack}.yaml", $"config:{(lines.Length == 0 ? " {}" : "")}\n{string.Concat(lines.Select(line => $"  {line}\n"))}");

    public TestRepository Delete(string path)
    {
        File.Delete(Path.Combine(Workspace, path));
        return this;
    }

    /// <summary>Commits all there is, and tags it.</summary>
    public TestRepository Commit(string tag)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", tag);
        Git("tag", tag);
        return this;
    }

    public string Git(params string[] arguments) => GitIn(Folder, arguments);

    public static string GitIn(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", folder, "-c", "user.name=Ada", "-c", "user.email=ada@example.edu", "-c", "protocol.file.allow=always", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("git did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output.Trim() : throw new InvalidOperationException($"git {string.Join(' ', arguments)}: {errors.Result}");
    }

    /// <summary>Runs <c>provision diff</c> in the workspace; what it printed is in <see cref="Out"/> and <see cref="Error"/>.</summary>
    public Task<int> DiffAsync(params string[] arguments) => DiffInAsync(Workspace, arguments);

    public async Task<int> DiffInAsync(string folder, params string[] arguments)
    {
        using var cli = new TestCli(withProject: false);
        // Nothing is asked for a passphrase, so none is there.
        cli.Environment.Clear();
        var code = await cli.RunAsync(["-C", folder, "diff", .. arguments]);
        (Out, Error) = (cli.Out, cli.Error);
        return code;
    }

    public void Dispose() => _root.Delete(recursive: true);
}
