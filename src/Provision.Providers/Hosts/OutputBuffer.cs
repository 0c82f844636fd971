using System.Buffers;
using System.Text;

namespace Provision.Providers.Hosts;

/// <summary>Takes a stream's bytes up to a limit, and its lines as they come.</summary>
internal sealed class OutputBuffer(int limit, Action<string>? onLine)
{
    // A line that never ends (a progress bar without line breaks) is cut here.
    private const int LineLimit = 4096;

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly ArrayBufferWriter<byte> _line = new();

    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    public async Task DrainAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            _bytes.Write(buffer.AsSpan(0, Math.Min(read, limit - _bytes.WrittenCount)));
            if (onLine is not null)
            {
                TakeLines(buffer.AsSpan(0, read));
            }
        }

        EndLine();
    }

    private void TakeLines(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value is (byte)'\n' or (byte)'\r')
            {
                EndLine();
            }
            else if (_line.WrittenCount < LineLimit)
            {
                _line.Write([value]);
            }
        }
    }

    private void EndLine()
    {
        if (_line.WrittenCount > 0)
        {
            onLine?.Invoke(Encoding.UTF8.GetString(_line.WrittenSpan));
            _line.ResetWrittenCount();
        }
    }
}
