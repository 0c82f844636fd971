using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Hosts;

/// <summary>Makes providers of package <c>host</c>. Where the host is, is its only input: <c>address</c>, today always <c>local</c>.</summary>
public sealed class HostProviderFactory : IProviderFactory
{
    private const string Address = "address";

    private readonly Func<string, IHostTransport> _connect;
    private readonly TimeProvider _clock;

    public HostProviderFactory(TimeProvider clock)
        : this(_ => new LocalTransport(clock), clock)
    {
    }

    internal HostProviderFactory(Func<string, IHostTransport> connect, TimeProvider clock) => (_connect, _clock) = (connect, clock);

    public string Package => HostTypes.PackageName;

    public CheckResponse CheckConfig(PropertyMap inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var reader = new InputReader(inputs);
        reader.RefuseOthers(Address, "version");
        var address = reader.Text(Address) ?? LocalTransport.LocalAddress;
        if (address.StartsWith("ssh://", StringComparison.Ordinal))
        {
            reader.Fail(
                PropertyPath.Of(Address), "SSH hosts are not available in this version; the host provider works on the machine it runs on",
                "Run provision on that host itself, with the address 'local'.");
        }
        else if (address != LocalTransport.LocalAddress)
        {
            reader.Fail(PropertyPath.Of(Address), $"'{address}' is not the address of a host", "Use 'local'.");
        }

        return new CheckResponse(inputs.ContainsKey(Address) ? inputs : inputs.With(Address, LocalTransport.LocalAddress), reader.Failures);
    }

    public bool ConfigReplaces(PropertyMap oldInputs, PropertyMap newInputs) => AddressOf(oldInputs) != AddressOf(newInputs);

    public IResourceProvider Open(PropertyMap inputs) => new HostProvider(new HostSession(_connect(AddressOf(inputs)), _clock));

    private static string AddressOf(PropertyMap inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return InputReader.Plain(inputs.Find(Address)) is PropertyValue.String { Value: var address } ? address : LocalTransport.LocalAddress;
    }
}
