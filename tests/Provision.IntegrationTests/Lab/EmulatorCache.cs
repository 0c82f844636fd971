namespace Provision.IntegrationTests.Lab;

/// <summary>
/// What libvirt found out about the emulators, kept from lab to lab: asking them takes seconds. libvirt itself sees whether an entry still fits what is
/// installed. It is the one thing that labs leave.
/// </summary>
internal static class EmulatorCache
{
    /// <summary>Where they are kept.</summary>
    public const string Kept = "/var/tmp/provision-lab/capabilities";

    /// <summary>Gives a lab what earlier ones found.</summary>
    public static void Fill(string lab) => Copy(Kept, FolderOf(lab));

    /// <summary>Keeps what a lab found.</summary>
    public static void Keep(string lab) => Copy(FolderOf(lab), Kept);

    private static string FolderOf(string lab) => Path.Combine(lab, "var/cache/libvirt/qemu/capabilities");

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in new DirectoryInfo(Directory.CreateDirectory(from).FullName).EnumerateFiles("*.xml"))
        {
            var target = new FileInfo(Path.Combine(to, file.Name));
            if (!target.Exists || target.LastWriteTimeUtc != file.LastWriteTimeUtc)
            {
                // By a rename, for other labs read it meanwhile.
                var half = $"{target.FullName}.{Path.GetRandomFileName()}";
                file.CopyTo(half);
                File.Move(half, target.FullName, overwrite: true);
            }
        }
    }
}
