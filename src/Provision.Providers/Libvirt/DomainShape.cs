using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Schema;
using Provision.Providers.Libvirt.Xml;
using Provision.Providers.Schema;

namespace Provision.Providers.Libvirt;

/// <summary>What was seen of a domain beside its definition.</summary>
internal sealed record DomainSight
{
    /// <summary>running, paused, shut off, crashed, …</summary>
    public required string State { get; init; }

    public bool Persistent { get; init; } = true;

    public bool? Autostart { get; init; }

    /// <summary>By MAC address.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>> Addresses { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The addresses that the networks' DHCP servers hold for a MAC address; null where nobody looked.</summary>
    public ImmutableDictionary<string, ImmutableArray<string>>? Reserved { get; init; }

    public ImmutableDictionary<string, string> NetworkNames { get; init; } = ImmutableDictionary<string, string>.Empty;

    public bool IsRunning => State is "running" or "blocked" or "being shut down";

    public bool IsActive => IsRunning || State is "paused" or "suspended";
}

/// <summary>What libvirt reports of a domain, as outputs in Pulumi's shape. Pure.</summary>
internal static class DomainShape
{
    /// <summary>Outputs that the next inputs are compared with.</summary>
    /// <param name="urn">Of the resource; MAC addresses that the program leaves out are derived from it.</param>
    /// <param name="view">The definition, as it will be after the next start.</param>
    /// <param name="sight">What else was seen.</param>
    /// <param name="inputs">What the program set; its spelling stays where it means the same.</param>
    /// <param name="recorded">The last outputs, for what could not be seen now.</param>
    public static PropertyMap Outputs(Urn urn, DomainView view, DomainSight sight, PropertyMap inputs, PropertyMap recorded)
    {
        var outputs = OutputShape.Compose(DomainTable.Table, inputs, Seen(view, sight, inputs));
        return outputs.Merge(PropertyMap.Of(
            ("id", view.Uuid.ToString("D")),
            ("running", sight.IsActive),
            ("disks", Disks(view, inputs)),
            ("networkInterfaces", Interfaces(urn, view, sight, inputs, recorded)),
            (DomainMeta.Key, new DomainMeta(sight.State, !sight.Persistent).ToString())));
    }

    /// <summary>Outputs of a domain that was made, but could not be looked at since.</summary>
    public static PropertyMap Blind(Guid uuid, PropertyMap inputs) =>
        OutputShape.Compose(DomainTable.Table, inputs, PropertyMap.Empty)
            .Merge(PropertyMap.Of(("id", uuid.ToString("D")), ("running", false), (DomainMeta.Key, new DomainMeta("unknown", false).ToString())));

    /// <summary>Inputs that would make the domain, for an import.</summary>
    public static PropertyMap Inputs(Urn urn, DomainView view, DomainSight sight) =>
        OutputShape.Inputs(
            DomainTable.Table,
            Seen(view, sight, PropertyMap.Empty).Merge(PropertyMap.Of(
                ("running", sight.IsActive),
                ("type", view.Type),
                ("arch", view.Arch),
                ("machine", view.Machine),
                ("disks", Disks(view, PropertyMap.Empty)),
                ("networkInterfaces", Interfaces(urn, view, sight with { Addresses = sight.Addresses.Clear() }, PropertyMap.Empty, PropertyMap.Empty)))))
        is var inputs ? inputs.With("type", view.Type) : PropertyMap.Empty;

    private static PropertyMap Seen(DomainView view, DomainSight sight, PropertyMap inputs)
    {
        var program = new InputReader(inputs);
        return PropertyMap.Of(
            ("name", view.Name),
            ("type", view.Type),
            ("description", view.Description ?? ""),
            ("memory", view.MemoryMiB),
            ("vcpu", view.Vcpus),
            ("arch", view.Arch),
            ("machine", program.Text("machine") is { } machine && view.Machine is { } recorded && MachineTypes.IsTheSame(machine, recorded) ? machine : view.Machine),
            ("emulator", view.Emulator),
            ("kernel", view.Kernel ?? ""),
            ("initrd", view.Initrd ?? ""),
            ("cmdlines", CommandLines(view, inputs)),
            ("bootDevices", BootDevices(view, program)),
            ("cpu", view.CpuMode is { } mode ? PropertyMap.Of(("mode", mode)) : null),
            ("firmware", view.Loader ?? ""),
            ("nvram", view.NvramFile is not null || view.NvramTemplate is not null ? PropertyMap.Of(("file", view.NvramFile), ("template", view.NvramTemplate)) : null),
            ("autostart", sight.Autostart),
            ("cloudinit", Seed(view, program)),
            ("coreosIgnition", Ignition(view, program)),
            ("fwCfgName", view.FirmwareConfigName),
            ("graphics", view.Graphics is { } graphics ? Graphics(graphics, program.Object("graphics")) : PropertyValue.Null.Value),
            ("video", program.Has("video") && view.Video is { } video ? PropertyMap.Of(("type", video)) : null),
            ("tpm", view.Tpm is { } tpm ? Tpm(tpm, program.Object("tpm")) : PropertyValue.Null.Value),
            ("filesystems", PropertyValue.ListOf(view.FileSystems.Select(one => (PropertyValue)PropertyMap.Of(
                ("source", one.Source), ("target", one.Target), ("readonly", one.ReadOnly),
                ("accessmode", view.Type is "kvm" or "qemu" ? one.AccessMode : null))))));
    }

