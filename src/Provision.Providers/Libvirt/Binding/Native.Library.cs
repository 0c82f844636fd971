using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

internal static unsafe partial class Native
{
    [LibraryImport(Library)]
    public static partial int virGetVersion(out CULong library, nint type, nint typeVersion);
}
