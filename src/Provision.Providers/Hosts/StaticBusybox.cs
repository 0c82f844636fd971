using System.Buffers.Binary;
using System.Collections.Immutable;
using Provision.Engine.Contract;

namespace Provision.Providers.Hosts;

/// <summary>The host's static busybox: the one program that runs where there are no libraries, in empty images and before any disk is mounted.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Sha256">What it is.</param>
/// <param name="Applets">Full paths of what it can do, without a leading slash.</param>
internal sealed record StaticBusybox(string Path, string Sha256, ImmutableArray<string> Applets)
{
    private static readonly string[] UsualPlaces = ["/bin/busybox", "/usr/bin/busybox"];

    public static async Task<StaticBusybox> FindAsync(HostSession host, string? given, CancellationToken cancellationToken)
    {
        foreach (var path in given is not null ? [given] : UsualPlaces)
        {
            // "<64 hex>  /bin/busybox"
            var sum = await host.Transport.RunAsync(new HostCommand("sha256sum", "--", path), cancellationToken);
            if (!sum.Succeeded || sum.Output.Length < 64)
            {
                continue;
            }

            var head = await host.Transport.ReadFileAsync(path, 4096, asRoot: false, cancellationToken);
            if (head is null || !IsStatic(head))
            {
                throw new ProviderException(
                    ProviderFailure.Refused, $"{path} is not a static program, so it does not run without the host's libraries.",
                    "Install busybox-static in place of busybox, or name a static one (busybox).", Remainder.Untouched.Value);
            }

            var list = await host.Transport.RunAsync(new HostCommand(path, "--list-full"), cancellationToken);
            var applets = list.OutputLines.Where(line => HostPath.Shape().IsMatch("/" + line)).Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal).ToImmutableArray();
            return list.Succeeded && !applets.IsEmpty
                ? new StaticBusybox(path, sum.Output[..64], applets)
                : throw new ProviderException(
                    ProviderFailure.Refused, $"{path} does not tell what it can do: {list.Complaint(3)}", "Check that it is busybox.", Remainder.Untouched.Value);
        }

        throw new ProviderException(
            ProviderFailure.Refused, $"There is no {given ?? "busybox"} on the host.",
            "Declare the package busybox-static before it, or name one that is there (busybox).", Remainder.Untouched.Value);
    }

    /// <summary>Whether an ELF program asks for no loader: none of its program headers is PT_INTERP (elf(5)).</summary>
    internal static bool IsStatic(ReadOnlySpan<byte> head)
    {
        if (head.Length < 64 || !head.StartsWith((ReadOnlySpan<byte>)[0x7f, (byte)'E', (byte)'L', (byte)'F']))
        {
            return false;
        }

        var is64 = head[4] == 2;
        var isLittle = head[5] == 1;
        var offset = is64 ? (long)Read64(head[32..], isLittle) : Read32(head[28..], isLittle);
        var size = Read16(head[(is64 ? 54 : 42)..], isLittle);
        var count = Read16(head[(is64 ? 56 : 44)..], isLittle);
        for (var index = 0; index < count; index++)
        {
            var at = offset + ((long)index * size);
            if (at < 0 || at + 4 > head.Length)
            {
                return false;
            }

            if (Read32(head[(int)at..], isLittle) == 3)
            {
                return false;
            }
        }

        return true;
    }

    private static ulong Read64(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt64LittleEndian(at) : BinaryPrimitives.ReadUInt64BigEndian(at);

    private static uint Read32(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(at) : BinaryPrimitives.ReadUInt32BigEndian(at);

    private static ushort Read16(ReadOnlySpan<byte> at, bool isLittle) =>
        isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
}
