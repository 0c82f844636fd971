namespace Provision.Providers.Libvirt.Binding;

/// <summary>The library in this process, whatever it is connected to.</summary>
internal static class ClientLibrary
{
    public static Version Version()
    {
        Native.virGetVersion(out var version, 0, 0).Checked();
        var number = (int)version.Value;
        return new Version(number / 1_000_000, number / 1000 % 1000, number % 1000);
    }
}
