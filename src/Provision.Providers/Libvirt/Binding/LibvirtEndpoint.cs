using Provision.Engine.Contract;
using Provision.Engine.Resources;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>Which libvirt a provider instance talks to, as its configuration says. Pure.</summary>
/// <param name="Uri">In libvirt's form, <c>qemu:///system</c>.</param>
/// <param name="Driver">What answers there.</param>
internal sealed record LibvirtEndpoint(string Uri, LibvirtDriver Driver)
{
    public const string DefaultUri = "qemu:///system";

    private static readonly PropertyPath UriPath = PropertyPath.Of("uri");

    /// <summary>The name under which the engine counts steps and messages speak of it.</summary>
    public string Name => Uri;

    /// <summary>Whether the domains run on this machine.</summary>
    public bool IsLocal => new Uri(Uri).Host.Length == 0;

    /// <summary>Reads the configuration; every mistake in it goes to <paramref name="failures"/>. Null where the URI cannot be told (yet).</summary>
    public static LibvirtEndpoint? Read(PropertyMap config, ICollection<CheckFailure> failures)
    {
        switch (config.Find("uri") is PropertyValue.Secret secret ? secret.Reveal() : config.Find("uri"))
        {
            case null or PropertyValue.Null:
                return Parse(DefaultUri, failures);
            case PropertyValue.String text:
                return Parse(text.Value, failures);
            case PropertyValue.Unknown:
                return null;
            default:
                failures.Add(new CheckFailure(UriPath, "uri is to be text", $"Write it as {DefaultUri}."));
                return null;
        }
    }

    /// <summary>A known URI.</summary>
    public static LibvirtEndpoint Of(string uri)
    {
        var failures = new List<CheckFailure>();
        return Parse(uri, failures) ?? throw new ArgumentException(failures[0].Reason, nameof(uri));
    }

    private static LibvirtEndpoint? Parse(string text, ICollection<CheckFailure> failures)
    {
        if (!System.Uri.TryCreate(text, UriKind.Absolute, out var uri) || !text.Contains("://", StringComparison.Ordinal))
        {
            failures.Add(new CheckFailure(UriPath, $"'{text}' is no URI of a libvirt", $"Write it as {DefaultUri} or qemu+ssh://user@host/system."));
            return null;
        }

        if (LibvirtDriver.OfScheme(uri.Scheme) is not { } driver)
        {
            failures.Add(new CheckFailure(
                UriPath, $"'{text}' asks for the hypervisor '{uri.Scheme}', which libvirt does not have",
                $"Use one of {string.Join(", ", LibvirtDriver.All.SelectMany(one => one.Schemes).Order(StringComparer.Ordinal))}."));
            return null;
        }

        if (driver.PathIsNeeded && uri.AbsolutePath.Length <= 1)
        {
            failures.Add(new CheckFailure(UriPath, $"'{text}' does not say which {driver.Name}", $"Add the path, as in {DefaultUri}."));
            return null;
        }

        return new LibvirtEndpoint(text, driver);
    }
}
