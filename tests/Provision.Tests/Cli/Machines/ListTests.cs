using System.Text.Json;
using Provision.Cli.Listing;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Libvirt.Access;
using Xunit;
using static Provision.Tests.Cli.Machines.MachineStack;

namespace Provision.Tests.Cli.Machines;

public sealed class ListTests
{
    [Fact]
    public async Task One_table_shows_how_everything_is_now()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.ById[Box1].StartedAt = DateTimeOffset.UtcNow.AddMinutes(-5.5);
        stack.Cli.Machines.ById[Box2].Power = MachinePower.Off;
        stack.Cli.World.Remove("/pool/box-2-data.qcow2");

        var code = await stack.Cli.RunAsync("list", "lab");

        Assert.Equal(0, code);
        Assert.Equal(
            """
            KIND       NAME        STATE        ADDRESS       UPTIME  IMAGE
            machine    box-1       running      10.99.0.7     5 min   debian-12
            machine    box-2       off                                debian-12
            container  web         unreachable                        tiny:1
            network    net         there        10.99.0.0/24
            volume     box-1-data  there
            volume     box-1-root  there
            volume     box-2-data  gone
            volume     box-2-root  there

            """.ReplaceLineEndings("\n"),
            stack.Cli.Out);
        Assert.Contains("unix:///nowhere/docker.sock", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker:index/image:Image", "imageName", "lab-hello:latest", "repoDigest")]
    [InlineData("docker:index/remoteImage:RemoteImage", "name", "nginx:1.27", "imageId")]
    public async Task An_image_of_the_stack_is_called_by_its_name_and_not_by_its_id(string type, string nameInput, string name, string idOutput)
    {
        var image = PropertyMap.Of((nameInput, name), (idOutput, "sha256:0123456789abcdef"));
        using var stack = await new MachineStack { OwnImage = (type, image, idOutput) }.UpAsync();

        Assert.Equal(0, await stack.Cli.RunAsync("list"));
        Assert.Matches($"container +web +unreachable +{name}\n", stack.Cli.Out);

        Assert.Equal(0, await stack.Cli.RunAsync("list", "--json"));
        Assert.Contains($"\"image\": \"{name}\"", stack.Cli.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_each_has_its_type_id_and_urn()
    {
        using var stack = await new MachineStack().UpAsync();

        await stack.Cli.RunAsync("ls", "--json");

        using var json = JsonDocument.Parse(stack.Cli.Out);
        var box = json.RootElement[0];
        Assert.Equal(("machine", "box-1", "running", "10.99.0.7", Box1), (
            box.GetProperty("kind").GetString(), box.GetProperty("name").GetString(), box.GetProperty("state").GetString(), box.GetProperty("address").GetString(), box.GetProperty("id").GetString()));
        Assert.Equal(JsonValueKind.Null, box.GetProperty("uptime").ValueKind);
        Assert.StartsWith("urn:pulumi:lab::demo::", box.GetProperty("urn").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_all_what_nobody_looks_at_is_shown_as_recorded()
    {
        using var stack = await new MachineStack().UpAsync();

        await stack.Cli.RunAsync("list", "--all");

        Assert.Matches("private key +key +recorded", stack.Cli.Out);
    }

    [Fact]
    public async Task A_hypervisor_that_is_down_does_not_hide_the_rest()
    {
        using var stack = await new MachineStack().UpAsync();
        stack.Cli.Machines.Down = new ProviderException(ProviderFailure.Unreachable, "there is no libvirtd at fake:///lab", null, Remainder.Untouched.Value);

        Assert.Equal(0, await stack.Cli.RunAsync("list"));
        Assert.Matches("machine +box-1 +unreachable", stack.Cli.Out);
        Assert.Matches("volume +box-1-root +there", stack.Cli.Out);
        Assert.Contains("there is no libvirtd", stack.Cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_that_was_never_up_says_so()
    {
        using var cli = new TestCli();
        cli.AddStack("empty");

        Assert.Equal(0, await cli.RunAsync("list"));
        Assert.Equal("", cli.Out);
        Assert.Contains("provision up empty", cli.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("box-2", "box-10", -1)]
    [InlineData("box-10", "box-2", 1)]
    [InlineData("box-01", "box-1", 1)]
    [InlineData("a", "a", 0)]
    [InlineData("a", "ab", -1)]
    [InlineData("", "a", -1)]
    [InlineData("a1b2", "a1b10", -1)]
    public void Numbers_in_names_are_ordered_as_numbers(string left, string right, int order) =>
        Assert.Equal(order, Math.Sign(NaturalOrder.Instance.Compare(left, right)));

    [Theory]
    [InlineData("host:index/diskImage:DiskImage", "disk image")]
    [InlineData("libvirt:index/domain:Domain", "domain")]
    public void A_kind_is_said_in_words(string type, string kind) => Assert.Equal(kind, StackListing.KindOf(new ResourceType(type)));
}
