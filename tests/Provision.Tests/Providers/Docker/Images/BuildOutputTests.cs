using Docker.DotNet.Models;
using Provision.Engine.Resources;
using Provision.Providers.Docker.Images;
using Xunit;

namespace Provision.Tests.Providers.Docker.Images;

public sealed class BuildOutputTests
{
    private const string Id = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly Heard _heard = new();

    [Fact]
    public void Steps_are_told_however_the_stream_is_cut()
    {
        var output = Output();
        foreach (var part in new[] { "St", "ep 1/2 : FROM x\n", " ---> abc\nStep 2/2 : RUN make", "\r\n" })
        {
            output.Report(new JSONMessage { Stream = part });
        }

        output.AddLine("#7 [build 3/4] COPY . /x");
        Assert.Equal([("step 1/2: FROM x", 1, 2), ("step 2/2: RUN make", 2, 2), ("step 3/4: COPY . /x", 3, 4)], _heard.All);
    }

    [Fact]
    public void The_image_s_id_is_taken_and_nothing_else_of_that_name()
    {
        var output = Output();
        output.Report(new JSONMessage { Aux = new ObjectExtensionData { ExtensionData = new Dictionary<string, object> { ["ID"] = "nonsense" } } });
        Assert.Null(output.ImageId);
        output.Report(new JSONMessage { Aux = new ObjectExtensionData { ExtensionData = new Dictionary<string, object> { ["ID"] = Id } } });
        Assert.Equal(Id, output.ImageId);
    }

    [Fact]
    public void A_failure_has_the_step_the_reason_and_twenty_lines()
    {
        var output = Output();
        output.Report(new JSONMessage { Stream = "Step 4/9 : RUN make\n" });
        output.Report(new JSONMessage { Stream = string.Concat(Enumerable.Range(1, 50).Select(n => $"line {n}\n")) + "no end of line" });
        output.Report(new JSONMessage { Error = new JSONError { Message = "returned a non-zero code: 2" } });

        var lines = output.Failed(null).Message.Split('\n');

        Assert.Equal("Cannot build image 'web:1': it failed at step 4/9: RUN make: returned a non-zero code: 2", lines[0]);
        Assert.Equal(["  line 32", .. Enumerable.Range(33, 18).Select(n => $"  line {n}"), "  no end of line"], lines[2..]);
    }

    [Fact]
    public void Secrets_and_terminal_commands_are_taken_out_and_long_lines_cut()
    {
        var mask = SecretMask.Of(PropertyMap.Of(("a", new PropertyValue.Secret("hunter2")), ("b", PropertyMap.Of(("c", new PropertyValue.Secret("hunter2-long")))), ("d", "plain")));
        var output = Output(mask);
        output.AddLine("\u001b[31mred\u001b[0m hunter2-long hunter2 plain\u0007");
        output.AddLine("\u001b]0;title\u0007x" + new string('y', 10_000));

        var lines = output.Failed("hunter2 is wrong").Message.Split('\n');

        Assert.EndsWith("[secret] is wrong", lines[0], StringComparison.Ordinal);
        Assert.Equal("  red [secret] [secret] plain", lines[2]);
        Assert.InRange(lines[3].Length, 300, 410);
    }

    [Fact]
    public void A_secret_of_several_lines_is_hidden_line_by_line()
    {
        var mask = SecretMask.Of(PropertyMap.Of(("key", new PropertyValue.Secret("-----BEGIN-----\nabc123\n"))));

        Assert.Equal("x [secret] y", mask.Apply("x abc123 y"));
        Assert.Equal("a b", SecretMask.Of(PropertyMap.Of(("empty", new PropertyValue.Secret("")), ("blank", new PropertyValue.Secret(" ")))).Apply("a b"));
    }

    [Fact]
    public void A_quiet_build_tells_no_steps()
    {
        var output = new BuildOutput(Spec() with { Quiet = true }, _heard);
        output.AddLine("Step 1/1 : FROM x");

        Assert.Empty(_heard.All);
    }

    private BuildOutput Output(SecretMask? mask = null) => new(Spec() with { Mask = mask ?? SecretMask.None }, _heard);

    private static BuildSpec Spec() => new() { Tool = BuildTool.Engine, Name = "web:1" };
}
