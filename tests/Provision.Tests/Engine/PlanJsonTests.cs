using Provision.Engine.Contract;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Provision.Engine.State;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Engine;

public sealed class PlanJsonTests
{
    private static readonly PlanHeader Header = new()
    {
        Stack = "lab",
        Project = "tests",
        ModelHash = "m1",
        StateDigest = PlanHeader.DigestOf(Snapshot.Empty),
        ToolVersion = "0.1.0",
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Targets = ["web*"],
    };

    private static readonly Plan Plan = new()
    {
        Operation = Operation.Up,
        Outputs = PropertyMap.Of(("url", PropertyValue.Unknown.Value)),
        Steps =
        [
            new PlannedStep
            {
                Op = StepOp.Replace,
                Urn = StackProgram.UrnOf("web"),
                Custom = true,
                Parent = StackProgram.Root,
                Reason = "changes image",
                Remark = "its data is lost",
                Bytes = [PropertyPath.Of("size"), PropertyPath.Parse("mounts[*].sizeBytes")],
                DeleteBeforeReplace = true,
                LookedAtLater = true,
                Dependencies = [StackProgram.Here],
                Inputs = PropertyMap.Of(("password", new PropertyValue.Secret("hunter2")), ("image", PropertyValue.Unknown.Value)),
                Changes = [new PropertyDiff(PropertyPath.Parse("envs[0]"), DiffKind.Update, ApplyClass.Replace, new PropertyValue.Secret("hunter1"), new PropertyValue.Secret("hunter2"))],
            },
        ],
    };

    [Fact]
    public void A_plan_comes_back_as_it_was_saved_and_its_secrets_are_not_in_the_clear()
    {
        var text = PlanJson.Write(Header, Plan, new ReversingSecrets());

        var (header, plan) = PlanJson.Read(text, new ReversingSecrets());

        Assert.DoesNotContain("hunter", text, StringComparison.Ordinal);
        Assert.Equal((Header.Stack, Header.ModelHash, Header.StateDigest, Header.Time), (header.Stack, header.ModelHash, header.StateDigest, header.Time));
        Assert.Equal(Header.Targets.AsEnumerable(), header.Targets);
        Assert.Equal(Plan.Outputs, plan.Outputs);
        var (before, after) = (Plan.Steps[0], Assert.Single(plan.Steps));
        Assert.Equal((before.Op, before.Urn, before.Parent, before.Reason, before.Remark, before.LookedAtLater), (after.Op, after.Urn, after.Parent, after.Reason, after.Remark, after.LookedAtLater));
        Assert.Equal(before.Bytes.AsEnumerable(), after.Bytes);
        Assert.Equal(before.Inputs, after.Inputs);
        Assert.Equal(before.Changes.AsEnumerable(), after.Changes);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"version\":2}")]
    [InlineData("{\"version\":1,\"stack\":7}")]
    public void What_is_no_plan_is_refused(string text) => Assert.Throws<PlanFormatException>(() => PlanJson.Read(text, new ReversingSecrets()));

    [Fact]
    public void Whatever_moved_is_named()
    {
        var other = new Snapshot { Resources = [new ResourceState { Urn = StackProgram.Root, Custom = false }] };

        Assert.Empty(Header.Moved("lab", "tests", "m1", Snapshot.Empty));
        Assert.Equal(3, Header.Moved("other", "tests", "m2", other).Length);
    }

    private sealed class ReversingSecrets : ISecretsProvider
    {
        public SecretsProviderState? State => null;

        public string Encrypt(string plain) => new([.. plain.Reverse()]);

        public string Decrypt(string cipher) => new([.. cipher.Reverse()]);
    }
}
