namespace Provision.Providers.Docker.Images;

/// <summary>
/// A file as long as it was when opened. What grows while it is sent would spill into the next entry of an archive, and what shrinks
/// would be filled up with something else: one is cut, the other is an error.
/// </summary>
internal sealed class FixedLengthStream(FileStream file, string name) : Stream
{
    private long _position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length { get; } = file.Length;

    public override long Position
    {
        get => _position;
        set => _position = file.Position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Advance(file.Read(buffer[..Allowed(buffer.Length)]), buffer.Length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) =>
        Advance(await file.ReadAsync(buffer[..Allowed(buffer.Length)], cancellationToken), buffer.Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => _position = file.Seek(offset, origin);

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Allowed(int wanted) => (int)Math.Min(wanted, Length - _position);

    private int Advance(int read, int wanted)
    {
        if (read == 0 && wanted > 0 && _position < Length)
        {
            throw new IOException($"'{name}' became shorter while it was sent to the builder.");
        }

        _position += read;
        return read;
    }
}
