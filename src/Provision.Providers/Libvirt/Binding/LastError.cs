using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// Looks at what a call returned, and where it failed reads the thread's error before anything else on that thread can overwrite it.
/// </summary>
internal static unsafe class LastError
{
    public static int Checked(this int result) => result >= 0 ? result : throw Read();

    public static T Checked<T>(this T handle)
        where T : SafeHandle
    {
        if (!handle.IsInvalid)
        {
            return handle;
        }

        var error = Read();
        handle.Dispose();
        throw error;
    }

    /// <summary>Text that libvirt allocated for us: taken over and freed.</summary>
    public static string TakenText(this nint text)
    {
        if (text == 0)
        {
            throw Read();
        }

        try
        {
            return Marshal.PtrToStringUTF8(text) ?? "";
        }
        finally
        {
            NativeMemory.Free((void*)text);
        }
    }

    /// <summary>Text that stays libvirt's.</summary>
    public static string LentText(this nint text) => text == 0 ? throw Read() : Marshal.PtrToStringUTF8(text) ?? "";

    public static LibvirtException Read()
    {
        var error = Native.virGetLastError();
        return error is null
            ? new LibvirtException(LibvirtErrorCode.InternalError, 0, "an unknown error")
            : new LibvirtException(
                (LibvirtErrorCode)error->code, error->domain, Marshal.PtrToStringUTF8((nint)error->message)?.Trim() ?? $"error {error->code}",
                error->code == (int)LibvirtErrorCode.SystemError ? error->int1 : 0);
    }
}
