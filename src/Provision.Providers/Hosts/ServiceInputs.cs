using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>A service as asked for.</summary>
internal sealed partial record ServiceInputs
{
    public static readonly ApplyTable Changes = ApplyTable.Of(
        replace: ["name", "unit"],
        restart: ["command", "environment", "pidFile", "logFile"],
        live: ["running", "enabled", "readySocket", "readyHttpPath", "readyTimeoutSeconds", "keep"]);

    public required string Name { get; init; }

    public required string Unit { get; init; }

    public required bool Running { get; init; }

    public required bool Enabled { get; init; }

    /// <summary>How it is started where no init does it; empty where only an init can.</summary>
    public required ImmutableArray<string> Command { get; init; }

    public required ImmutableSortedDictionary<string, string> Environment { get; init; }

    public required string PidFile { get; init; }

    public required string LogFile { get; init; }

    public required string? ReadySocket { get; init; }

    public required string? ReadyHttpPath { get; init; }

    public required TimeSpan ReadyTimeout { get; init; }

    public required bool Keep { get; init; }

    public static ServiceInputs Read(PropertyMap inputs) => Read(new InputReader(inputs));

    public static CheckResponse Check(PropertyMap inputs)
    {
        var reader = new InputReader(inputs);
        var read = Read(reader);
        reader.RefuseOthers([.. Changes.Names]);
        foreach (var name in read.Environment.Keys.Where(name => !VariableShape().IsMatch(name)))
        {
            reader.Fail(PropertyPath.Of("environment").Child(name), $"'{name}' is not the name of an environment variable");
        }

        if (inputs.Find("command") is PropertyValue.List { Items: [PropertyValue.String { Value: "" }, ..] })
        {
            reader.Fail(PropertyPath.Of("command").Child(0), "the program's name is empty");
        }

        if (read.ReadyHttpPath is not null && inputs.Find("readySocket") is null or PropertyValue.Null)
        {
            reader.Fail(PropertyPath.Of("readyHttpPath"), "there is no readySocket to ask for it", "Set readySocket, or leave readyHttpPath out.");
        }

        var defaults = PropertyMap.Of(("running", true), ("keep", true));
        return new CheckResponse(defaults.Merge(inputs), reader.Failures);
    }

    private static ServiceInputs Read(InputReader reader)
    {
        var name = reader.RequiredText("name", NameShape(), "a service's name (letters, digits, and . _ @ - inside)");
        return new ServiceInputs
        {
            Name = name,
            Unit = reader.Text("unit", NameShape(), "a unit's name") ?? name,
            Running = reader.Flag("running", true),
            Enabled = reader.Flag("enabled", true),
            Command = reader.Texts("command"),
            Environment = reader.TextMap("environment"),
            PidFile = reader.Text("pidFile", HostPath.Shape(), HostPath.Meant) ?? $"/run/provision/{name}.pid",
            LogFile = reader.Text("logFile", HostPath.Shape(), HostPath.Meant) ?? $"/var/log/provision-{name}.log",
            ReadySocket = reader.Text("readySocket", HostPath.Shape(), HostPath.Meant),
            ReadyHttpPath = reader.Text("readyHttpPath", HttpPathShape(), "a path such as /_ping"),
            ReadyTimeout = TimeSpan.FromSeconds(reader.Whole("readyTimeoutSeconds", 1, 3600, 60)),
            Keep = reader.Flag("keep", true),
        };
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._@-]*\z")]
    private static partial Regex NameShape();

    [GeneratedRegex(@"\A/[\x21-\x7e]*\z")]
    private static partial Regex HttpPathShape();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableShape();
}
