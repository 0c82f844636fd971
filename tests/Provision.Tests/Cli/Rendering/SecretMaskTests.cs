using Provision.Cli.Rendering;
using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Xunit;
using static Provision.Tests.Cli.Rendering.SamplePlans;

namespace Provision.Tests.Cli.Rendering;

public sealed class SecretMaskTests
{
    private const string Marker = "hunter2";
    private static readonly PropertyValue Hidden = new PropertyValue.Secret(Marker);

    public static TheoryData<string> Cases => [.. Steps.Keys];

    private static readonly Dictionary<string, PlannedStep> Steps = new()
    {
        ["new side secret, old side as the daemon reports it"] = With(Change("password", Marker, Hidden)),
        ["old side secret, new side plain"] = With(Change("password", Hidden, Marker)),
        ["secret added"] = With(Change("password", null, Hidden)),
        ["secret taken away"] = With(Change("password", Hidden, null)),
        ["in a map"] = With(Change("labels", PropertyMap.Of(("a", "1"), ("k", Marker)), PropertyMap.Of(("a", "2"), ("k", Hidden)))),
        ["in a list"] = With(Change("envs", PropertyValue.ListOf(["A=1", $"P={Marker}"]), PropertyValue.ListOf(["A=1", new PropertyValue.Secret($"P={Marker}")]))),
        ["in a list in a map in a list"] = With(Change("x",
            PropertyValue.ListOf([PropertyMap.Of(("l", PropertyValue.ListOf([Marker])))]),
            PropertyValue.ListOf([PropertyMap.Of(("l", PropertyValue.ListOf([Hidden])))]))),
        ["shapes differ"] = With(Change("x", Marker, PropertyMap.Of(("k", Hidden)))),
        ["an entry that moved by one"] = With(Change("envs[1]", $"P={Marker}", "B=2")) with
        {
            Inputs = PropertyMap.Of(("envs", PropertyValue.ListOf([new PropertyValue.Secret($"P={Marker}"), "B=2"]))),
        },
        ["recorded as secret, diffed in plain text"] = With(Change("password", Marker, "new")) is var step
            ? step with { Old = step.Old! with { Inputs = PropertyMap.Of(("password", new PropertyValue.Secret("v1:cipher", () => throw new InvalidOperationException("decrypted")))) } }
            : With(),
        ["inside a secret map"] = With(Change("config.inner", Marker, "b")) with { Inputs = PropertyMap.Of(("config", new PropertyValue.Secret(PropertyMap.Of(("inner", Marker))))) },
    };

    private static PlannedStep With(params PropertyDiff[] changes) => Step(StepOp.Update, Container, "web", null, null, changes);

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_secret_shows_on_neither_side(string name)
    {
        var step = Steps[name];

        var text = Text(PlanView.Lines(PlanOf(step), "lab", new PlanViewOptions(Diff: true)));

        Assert.Contains("[secret]", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Marker, text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_stands_beside_a_secret_is_still_shown()
    {
        var (old, fresh) = SecretMask.Of(
            With(),
            Change("envs", PropertyValue.ListOf(["A=1", $"P={Marker}"]), PropertyValue.ListOf(["A=2", new PropertyValue.Secret($"P={Marker}")])));

        Assert.Equal("""["A=1", [secret]] → ["A=2", [secret]]""", $"{ValueText.Inline(old!)} → {ValueText.Inline(fresh!)}");
    }
}
