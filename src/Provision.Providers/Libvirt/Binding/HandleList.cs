using System.Collections;
using System.Runtime.InteropServices;

namespace Provision.Providers.Libvirt.Binding;

/// <summary>Handles that a list call gave; disposing it frees them all.</summary>
internal sealed unsafe class HandleList<T> : IReadOnlyList<T>, IDisposable
    where T : SafeHandle
{
    private readonly T[] _handles;

    /// <summary>Takes over libvirt's array and what is in it.</summary>
    internal HandleList(nint* array, int count, Func<nint, T> own)
    {
        _handles = new T[count];
        for (var i = 0; i < count; i++)
        {
            _handles[i] = own(array[i]);
        }

        NativeMemory.Free(array);
    }

    public int Count => _handles.Length;

    public T this[int index] => _handles[index];

    public IEnumerator<T> GetEnumerator() => _handles.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Dispose()
    {
        foreach (var handle in _handles)
        {
            handle.Dispose();
        }
    }
}
