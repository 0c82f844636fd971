using System.Collections.Immutable;
using System.Globalization;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>Containers. What the program did not set is not set here either: it stays the daemon's or the image's own.</summary>
internal static class ContainerLowering
{
    public static ResourceGoal Lower(Container container, Host host, StackNames names, ValueLowering values)
    {
        var urn = names.UrnOf(container);
        var later = Values(container).SelectMany(values.DependenciesOf);
        return new ResourceGoal
        {
            Urn = urn,
            Custom = true,
            Parent = names.UrnOf(host),
            Provider = names.DockerProviderOf(host),
            Inputs = PropertyMap.Of(
                [
                    ("name", names.Physical(container.Name)),
                    ("image", ImageLowering.Reference(container.Image, host, names)),
                    ("labels", names.Labels(urn, container.Owner, container.Labels)),
                    .. Process(container, values),
                    .. Connections(container, host, names, values),
                    .. Limits(container),
                    .. Life(container),
                ]),
            Options = OptionsLowering.Lower(container, names, later),
            SourcePosition = names.SourceOf(container),
        };
    }

    private static IEnumerable<ValueExpression> Values(Container container) =>
        container.Command.Concat(container.Entrypoint).Concat(container.Environment.Values).Concat(container.Files.Select(file => file.Content))
            .Select(value => value.Expression);

    private static IEnumerable<Property> Process(Container container, ValueLowering values) =>
    [
        ("command", Arguments(container.Command, values)),
        ("entrypoints", Arguments(container.Entrypoint, values)),
        ("envs", OptionalInput.List(container.Environment.Keys.Select(variable => values.Lower(
            ValueExpression.Join.Of([new ValueExpression.Literal($"{variable}="), container.Environment[variable].Expression]))))),
        ("user", OptionalInput.Text(container.User)),
        ("workingDir", OptionalInput.Text(container.WorkingDirectory)),
        ("hostname", OptionalInput.Text(container.Hostname)),
        ("init", OptionalInput.Flag(container.Init)),
        ("uploads", OptionalInput.List(container.Files.Select(file => (PropertyValue)PropertyMap.Of(
            ("file", file.Path), ("content", values.LowerText(file.Content.Expression)), ("permissions", file.Mode))))),
    ];

    private static IEnumerable<Property> Connections(Container container, Host host, StackNames names, ValueLowering values) =>
    [
        ("ports", OptionalInput.List(container.Ports.Select(port => (PropertyValue)PropertyMap.Of(
            ("internal", port.Container),
            ("external", OptionalInput.Whole(port.Host)),
            ("ip", port.Ip),
            ("protocol", Protocol(port.Protocol)))))),
        ("networksAdvanced", OptionalInput.List(container.Networks.Select(attachment => (PropertyValue)PropertyMap.Of(
            ("name", new PropertyValue.Reference(names.NetworkUrn(host, attachment.Network), PropertyPath.Of("name"))),
            ("aliases", PropertyValue.ListOf(attachment.Aliases.Prepend(container.Name).Distinct(StringComparer.Ordinal))),
            ("ipv4Address", OptionalInput.Text(attachment.Address)))))),
        ("mounts", OptionalInput.List(container.Mounts.Select(mount => (PropertyValue)Mounted(mount, host, names)))),
    ];

    private static PropertyMap Mounted(Mount mount, Host host, StackNames names) => PropertyMap.Of(
        ("target", mount.Target),
        ("readOnly", OptionalInput.Flag(mount.ReadOnly)),
        ("type", mount switch { Mount.OfVolume => "volume", Mount.OfBind => "bind", _ => "tmpfs" }),
        ("source", mount switch
        {
            Mount.OfVolume volume => new PropertyValue.Reference(names.VolumeUrn(host, volume.Name), PropertyPath.Of("name")),
            Mount.OfBind bind => (PropertyValue)bind.Source,
            _ => null,
        }),
        ("tmpfsOptions", OptionalInput.Map([("sizeBytes", OptionalInput.Whole((mount as Mount.OfTmpfs)?.Size?.Bytes))])));

    private static IEnumerable<Property> Limits(Container container) =>
    [
        ("memory", OptionalInput.Whole(container.Limits.Memory?.WholeMiB)),
        ("memorySwap", OptionalInput.Whole(container.Limits.MemorySwap?.WholeMiB)),
        ("cpus", OptionalInput.Text(container.Limits.Cpus?.ToString("0.###", CultureInfo.InvariantCulture))),

        // Pulumi's package has no input for it, and a ulimit counts a user's processes over all containers. Names that start with two
        // underscores are ours: the real provider would not see them.
        ("__pidsLimit", OptionalInput.Whole(container.Limits.Pids)),
        ("capabilities", OptionalInput.Map(
        [
            ("adds", OptionalInput.Texts(container.Capabilities.Add)),
            ("drops", OptionalInput.Texts(container.Capabilities.Drop)),
        ])),
        ("privileged", OptionalInput.Flag(container.Privileged)),
        ("readOnly", OptionalInput.Flag(container.ReadOnlyRoot)),
    ];

    private static IEnumerable<Property> Life(Container container)
    {
        // service: runs, and is started again where it stopped · job: run to its end once · created: never started
        var runs = container.Kind == ContainerKind.Service;
        var waits = runs && (container.WaitUntilHealthy ?? container.Health is not null);
        return
        [
            ("mustRun", runs ? null : (PropertyValue)false),
            ("attach", OptionalInput.Flag(container.Kind == ContainerKind.Job)),
            ("start", container.Kind == ContainerKind.Created ? (PropertyValue)false : null),
            ("restart", OptionalInput.Text(container.Restart == RestartPolicy.No ? null : container.Restart.Name)),
            ("maxRetryCount", OptionalInput.Whole(container.Restart.MaximumRetries == 0 ? null : container.Restart.MaximumRetries)),
            ("destroyGraceSeconds", OptionalInput.Whole(container.StopTimeout is { } stop ? (long)Math.Ceiling(stop.TotalSeconds) : null)),
            ("stopSignal", OptionalInput.Text(container.StopSignal)),
            ("healthcheck", container.Health is { } health ? (PropertyValue)HealthLowering.Lower(health) : null),
            ("wait", OptionalInput.Flag(waits)),
            ("waitTimeout", OptionalInput.Whole(waits && container.Health is { } check ? HealthLowering.WaitSeconds(check) : null)),
        ];
    }

    private static PropertyValue? Arguments(ImmutableArray<Value<string>> arguments, ValueLowering values) =>
        OptionalInput.List(arguments.Select(argument => values.LowerText(argument.Expression)));

    private static string Protocol(PortProtocol protocol) => protocol switch
    {
        PortProtocol.Udp => "udp",
        PortProtocol.Sctp => "sctp",
        _ => "tcp",
    };
}
