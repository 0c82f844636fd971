namespace Provision.Cli.Review.Worker;

/// <summary>Reads lines of bytes from a stream.</summary>
internal sealed class LineReader(Stream stream)
{
    // A hundred times the report of a large stack; whoever writes more without a line end is no worker of ours.
    private const int LongestLine = 512 * 1024 * 1024;

    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end, to be used before another is read; what comes after the last line end is a line as well, unless it is empty.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="FormatException">It is too long.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var seen = _start;
        while (true)
        {
            if (_buffer.AsSpan(seen, _end - seen).IndexOf((byte)'\n') is var at and >= 0)
            {
                line = _buffer.AsMemory(_start, seen + at - _start);
                _start = seen + at + 1;
                return true;
            }

            seen = MakeRoom();
            if (stream.Read(_buffer, _end, _buffer.Length - _end) is var read and > 0)
            {
                _end += read;
                continue;
            }

            line = _buffer.AsMemory(_start, _end - _start);
            _start = _end;
            return !line.IsEmpty;
        }
    }

    /// <returns>Where the part of the buffer begins in which no line end was looked for.</returns>
    private int MakeRoom()
    {
        var length = _end - _start;
        if (length == LongestLine)
        {
            throw new FormatException($"It has a line of more than {LongestLine} bytes.");
        }

        if (_end == _buffer.Length)
        {
            var larger = length < _buffer.Length / 2 ? _buffer : new byte[Math.Min(_buffer.Length * 2L, LongestLine)];
            _buffer.AsSpan(_start, length).CopyTo(larger);
            (_buffer, _start, _end) = (larger, 0, length);
        }

        return _end;
    }
}
