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
        Model = new ModelHashes("definition", "settings", "files"),
        Commit = "0123456789abcdef",
        IsDirty = true,
        StateSerial = 7,
        StateDigest = PlanHeader.DigestOf(Snapshot.Empty),
        ToolVersion = "0.1.0",
        Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Targets = ["web*"],
        TargetDependents = true,
        Refresh = false,
        Overrides = ["students"],
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
                Sizes = [new SizedInput(PropertyPath.Of("size"), SizedInput.Bytes), new SizedInput(PropertyPath.Parse("mounts[*].sizeBytes"), SizedInput.Bytes), new SizedInput(PropertyPath.Of("memory"), SizedInput.Mebibytes)],
                DeleteBeforeReplace = true,
                LookedAtLater = true,
                Dependencies = [StackProgram.Here],
                Old = new ResourceState
                {
                    Urn = StackProgram.UrnOf("web"),
                    Custom = true,
                    Id = "w-1",
                    Parent = StackProgram.Root,
                    Protect = true,
                    DeletedWith = StackProgram.Here,
                    Inputs = PropertyMap.Of(("password", new PropertyValue.Secret("hunter1"))),
                },
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
        Assert.Equal((Header.Stack, Header.Model, Header.StateDigest, Header.StateSerial, Header.Time, Header.Commit, Header.IsDirty, Header.TargetDependents, Header.Refresh), (header.Stack, header.Model, header.StateDigest, header.StateSerial, header.Time, header.Commit, header.IsDirty, header.TargetDependents, header.Refresh));
        Assert.Equal(Header.Targets.Concat(Header.Overrides), header.Targets.Concat(header.Overrides));
        Assert.Equal(Plan.Outputs, plan.Outputs);
        var (before, after) = (Plan.Steps[0], Assert.Single(plan.Steps));
        Assert.Equal((before.Op, before.Urn, before.Parent, before.Reason, before.Remark, before.LookedAtLater), (after.Op, after.Urn, after.Parent, after.Reason, after.Remark, after.LookedAtLater));
        Assert.Equal(before.Sizes.AsEnumerable(), after.Sizes);
        Assert.Equal(before.Inputs, after.Inputs);
        Assert.Equal(before.Changes.AsEnumerable(), after.Changes);
        Assert.Equal((before.Old?.Id, before.Old?.Parent, before.Old?.Protect, before.Old?.DeletedWith, before.Old?.Inputs), (after.Old?.Id, after.Old?.Parent, after.Old?.Protect, after.Old?.DeletedWith, after.Old?.Inputs));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"version\":1}")]
    [InlineData("{\"version\":3}")]
    [InlineData("{\"version\":2,\"stack\":7}")]
    public void What_is_no_plan_is_refused(string text) => Assert.Throws<PlanFormatException>(() => PlanJson.Read(text, new ReversingSecrets()));

    [Fact]
    public void Whatever_moved_is_named()
    {
        var other = new Snapshot { Resources = [new ResourceState { Urn = StackProgram.Root, Custom = false }] };

        var model = Header.Model;

        Assert.Empty(Header.Moved("lab", "tests", model, Snapshot.Empty, 7));
        Assert.Equal(["the stack: the plan is for 'tests/lab'"], Header.Moved("other", "tests", model, Snapshot.Empty, 7));
        Assert.Equal(["the definition"], Header.Moved("lab", "tests", model with { Definition = "other" }, Snapshot.Empty, 7));
        Assert.Equal(["its settings: the plan was made with --config for students"], Header.Moved("lab", "tests", model with { Settings = "other" }, Snapshot.Empty, 7));
        Assert.Equal(["its settings"], (Header with { Overrides = [] }).Moved("lab", "tests", model with { Settings = "other" }, Snapshot.Empty, 7));
        Assert.Equal(["a file it reads"], Header.Moved("lab", "tests", model with { Files = "other" }, Snapshot.Empty, 7));
        Assert.Equal(["the state: it had 7 updates and has 8"], Header.Moved("lab", "tests", model, other, 8));
        Assert.Equal(["the state: something was recorded since"], Header.Moved("lab", "tests", model, other, 7));
    }

    private sealed class ReversingSecrets : ISecretsProvider
    {
        public SecretsProviderState? State => null;

        public string Encrypt(string plain) => new([.. plain.Reverse()]);

        public string Decrypt(string cipher) => new([.. cipher.Reverse()]);
    }
}
