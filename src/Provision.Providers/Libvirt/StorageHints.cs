using Provision.Engine.Contract;
using Provision.Providers.Libvirt.Binding;

namespace Provision.Providers.Libvirt;

/// <summary>What to do about what the operating system refused libvirt's storage.</summary>
internal static class StorageHints
{
    public static ProviderException WithHint(this ProviderException failure) =>
        failure.Remedy is null && failure.Said() is { } said && Hint(said.Message) is { } hint
            ? new ProviderException(failure.Failure, failure.Message, hint, failure.Remainder, said)
            : failure;

    private static string? Hint(string message) =>
        Has(message, "No space left") ? "Make room on the disk that the pool is on, or put the pool elsewhere."
        : Has(message, "Read-only file system") ? "Choose a folder that can be written for the pool."
        : Has(message, "Permission denied") || Has(message, "Operation not permitted")
            ? "See that libvirtd may write there: the owner and mode of the folder and of those above it, and AppArmor or SELinux."
        : Has(message, "Not a directory") ? "A file stands where the pool's folder is to be: choose another folder."
        : Has(message, "Disk quota exceeded") ? "Raise the quota, or put the pool elsewhere."
        : null;

    private static bool Has(string message, string words) => message.Contains(words, StringComparison.OrdinalIgnoreCase);
}