    /// <summary>The command line's words cannot be told apart again: it is the program's, or one line.</summary>
    private static PropertyValue? CommandLines(DomainView view, PropertyMap inputs) =>
        (view.CommandLine ?? "") == (DomainWriter.CommandLine(inputs) ?? "") ? null
        : view.CommandLine is { } line ? PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("_", line))])
        : PropertyValue.ListOf(Array.Empty<string>());

    private static PropertyValue? BootDevices(DomainView view, InputReader program)
    {
        var wanted = program.Objects("bootDevices").SelectMany(one => one.Texts("devs"));
        return view.BootDevices.SequenceEqual(wanted)
            ? null
            : PropertyValue.ListOf([(PropertyValue)PropertyMap.Of(("devs", PropertyValue.ListOf(view.BootDevices)))]);
    }

    /// <summary>The seed disk tells in its serial which content it was attached with.</summary>
    private static PropertyValue Seed(DomainView view, InputReader program)
    {
        if (view.Disks.FirstOrDefault(disk => disk.IsSeed) is not { } seed)
        {
            return "";
        }

        // The real provider's serial tells nothing of the content.
        return program.Text("cloudinit") is { } id && SeedId.PathOf(id) == seed.Source && (seed.Serial == "cloudinit" || SeedId.SerialOf(id) == seed.Serial) ? id : seed.Source;
    }

    private static PropertyValue Ignition(DomainView view, InputReader program)
    {
        var file = view.IgnitionFile ?? view.Disks.FirstOrDefault(disk => disk.Serial == "ignition")?.Source;
        return file is null ? "" : program.Text("coreosIgnition") is { } id && SeedId.PathOf(id) == file ? id : file;
    }

    /// <summary>libvirt says "address" where no type of listening was asked for.</summary>
    private static PropertyMap Graphics(GraphicsView seen, InputReader? program) =>
        PropertyMap.Of(
            ("type", seen.Type), ("autoport", seen.AutoPort), ("listenType", seen.ListenType),
            ("listenAddress", program?.Text("listenType") == "address" ? seen.ListenAddress : null),
            ("websocket", seen.WebSocket is { } port ? (double)port : null));

    private static PropertyMap Tpm(TpmView seen, InputReader? program) =>
        PropertyMap.Of(
            ("backendType", seen.Backend), ("model", program?.Has("model") == true ? seen.Model : null),
            ("backendVersion", program?.Has("backendVersion") == true ? seen.Version : null),
            ("backendEncryptionSecret", seen.EncryptionSecret), ("backendPersistentState", seen.PersistentState ? true : null),
            ("backendDevicePath", program?.Has("backendDevicePath") == true ? seen.DevicePath : null));

    /// <summary>Each disk in the program's words, as far as it is there; others by their path.</summary>
    private static PropertyValue Disks(DomainView view, PropertyMap inputs)
    {
        var declared = Values.Items(inputs.Find("disks")).Select(item => Values.Members(item)).ToList();
        var seen = view.Disks.Where(disk => !disk.IsSeed && disk.Serial != "ignition").ToList();
        var facts = new DomainFacts { Type = view.Type, Uuid = view.Uuid, Name = view.Name };
        var known = new List<PropertyMap>();
        foreach (var words in declared)
        {
            var disk = new InputReader(words);
            if (seen.FirstOrDefault(one => SameSource(one, disk, facts)) is not { } there)
            {
                continue;
            }

            seen.Remove(there);
            known.Add(Complete(words, there));
        }

        return known.Count == 0 && seen.Count == 0
            ? PropertyValue.Null.Value
            : PropertyValue.ListOf([.. known.Select(words => (PropertyValue)words), .. seen.Select(disk => (PropertyValue)Complete(PropertyMap.Of((InputOf(disk), disk.Source)), disk))]);
    }

    private static bool SameSource(DiskView seen, InputReader declared, DomainFacts facts)
    {
        var (type, key) = DomainDisks.SourceOf(declared, facts);
        return type == "network" ? seen.Kind == "network" && Uri.TryCreate(key, UriKind.Absolute, out var url) && url.ToString() == seen.Source : seen.Source == key;
    }

    private static string InputOf(DiskView disk) => disk switch
    {
        { Kind: "network" } => "url",
        { Kind: "block" } => "blockDevice",
        { Device: "cdrom" } => "file",
        _ => "volumeId",
    };

    private static PropertyMap Complete(PropertyMap words, DiskView seen) =>
        PropertyMap.Of(
            ("volumeId", PropertyValue.Null.Value), ("file", PropertyValue.Null.Value), ("blockDevice", PropertyValue.Null.Value), ("url", PropertyValue.Null.Value),
            ("scsi", seen.Bus == "scsi" && seen.Device == "disk"), ("wwn", seen.Wwn is { } wwn ? wwn : PropertyValue.Null.Value))
        .Merge(PropertyMap.From(words.Where(entry => entry.Key is not ("scsi" or "wwn" or "__serial" or "__defaults"))))
        .Merge(PropertyMap.Of(("__serial", seen.Serial)));

    private static PropertyValue Interfaces(Urn urn, DomainView view, DomainSight sight, PropertyMap inputs, PropertyMap recorded)
    {
        var declared = Values.Items(inputs.Find("networkInterfaces")).Select(item => Values.Members(item)).ToArray();
        var macs = MacAddresses.Of(urn, inputs);
        var nics = new List<PropertyValue>();
        var seen = view.Interfaces.ToList();
        foreach (var (i, words) in declared.Index())
        {
            if (seen.FirstOrDefault(one => one.Mac == macs[i]) is { } there)
            {
                seen.Remove(there);
                nics.Add(Interface(words, there, sight, Recorded(recorded, there.Mac)));
            }
        }

        nics.AddRange(seen.Select(other => (PropertyValue)Interface(PropertyMap.Empty, other, sight, Recorded(recorded, other.Mac))));
        return nics.Count == 0 ? PropertyValue.Null.Value : PropertyValue.ListOf(nics);
    }

    private static InputReader Recorded(PropertyMap outputs, string mac) =>
        new(Values.Items(outputs.Find("networkInterfaces")).Select(item => Values.Members(item))
            .FirstOrDefault(nic => new InputReader(nic).Text("mac") is { } text && DomainCanonical.Mac(text) == mac, PropertyMap.Empty));

    private static PropertyMap Interface(PropertyMap words, InterfaceView seen, DomainSight sight, InputReader recorded)
    {
        var program = new InputReader(words);
        var source = seen.Kind switch
        {
            "network" when program.Text("networkId") is { } id && program.Text("networkName") is null =>
                ("networkId", sight.NetworkNames.GetValueOrDefault(id) is { } name && name != seen.Source ? IdOf(seen.Source, sight) ?? seen.Source : id),
            "network" => ("networkName", seen.Source),
            "bridge" => ("bridge", seen.Source),
            _ => (seen.Mode switch { "vepa" => "vepa", "passthrough" => "passthrough", _ => "macvtap" }, seen.Source),
        };
        return PropertyMap.Of(
            ("networkName", PropertyValue.Null.Value), ("networkId", PropertyValue.Null.Value), ("bridge", PropertyValue.Null.Value),
            ("macvtap", PropertyValue.Null.Value), ("vepa", PropertyValue.Null.Value), ("passthrough", PropertyValue.Null.Value),
            ("hostname", words.Find("hostname") ?? ""), ("waitForLease", words.Find("waitForLease") ?? false))
        .Merge(PropertyMap.Of(
            (source.Item1, source.Item2),
            ("mac", words.Find("mac") is { } mac && Values.Plain(mac) is not null ? mac : seen.Mac),
            ("addresses", Addresses(program, seen, sight, recorded))));
    }

    /// <summary>
    /// Where the program gives addresses: those, as long as the network holds them for this NIC. Otherwise what the guest has; what could not be
    /// seen now is as it was.
    /// </summary>
    private static PropertyValue Addresses(InputReader program, InterfaceView seen, DomainSight sight, InputReader recorded)
    {
        if (program.Texts("addresses") is { IsEmpty: false } wanted)
        {
            return sight.Reserved is null || sight.Reserved.GetValueOrDefault(seen.Mac, []).ToHashSet().IsSupersetOf(wanted.Select(Canonical))
                ? PropertyValue.ListOf(wanted)
                : PropertyValue.ListOf(sight.Reserved.GetValueOrDefault(seen.Mac, []));
        }

        return PropertyValue.ListOf(
            sight.Addresses.GetValueOrDefault(seen.Mac, []) is { IsEmpty: false } addresses ? addresses
            : sight.IsActive ? recorded.Texts("addresses")
            : ImmutableArray<string>.Empty);
    }

    private static string Canonical(string address) => DomainCanonical.Address(address) ?? address;

    private static string? IdOf(string network, DomainSight sight) => sight.NetworkNames.FirstOrDefault(entry => entry.Value == network).Key;
}
