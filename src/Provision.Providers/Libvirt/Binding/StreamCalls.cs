namespace Provision.Providers.Libvirt.Binding;

/// <summary>
/// Bulk data over a connection, blocking: for uploads and downloads on a worker. A stream that is neither finished nor aborted stays open in the
/// daemon. Throws <see cref="LibvirtException"/>.
/// </summary>
internal static unsafe class StreamCalls
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Sends <paramref name="length"/> bytes of <paramref name="source"/> into a volume. <paramref name="sent"/> hears how many went so far.</summary>
    public static void Upload(this ConnectHandle connect, VolumeHandle volume, Stream source, long length, Action<long> sent, CancellationToken cancellationToken)
    {
        using var stream = Native.virStreamNew(connect, 0).Checked();
        Native.virStorageVolUpload(volume, stream, 0, (ulong)length, 0).Checked();
        Transfer(
            stream,
            () =>
            {
                var buffer = new byte[BufferSize];
                for (long done = 0; done < length;)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var read = source.Read(buffer, 0, (int)Math.Min(buffer.Length, length - done));
                    if (read == 0)
                    {
                        throw new EndOfStreamException($"the source ended after {done} of {length} bytes");
                    }

                    stream.Send(buffer.AsSpan(0, read));
                    done += read;
                    sent(done);
                }
            });
    }

    /// <summary>Takes at most <paramref name="limit"/> bytes from the start of a volume; all of it where null.</summary>
    public static byte[] Download(this ConnectHandle connect, VolumeHandle volume, long? limit, CancellationToken cancellationToken)
    {
        using var stream = Native.virStreamNew(connect, 0).Checked();
        Native.virStorageVolDownload(volume, stream, 0, (ulong)(limit ?? 0), 0).Checked();
        using var taken = new MemoryStream();
        Transfer(
            stream,
            () =>
            {
                var buffer = new byte[BufferSize];
                fixed (byte* into = buffer)
                {
                    int read;
                    while ((read = Native.virStreamRecv(stream, into, (nuint)buffer.Length).Checked()) > 0)
                    {
                        cancellationToken.ThrowIfCancellationRequested();
                        taken.Write(buffer, 0, read);
                    }
                }
            });
        return taken.ToArray();
    }

    private static void Send(this StreamHandle stream, ReadOnlySpan<byte> data)
    {
        fixed (byte* from = data)
        {
            for (var done = 0; done < data.Length;)
            {
                done += Native.virStreamSend(stream, from + done, (nuint)(data.Length - done)).Checked();
            }
        }
    }

    private static void Transfer(StreamHandle stream, Action transfer)
    {
        var complete = false;
        try
        {
            transfer();
            Native.virStreamFinish(stream).Checked();
            complete = true;
        }
        finally
        {
            if (!complete)
            {
                _ = Native.virStreamAbort(stream);
            }
        }
    }
}
