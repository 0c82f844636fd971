using System.Globalization;

namespace Provision.Providers.Hosts;

/// <summary>What this machine has, read from the kernel without starting a program: it is asked before every up.</summary>
/// <param name="Processors">Those that this process may use.</param>
/// <param name="Memory">In bytes; null where the kernel does not say.</param>
/// <param name="Disk">
/// In bytes, the whole file system that machines' disks lie on: what is free of it shrinks with what the stack itself has made, so it would be
/// counted twice. Null where that cannot be told.
/// </param>
public sealed record LocalResources(double Processors, long? Memory, long? Disk)
{
    private const string DiskFolder = "/var/lib/provision";

    public static LocalResources Read() => Read("/proc/meminfo", DiskFolder);

    internal static LocalResources Read(string memoryFile, string diskFolder) => new(Environment.ProcessorCount, MemoryOf(memoryFile), DiskOf(diskFolder));

    // MemTotal:       24589844 kB
    private static long? MemoryOf(string file)
    {
        try
        {
            var words = File.ReadLines(file).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(words => words is ["MemTotal:", _, "kB"]);
            return words is not null && long.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var kibibytes) && kibibytes < long.MaxValue >> 10 ? kibibytes << 10 : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? DiskOf(string folder)
    {
        try
        {
            var there = folder;
            while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
            {
                there = above;
            }

            return new DriveInfo(there).TotalSize;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
