using Provision.Engine.Resources;
using Provision.Model;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Cli.Commands;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FitTests : IDisposable
{
    private readonly TestCli _cli = new();

    public FitTests()
    {
        _cli.AddStack("lab");
        _cli.Declared["web"] = PropertyMap.Of(("size", 1));
        _cli.Definition = new Stack { Hosts = [Room(), Desks()] };
        _cli.Capacity = new() { Cpus = 2, Memory = 8.GiB, Disk = 100.GiB };
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Fit_shows_what_is_short_at_whom_and_exits_with_5()
    {
        Assert.Equal(5, await _cli.RunAsync("fit", "lab"));

        Golden.Match(_cli.Out, "cli/fit.txt");
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Fit_as_json_has_exact_numbers()
    {
        Assert.Equal(5, await _cli.RunAsync("fit", "--json"));

        Golden.Match(_cli.Out, "cli/fit.json");
        Assert.Empty(_cli.Error);
    }

    [Fact]
    public async Task Fit_exits_with_0_where_all_is_well()
    {
        _cli.Definition = new Stack { Hosts = [Room() with { Capacity = null }] };

        Assert.Equal(0, await _cli.RunAsync("fit"));
        Assert.Contains("room: all 3 containers fit", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_is_stopped_before_anything_is_recorded_or_made()
    {
        Assert.Equal(5, await _cli.RunAsync("up", "--yes"));

        Assert.Contains("PROV1950", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("memory short by 512 MiB", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("addresses of lan run out at box-6", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("--overcommit", _cli.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Out);
        Assert.Empty(_cli.World);
        Assert.False(Directory.Exists(Path.Combine(_cli.Folder, ".pulumi")));
    }

    [Fact]
    public async Task Up_goes_on_with_overcommit_and_warns()
    {
        Assert.Equal(0, await _cli.RunAsync("up", "--yes", "--overcommit"));

        Assert.Contains("PROV1950", _cli.Error, StringComparison.Ordinal);
        Assert.Equal(["web"], _cli.World.Keys);
    }

    [Fact]
    public async Task Preview_warns_and_shows_the_plan()
    {
        Assert.Equal(0, await _cli.RunAsync("preview"));

        Assert.Contains("PROV1950", _cli.Error, StringComparison.Ordinal);
        Assert.Contains("+  1 to create", _cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Shared_processors_stop_nothing_and_an_up_says_nothing_of_them()
    {
        _cli.Definition = new Stack { Hosts = [Desks() with { Overcommit = new() { Memory = 2 }, Hypervisors = [Desks().Hypervisors[0] with { Networks = [new VirtualNetwork("lan")] }] }] };

        Assert.Equal(0, await _cli.RunAsync("fit"));
        Assert.Contains("note: processors short by 4: machines and containers share them", _cli.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _cli.RunAsync("up", "--yes"));
        Assert.DoesNotContain("PROV195", _cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Networks_that_are_alike_are_one_row()
    {
        _cli.Definition = new Stack
        {
            Hosts = [new Host("room") { Networks = [.. Declare.Each(40, n => new ContainerNetwork($"desk-{n}") { Subnet = $"10.20.{n}.0/24" })] }],
        };

        Assert.Equal(0, await _cli.RunAsync("fit"));
        Assert.Contains("desk-1..40  40 subnets  0 each  253 each", _cli.Out, StringComparison.Ordinal);
    }

    private static Host Room() => new("room")
    {
        Capacity = new() { Memory = 1.GiB },
        Networks = [new ContainerNetwork("class"), new ContainerNetwork("staff") { Subnet = "10.20.0.0/24" }],
        Containers =
        [
            .. Declare.Each(2, n => new Container($"student-{n}", "nginx")
            {
                Limits = new() { Memory = 768.MiB, Cpus = 0.25 }, Networks = ["class"], Ports = [new Port(80) { Host = 9000 + n }],
            }),
            new Container("teacher", "nginx") { Networks = ["class", "staff"] },
        ],
    };

    private static Host Desks() => new("desks")
    {
        Hypervisors =
        [
            new Hypervisor("kvm")
            {
                Networks = [new VirtualNetwork("lan") { Subnet = "10.30.0.0/29" }],
                Machines = [.. Declare.Each(6, n => new VirtualMachine($"box-{n}") { Memory = 1400.MiB, Disk = 4.GiB, Networks = ["lan"] })],
            },
        ],
    };
}
