using Provision.Cli.Review;
using Provision.Engine.Planning;
using Provision.Engine.Resources;
using Xunit;

namespace Provision.Tests.Review;

public sealed class ReviewPlanTests
{
    private static readonly Urn Root = Urn.OfStack("lab", "demo");

    [Fact]
    public void An_output_of_which_only_what_nobody_knows_may_change_shows_no_change()
    {
        var (old, fresh) = OutputsOf("http://${libvirt:Domain box.ip}/", PropertyValue.Unknown.Value);

        Assert.Equal(PropertyValue.Unknown.Value, old);
        Assert.Equal(PropertyValue.Unknown.Value, fresh);
    }

    [Fact]
    public void An_output_of_which_people_changed_their_own_part_shows_that_part()
    {
        var (old, fresh) = OutputsOf("http://${libvirt:Domain box.ip}/", "https://${libvirt:Domain box.ip}/");

        Assert.Equal("http://[unknown]/", old);
        Assert.Equal("https://[unknown]/", fresh);
    }

    [Fact]
    public void A_known_output_that_becomes_unknown_stays_known_before()
    {
        var (old, _) = OutputsOf("http://10.0.0.1/${HOME}", PropertyValue.Unknown.Value);

        Assert.Equal("http://10.0.0.1/${HOME}", old);
    }

    private static (PropertyValue? Old, PropertyValue? Fresh) OutputsOf(PropertyValue old, PropertyValue fresh)
    {
        var plan = ReviewPlan.Of(new Plan
        {
            Operation = Operation.Up,
            Steps =
            [
                new PlannedStep
                {
                    Op = StepOp.Same, Urn = Root, Custom = false,
                    Old = new ResourceState { Urn = Root, Custom = false, Outputs = PropertyMap.Of(("url", old)) },
                },
            ],
            Outputs = PropertyMap.Of(("url", fresh)),
        });
        return (plan.Steps[0].Old?.Outputs.Find("url"), plan.Outputs.Find("url"));
    }
}
