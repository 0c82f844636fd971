using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// The process's one libvirt event loop, on a thread of its own. It has to run before the first connection is opened: connections made
/// before it get neither events nor keep-alive.
/// </summary>
internal static unsafe class LibvirtEventLoop
{
    private static readonly Lock Gate = new();
    private static readonly ConcurrentDictionary<nint, object> Listeners = new();
    private static long _lastKey;
    private static bool _runs;

    /// <summary>Initialises the library and starts the loop; again after a failure, for the library may have been installed since.</summary>
    public static void Start()
    {
        lock (Gate)
        {
            if (_runs)
            {
                return;
            }

            Native.virInitialize().Checked();

            // Otherwise libvirt prints every error on the terminal, beside ours.
            Native.virSetErrorFunc(0, &Swallow);
            Native.virEventRegisterDefaultImpl().Checked();
            new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
            _runs = true;
        }
    }

    /// <summary>Lends an object to native code by a key that is never a stale pointer; <see cref="Forget"/> ends it.</summary>
    public static nint Lend(object listener)
    {
        var key = (nint)Interlocked.Increment(ref _lastKey);
        Listeners[key] = listener;
        return key;
    }

    public static T? Lent<T>(nint key)
        where T : class => Listeners.TryGetValue(key, out var listener) ? listener as T : null;

    public static void TakeBack(nint key) => Listeners.TryRemove(key, out _);

    /// <summary>libvirt's word that it will not call with this key again.</summary>
    [UnmanagedCallersOnly]
    public static void Forget(nint key) => TakeBack(key);

    [UnmanagedCallersOnly]
    private static void Swallow(nint userData, virError* error)
    {
    }

    private static void Run()
    {
        while (true)
        {
            // A failed turn is no reason to stop: the next one tries again, and poll blocks until there is something.
            _ = Native.virEventRunDefaultImpl();
        }
    }
}
