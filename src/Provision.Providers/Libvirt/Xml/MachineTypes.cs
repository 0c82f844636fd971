using System.Text.RegularExpressions;

namespace Provision.Providers.Libvirt.Xml;

/// <summary>Machine types come as aliases (<c>q35</c>) and with a version (<c>pc-q35-7.2</c>): libvirt records the version that the alias meant when the domain was defined. Pure.</summary>
internal static partial class MachineTypes
{
    /// <summary>Whether what is recorded is what the program calls for. An alias that means a newer version today is no difference.</summary>
    public static bool IsTheSame(string wanted, string recorded) =>
        wanted == recorded || FamilyOf(wanted) == FamilyOf(recorded) && (!HasVersion(wanted) || !HasVersion(recorded));

    private static bool HasVersion(string machine) => Version().IsMatch(machine);

    private static string FamilyOf(string machine) =>
        Version().Replace(machine, "") switch
        {
            "pc" or "pc-i440fx" => "pc",
            "q35" or "pc-q35" => "q35",
            var family => family,
        };

    // pc-q35-7.2, pc-i440fx-rhel7.6.0, virt-7.2, s390-ccw-virtio-7.2
    [GeneratedRegex(@"-(?:rhel|bionic|focal|jammy|noble|ubuntu)?\d[\d.]*(?:-[a-z]+)?\z")]
    private static partial Regex Version();
}
