using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Provision.Cli;

/// <summary>
/// Pipes of a child process, to be read and written by one thread each. The runtime's own streams for them look whether a pipe is a socket, and load all there
/// is for sockets to see: a good part of a short command's time.
/// </summary>
internal static class ProcessPipe
{
    /// <summary>What the child says, not through the reader, which must not be read from as well.</summary>
    public static Stream Of(StreamReader output) => Of(output.BaseStream, FileAccess.Read);

    /// <summary>What the child reads, not through the writer. Closing it is the end of what it reads.</summary>
    public static Stream Of(StreamWriter input) => Of(input.BaseStream, FileAccess.Write);

    private static Stream Of(Stream stream, FileAccess access)
    {
        if (stream is not PipeStream pipe)
        {
            return stream;
        }

        var handle = pipe.SafePipeHandle;
        var file = new SafeFileHandle(handle.DangerousGetHandle(), ownsHandle: true);
        handle.SetHandleAsInvalid();
        return new FileStream(file, access, bufferSize: 0);
    }
}
