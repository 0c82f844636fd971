using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Provision.Model;

/// <summary>What a container is there for, and so what counts as done.</summary>
public enum ContainerKind
{
    /// <summary>Runs all the time; one that stopped is started again.</summary>
    Service,

    /// <summary>Runs once; success is its end with exit code 0.</summary>
    Job,

    /// <summary>Created and not started.</summary>
    Created,
}

/// <summary>A container.</summary>
public sealed record Container : Declared
{
    /// <summary>A container of that name and image.</summary>
    public Container(string name, ContainerImage image, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0)
        : base(name, sourceFile, sourceLine)
    {
        ArgumentNullException.ThrowIfNull(image);
        Image = image;
    }

    /// <summary>What it is made of.</summary>
    public ContainerImage Image { get; init; }

    /// <summary>A service, a job, or only created.</summary>
    public ContainerKind Kind { get; init; }

    /// <summary>What runs in it; empty for the image's own command.</summary>
    public ImmutableArray<Value<string>> Command { get; init; } = [];

    /// <summary>What the command is given to; empty for the image's own entrypoint.</summary>
    public ImmutableArray<Value<string>> Entrypoint { get; init; } = [];

    /// <summary>Environment variables.</summary>
    public Map<Value<string>> Environment { get; init; } = new();

    /// <summary>Ports that are reachable from outside.</summary>
    public ImmutableArray<Port> Ports { get; init; } = [];

    /// <summary>Volumes, folders of the host and file systems in memory.</summary>
    public ImmutableArray<Mount> Mounts { get; init; } = [];

    /// <summary>Files put into it before it starts.</summary>
    public ImmutableArray<ContainerFile> Files { get; init; } = [];

    /// <summary>The networks it is on. On each of them its name is its address.</summary>
    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];

    /// <summary>How to find out whether it works. Null: the image's own check.</summary>
    public HealthCheck? Health { get; init; }

    /// <summary>Wait until it is healthy before what depends on it starts. Null: yes where there is a <see cref="Health"/>.</summary>
    public bool? WaitUntilHealthy { get; init; }

    /// <summary>How much it may use.</summary>
    public ContainerLimits Limits { get; init; } = new();

    /// <summary>The kernel's privileges that it gets or loses.</summary>
    public Capabilities Capabilities { get; init; } = new();

    /// <summary>Give it all of the host's privileges.</summary>
    public bool Privileged { get; init; }

    /// <summary>Make its own file system read-only; mounts stay writable.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>Whom its processes run as: <c>user</c>, <c>uid</c> or <c>uid:gid</c>.</summary>
    public string? User { get; init; }

    /// <summary>Where its command starts.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The name it has for itself.</summary>
    public string? Hostname { get; init; }

    /// <summary>Run the engine's small init in it, which passes signals on and takes in orphans; for commands that ignore SIGTERM when they are alone.</summary>
    public bool Init { get; init; }

    /// <summary>When the engine starts it again.</summary>
    public RestartPolicy Restart { get; init; } = RestartPolicy.No;

    /// <summary>How long it may take to end after it was asked to.</summary>
    public TimeSpan? StopTimeout { get; init; }

    /// <summary>The signal that asks it to end, such as <c>SIGTERM</c>.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Whom it is for.</summary>
    public string? Owner { get; init; }

    /// <summary>Labels of the user's own.</summary>
    public Map<string> Labels { get; init; } = new();

    /// <summary>The id that the engine gave it.</summary>
    public Value<string> Id => Later(DeclaredOutput.Id);

    /// <summary>Its name on the host, <c>&lt;stack&gt;-&lt;name&gt;</c>.</summary>
    public Value<string> PhysicalName => Later(DeclaredOutput.PhysicalName);

    /// <summary>The name by which others on its networks reach it. Using it makes the user wait for this container.</summary>
    public Value<string> DnsName => Later(DeclaredOutput.DnsName);

    /// <summary>Its IP address on the first of its networks.</summary>
    public Value<string> Address => Later(DeclaredOutput.Address);

    /// <summary>Its IP address on one of its networks.</summary>
    public Value<string> AddressOn(string network) =>
        new(new ValueExpression.Output(this, DeclaredOutput.Address) { Network = network });

    /// <summary>The host's port that one of its ports is published on.</summary>
    public Value<int> PublishedPort(int port) => new(new ValueExpression.Output(this, DeclaredOutput.PublishedPort) { Port = port });

    /// <summary>The URL of a published port, for callers outside: <c>http://127.0.0.1:8080</c>.</summary>
    public Value<string> Url(int port, string scheme = "http") =>
        $"{scheme}://{new Value<string>(new ValueExpression.Output(this, DeclaredOutput.PublishedAddress) { Port = port })}:{PublishedPort(port)}";

    /// <summary>The URL of a port for other containers on its networks: <c>http://web:80</c>.</summary>
    public Value<string> InternalUrl(int port, string scheme = "http") => $"{scheme}://{DnsName}:{port}";

    private Value<string> Later(DeclaredOutput output) => new(new ValueExpression.Output(this, output));
}
