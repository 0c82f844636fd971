using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Provision.Engine.Resources;
using Provision.Model;

namespace Provision.Providers.Lowering;

/// <summary>
/// Values of the model as property values. What is known without asking (a fixed port, a name) becomes a literal, so that a preview can
/// show it; the dependency is then kept by <see cref="DependenciesOf"/>.
/// </summary>
internal sealed class ValueLowering(StackNames names)
{
    /// <summary>The value; a secret as a whole where any part of it is one.</summary>
    public PropertyValue Lower(ValueExpression expression) => expression.IsSecret ? new PropertyValue.Secret(Plain(expression)) : Plain(expression);

    /// <summary>The value as text: <c>true</c> rather than a boolean.</summary>
    public PropertyValue LowerText(ValueExpression expression) => Lower(ValueExpression.Join.Of([expression]));

    /// <summary>What has to be there before the value is of use.</summary>
    public IEnumerable<Urn> DependenciesOf(ValueExpression expression) =>
        expression.Outputs().SelectMany(output => names.WaitsFor(output.Target));

    private PropertyValue Plain(ValueExpression expression) => expression switch
    {
        ValueExpression.Literal literal => Literal(literal),
        ValueExpression.Secret secret => Plain(secret.Inner),
        ValueExpression.Join join => JoinOf(join.Parts.Select(Plain)),
        ValueExpression.Output output => Output(output),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static PropertyValue Literal(ValueExpression.Literal literal) => literal.Value switch
    {
        bool flag => flag,
        int or long or double or float => Convert.ToDouble(literal.Value, CultureInfo.InvariantCulture),
        _ => literal.Text,
    };

    private static PropertyValue JoinOf(IEnumerable<PropertyValue> parts)
    {
        var joined = ImmutableArray.CreateBuilder<PropertyValue>();
        foreach (var part in parts)
        {
            // What the model could not join, because it was a reference there, may be text by now.
            if (part is not PropertyValue.Reference && joined.Count > 0 && joined[^1] is PropertyValue.String before)
            {
                joined[^1] = before.Value + part;
            }
            else
            {
                joined.Add(part is PropertyValue.Reference ? part : part.ToString());
            }
        }

        return joined is [PropertyValue.String text] ? text : new PropertyValue.Join(joined.ToImmutable());
    }

    private PropertyValue Output(ValueExpression.Output output) => output switch
    {
        { Name: DeclaredOutput.PhysicalName } => names.Physical(output.Target.Name),
        { Target: VirtualMachine machine, Name: DeclaredOutput.DnsName } => machine.Hostname,
        { Name: DeclaredOutput.DnsName } => output.Target.Name,
        { Target: VirtualMachine machine, Name: DeclaredOutput.Address } => Address(machine, output.Network),
        { Target: Container container, Name: DeclaredOutput.Address } => Address(container, output.Network),
        { Target: Container container, Name: DeclaredOutput.PublishedAddress } => PublishedAddress(container, output.Port),
        { Target: Container container, Name: DeclaredOutput.PublishedPort } => PublishedPort(container, output.Port),
        { Name: DeclaredOutput.Mountpoint } => Reference(output.Target, PropertyPath.Of("mountpoint")),
        _ => Reference(output.Target, PropertyPath.Of("id")),
    };

    private PropertyValue Address(Container container, string? network)
    {
        var attachment = network is null ? container.Networks.FirstOrDefault() : container.Networks.First(one => one.Network == network);
        if (attachment?.Address is { } fixedAddress)
        {
            return fixedAddress;
        }

        // The provider reports networks in the order of their names.
        var index = attachment is null
            ? 0
            : container.Networks.Select(one => names.Physical(one.Network)).Order(StringComparer.Ordinal).ToList().IndexOf(names.Physical(attachment.Network));
        return Reference(container, PropertyPath.Of("networkDatas").Child(index).Child("ipAddress"));
    }

    private PropertyValue Address(VirtualMachine machine, string? network)
    {
        var index = network is null ? 0 : machine.Networks.Select(one => one.Network).ToList().IndexOf(network);
        return machine.Networks[index].Address is { } fixedAddress
            ? fixedAddress
            : Reference(machine, PropertyPath.Of("networkInterfaces").Child(index).Child("addresses").Child(0));
    }

    private PropertyValue PublishedPort(Container container, int? port)
    {
        var (binding, index) = Binding(container, port);
        return binding.Host is { } published ? published : Reference(container, PropertyPath.Of("ports").Child(index).Child("external"));
    }

    private static PropertyValue PublishedAddress(Container container, int? port)
    {
        var ip = IPAddress.Parse(Binding(container, port).Port.Ip);
        return ip.Equals(IPAddress.Any) ? "127.0.0.1"
            : ip.Equals(IPAddress.IPv6Any) ? "[::1]"
            : ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{ip}]"
            : ip.ToString();
    }

    private static (Port Port, int Index) Binding(Container container, int? port)
    {
        var index = container.Ports.IndexOf(container.Ports.First(one => one.Container == port));
        return (container.Ports[index], index);
    }

    private PropertyValue.Reference Reference(Declared target, PropertyPath path) => new(names.UrnOf(target), path);
}
