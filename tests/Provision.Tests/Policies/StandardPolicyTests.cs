using System.Collections.Immutable;
using Provision.Engine.Resources;
using Provision.Model;
using Provision.Model.Policies;
using Provision.Providers.Lowering;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Policies;

/// <summary>Each ready policy, on a container that breaks it and nothing else, and on one that keeps them all.</summary>
public sealed class StandardPolicyTests
{
    private const string Digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly Container Good = new("web", "nginx:1.27" + Digest)
    {
        Limits = new() { Memory = 64.MiB, Cpus = 0.5 },
        Ports = [new Port(80) { Host = 8080, Ip = "127.0.0.1" }],
        Mounts = [Mount.Bind("/srv/www", "/www", readOnly: true)],
    };

    [Fact]
    public void A_stack_that_keeps_all_of_them_breaks_none() => Assert.Empty(Run(Good));

    [Fact]
    public void Each_names_what_breaks_it()
    {
        Only("no privileged containers", Enforcement.Mandatory, "is privileged: it can do whatever it likes to its host", Good with { Privileged = true });
        Only("no mount of the host's root", Enforcement.Mandatory, "mounts the host's root folder", Good with { Mounts = [Mount.Bind("/", "/host")] });
        Only("no mount of the host's root", Enforcement.Mandatory, "mounts the host's root folder", Good with { Mounts = [Mount.Bind("/./", "/host")] });
        Only("images by digest", Enforcement.Advisory, "nginx:1.27 has no digest, so it may be another image tomorrow", Good with { Image = "nginx:1.27" });
        Only("containers have limits", Enforcement.Advisory, "has no limit of memory and of processors", Good with { Limits = new() });
        Only("containers have limits", Enforcement.Advisory, "has no limit of processors", Good with { Limits = new() { Memory = 64.MiB } });
        Only("no ports on all interfaces", Enforcement.Advisory, "publishes port 80 on all addresses of its host", Good with { Ports = [new Port(80) { Host = 8080, Ip = "0.0.0.0" }] });
        Only("no ports on all interfaces", Enforcement.Advisory, "publishes port 80 on all addresses of its host", Good with { Ports = [new Port(80) { Ip = "::" }] });
    }

    [Fact]
    public void What_no_definition_can_say_yet_is_seen_all_the_same()
    {
        var goals = Goals(Good).Select(goal => goal.Type.Token == ResourceTypes.Container
            ? goal with { Inputs = goal.Inputs.With("networkMode", "host").With("volumes", PropertyValue.ListOf([PropertyMap.Of(("hostPath", "//"))])) }
            : goal).ToArray();

        Assert.Equal(["no host network", "no mount of the host's root"], PolicyCheck.Run(StandardPolicies.All, goals, "lab").Select(violation => violation.Policy));
    }

    [Fact]
    public void What_is_unknown_or_secret_breaks_nothing()
    {
        var goals = Goals(Good).Select(goal => goal.Type.Token == ResourceTypes.Container
            ? goal with
            {
                Inputs = PropertyMap.From(goal.Inputs.Keys.Append("privileged").Append("networkMode").Distinct().Select((key, at) =>
                    KeyValuePair.Create(key, at % 2 == 0 ? PropertyValue.Unknown.Value : (PropertyValue)new PropertyValue.Secret("/")))),
            }
            : goal).ToArray();

        Assert.Empty(PolicyCheck.Run(StandardPolicies.All, goals, "lab"));
    }

    [Fact]
    public void Enforcement_can_be_chosen()
    {
        var strict = StandardPolicies.ImagesByDigest with { Enforcement = Enforcement.Mandatory };

        Assert.Equal(Enforcement.Mandatory, Assert.Single(PolicyCheck.Run([strict], Goals(Good with { Image = "nginx" }), "lab")).Enforcement);
    }

    [Fact]
    public void A_rule_that_fails_is_one_that_nobody_knows_to_be_kept()
    {
        var broken = new Policy("broken", stack => [new PolicyFinding(null, stack.Resources[99].Name)]) { Enforcement = Enforcement.Advisory };

        var violation = Assert.Single(PolicyCheck.Run([broken], Goals(Good), "lab"));

        Assert.Equal((Enforcement.Mandatory, null), (violation.Enforcement, violation.Urn));
        Assert.StartsWith("the policy itself failed: ", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rule_sees_owners_and_the_whole_stack()
    {
        var policy = new Policy("three at most", stack => stack.OfType(ResourceTypes.Container).Count() > 1 ? [new PolicyFinding(null, $"{stack.Name} has too many")] : []);
        var owned = Policy.ForEach("owned", ResourceTypes.Container, container => container.Owner == "ada@example.edu" ? "hers" : null);
        var goals = Goals(Good with { Owner = "ada@example.edu" }, Good with { Name = "db", Ports = [] });

        Assert.Equal(["lab has too many", "hers"], PolicyCheck.Run([policy, owned], goals, "lab").Select(violation => violation.Message));
    }

    private static void Only(string policy, Enforcement enforcement, string message, Container container)
    {
        var violation = Assert.Single(Run(container));

        Assert.Equal((policy, enforcement, message), (violation.Policy, violation.Enforcement, violation.Message));
        Assert.NotNull(violation.Remedy);
    }

    private static ImmutableArray<PolicyViolation> Run(params Container[] containers) => PolicyCheck.Run(StandardPolicies.All, Goals(containers), "lab");

    private static ImmutableArray<ResourceGoal> Goals(params Container[] containers) => StackLowering.Lower(
        new Stack { Hosts = [new Host("here") { Containers = [.. containers] }] },
        new LoweringContext { Project = "demo", StackName = "lab", WorkspaceFolder = Golden.Repository });
}
