using Provision.Cli.Rendering;
using Provision.Engine.Diagnostics;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class SafeTextTests
{
    private const string Hostile = "web\u001b[2J\u001b]0;owned\u0007\r\b\u202egpj.exe\u200b\u009b31m[red]\ud800\u2028end";

    [Theory]
    [InlineData("plain text: äöü 漢字 😀 → …", "plain text: äöü 漢字 😀 → …")]
    [InlineData("a\u001b[31mb", "a\\x1b[31mb")]
    [InlineData("a\rb\nc\td", "a\\rb\\nc    d")]
    [InlineData("a\u202eb\u2066c", "a\\u202eb\\u2066c")]
    [InlineData("\u009b", "\\x9b")]
    [InlineData("\u007f", "\\x7f")]
    public void Only_what_is_plainly_visible_reaches_the_terminal(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    [Fact]
    public void Half_a_character_is_written_out() => Assert.Equal("a\\ud800b\\udc00", SafeText.Of("a\ud800b\udc00"));

    [Fact]
    public void A_hostile_name_cannot_draw_on_the_terminal()
    {
        var step = Step(StepOp.Update, Container, Hostile, null, Hostile, Change("image", Hostile, Hostile + "\n" + Hostile));
        var diagnostic = new Diagnostic(Severity.Error, "PROV1", Hostile, Hostile, Hostile, UrnOf(Container, Hostile));
        StyledLine[] lines =
        [
            .. PlanView.Lines(PlanOf(step) with { Outputs = PropertyMap.Of((Hostile, Hostile)) }, Hostile, new PlanViewOptions()),
            .. DiagnosticView.Lines(diagnostic),
            .. SummaryView.OutputLines(PropertyMap.Of((Hostile, Hostile))),
        ];

        using var output = new StringWriter();
        new Screen(output, color: false, 80, 24).Lines(lines);

        Assert.Contains("\\x1b[2J", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(output.ToString(), character => char.IsControl(character) && character != '\n');
        Assert.DoesNotContain('\u202e', output.ToString());
    }

    [Fact]
    public void In_colour_the_only_escapes_are_our_own_and_markup_is_text()
    {
        using var output = new StringWriter();

        new Screen(output, color: true, 80, 24).Line(StyledLine.Of("[red]x[/] \u001b[2J", Tone.Error));

        Assert.Equal("\u001b[91m[red]x[/] \\x1b[2J\u001b[0m\n", output.ToString());
    }
}
