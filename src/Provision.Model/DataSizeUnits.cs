using System.Diagnostics.CodeAnalysis;

namespace Provision.Model;

/// <summary>The units of <see cref="DataSize"/>, as properties of numbers.</summary>
[SuppressMessage("Naming", "CA1708", Justification = "The analyzer takes the two extension blocks, which have no names, for two equal ones.")]
public static class DataSizeUnits
{
    extension(int count)
    {
        /// <summary>That many times 1,024 bytes.</summary>
        public DataSize KiB => Of(count, 1L << 10);

        /// <summary>That many times 1,024 KiB.</summary>
        public DataSize MiB => Of(count, 1L << 20);

        /// <summary>That many times 1,024 MiB.</summary>
        public DataSize GiB => Of(count, 1L << 30);

        /// <summary>That many times 1,024 GiB.</summary>
        public DataSize TiB => Of(count, 1L << 40);
    }

    extension(double count)
    {
        /// <summary>That many times 1,024 KiB.</summary>
        public DataSize MiB => Of((decimal)count, 1L << 20);

        /// <summary>That many times 1,024 MiB.</summary>
        public DataSize GiB => Of((decimal)count, 1L << 30);

        /// <summary>That many times 1,024 GiB.</summary>
        public DataSize TiB => Of((decimal)count, 1L << 40);
    }

    private static DataSize Of(decimal count, long factor) => new((long)(count * factor));
}
