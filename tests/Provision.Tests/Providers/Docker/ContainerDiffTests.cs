using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Docker;
using Provision.Providers.Docker.Schema;
using Provision.Providers.Schema;
using Xunit;

namespace Provision.Tests.Providers.Docker;

/// <summary>What is a change and what is none; each trap of the field has its test.</summary>
public sealed class ContainerDiffTests
{
    private static readonly Urn Web = Urn.Create("lab", "tests", null, new ResourceType("docker:index/container:Container"), "web");

    private static readonly PropertyMap Nginx = PropertyMap.Of(("image", "nginx:1.27"), ("name", "web"));

    [Fact]
    public void Trap_1_what_the_image_brings_is_no_change()
    {
        var seen = PropertyMap.Of(
            ("command", PropertyValue.ListOf(["nginx"])), ("entrypoints", PropertyValue.ListOf(["/entry"])), ("envs", PropertyValue.ListOf(["PATH=/bin", "A=1"])),
            ("user", "www"), ("workingDir", "/srv"), ("hostname", "0123456789ab"), ("labels", Labels(("maintainer", "x"))));

        Assert.Empty(Diff(Nginx, Nginx, seen).Changes);
    }

    [Fact]
    public void Trap_2_an_image_by_its_id_is_the_image_that_runs()
    {
        var id = "sha256:" + new string('a', 64);
        var seen = PropertyMap.Of(("__meta", DockerMeta.Of(2, true, id, "running")));

        Assert.Empty(Diff(Nginx, Nginx.With("image", id), seen).Changes);
        Assert.True(Diff(Nginx, Nginx.With("image", "sha256:" + new string('b', 64)), seen).Replaces);
        Assert.Empty(Diff(Nginx, Nginx.With("image", "docker.io/library/nginx:1.27")).Changes);
    }

    [Fact]
    public void Trap_3_network_mode_default_is_bridge()
    {
        Assert.Empty(Diff(Nginx.With("networkMode", "default"), Nginx.With("networkMode", "bridge")).Changes);
        Assert.Empty(Diff(Nginx, Nginx.With("networkMode", "bridge"), PropertyMap.Of(("networkMode", "default"))).Changes);
        Assert.True(Diff(Nginx, Nginx.With("networkMode", "host")).Replaces);
    }

    [Theory]
    [InlineData("init")]
    [InlineData("rm")]
    public void Trap_4_what_no_daemon_can_change_replaces(string name) => Assert.True(Diff(Nginx, Nginx.With(name, true)).Replaces);

    [Fact]
    public void Trap_4_an_edit_inside_a_mount_or_health_check_replaces()
    {
        var mounted = Nginx.With("mounts", PropertyValue.ListOf([PropertyMap.Of(("type", "bind"), ("source", "/a"), ("target", "/b"))]));
        var edited = Nginx.With("mounts", PropertyValue.ListOf([PropertyMap.Of(("type", "bind"), ("source", "/c"), ("target", "/b"))]));
        var probed = Nginx.With("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "true"])), ("interval", "10s")));
        var slower = Nginx.With("healthcheck", PropertyMap.Of(("tests", PropertyValue.ListOf(["CMD", "true"])), ("interval", "20s")));

        Assert.True(Diff(mounted, edited).Replaces);
        Assert.Equal("healthcheck.interval", Assert.Single(Diff(probed, slower).Changes).Path.ToString());
        Assert.True(Diff(probed, slower).Replaces);
    }

    [Fact]
    public void Trap_7_the_old_one_goes_first() => Assert.True(Diff(Nginx, Nginx.With("image", "nginx:2")).DeleteBeforeReplace);

    [Fact]
    public void Trap_9_the_order_of_unordered_things_is_no_change()
    {
        var inputs = Nginx.Merge(PropertyMap.Of(
            ("envs", PropertyValue.ListOf(["A=1", "B=2"])), ("labels", Labels(("a", "1"), ("b", "2"))), ("ports", Ports((80, 8080), (443, 8443)))));
        var turned = Nginx.Merge(PropertyMap.Of(
            ("envs", PropertyValue.ListOf(["B=2", "A=1"])), ("labels", Labels(("b", "2"), ("a", "1"))), ("ports", Ports((443, 8443), (80, 8080)))));

        Assert.Empty(Diff(inputs, turned).Changes);
    }

    [Fact]
    public void Trap_9_the_order_of_a_command_is_a_change() =>
        Assert.True(Diff(Nginx.With("command", PropertyValue.ListOf(["a", "b"])), Nginx.With("command", PropertyValue.ListOf(["b", "a"]))).Replaces);

    [Fact]
    public void Trap_14_a_port_the_daemon_chose_and_defaults_of_ports_are_no_change()
    {
        var inputs = Nginx.With("ports", PropertyValue.ListOf([PropertyMap.Of(("internal", 80))]));
        var seen = PropertyMap.Of(("ports", PropertyValue.ListOf(
            [PropertyMap.Of(("internal", 80), ("external", 32768), ("ip", "0.0.0.0"), ("protocol", "tcp"))])));

        Assert.Empty(Diff(inputs, inputs, seen).Changes);
        Assert.True(Diff(inputs, Nginx.With("ports", Ports((80, 8080))), seen).Replaces);
    }

    [Fact]
    public void Trap_15_what_a_daemon_fills_in_is_no_change()
    {
        var inputs = Nginx.Merge(PropertyMap.Of(("memory", 64), ("capabilities", PropertyMap.Of(("adds", PropertyValue.ListOf(["net_admin"]))))));
        var seen = PropertyMap.Of(
            ("memorySwap", 128), ("shmSize", 64), ("logDriver", "json-file"), ("cgroupnsMode", "host"),
            ("capabilities", PropertyMap.Of(("adds", PropertyValue.ListOf(["CAP_NET_ADMIN"])))));

        Assert.Empty(Diff(inputs, inputs, seen).Changes);
    }

    [Theory]
    [InlineData("exited", 0, false, true, null)]
    [InlineData("exited", 1, false, true, "stopped")]
    [InlineData("exited", 0, true, false, null)]
    [InlineData("exited", 1, true, false, null)]
    [InlineData("exited", 0, false, null, "stopped")]
    [InlineData("paused", 0, false, null, "paused")]
    [InlineData("created", 0, false, null, "created")]
    [InlineData("running", 0, false, null, null)]
    [InlineData("restarting", 1, false, null, null)]
    public void Trap_16_services_run_and_jobs_end(string state, int exitCode, bool mayEnd, bool? attach, string? reason)
    {
        var inputs = Nginx.Merge(PropertyMap.Of(("mustRun", !mayEnd), ("attach", attach ?? false)));
        var seen = PropertyMap.Of(("exitCode", exitCode), ("mustRun", false), ("__meta", DockerMeta.Of(2, true, null, state)));

        var diff = Diff(inputs, inputs, seen);

        Assert.Equal(reason, diff.Reason);
        Assert.Equal(reason is not null, diff.HasChanges);
    }

    [Fact]
    public void Trap_16_one_that_is_only_created_is_never_started() =>
        Assert.False(Diff(Nginx.With("start", false), Nginx.With("start", false), PropertyMap.Of(("__meta", DockerMeta.Of(2, true, null, "created")))).HasChanges);

    [Fact]
    public void Trap_26_a_default_that_an_old_state_lacks_is_no_change()
    {
        var inputs = Nginx.Merge(PropertyMap.Of(("readOnly", false), ("restart", "no"), ("waitTimeout", 60), ("networkMode", "bridge")));
        var bare = PropertyMap.Of(("image", "nginx:1.27"), ("name", "web"));

        Assert.Empty(InputDiff.Compare(ContainerTable.Table, new DiffRequest(Web, "id", inputs, bare, inputs)));
    }

    [Fact]
    public void The_limit_of_processes_changes_live_and_what_a_person_did_to_it_is_seen()
    {
        var limited = Nginx.With("__pidsLimit", 100);

        Assert.Equal(("pidsLimit", DiffKind.Update, ApplyClass.Live), Shape(Diff(limited, Nginx.With("__pidsLimit", 200))));
        Assert.Equal(("pidsLimit", DiffKind.Delete, ApplyClass.Live), Shape(Diff(limited, Nginx)));
        Assert.Equal(("pidsLimit", DiffKind.Update, ApplyClass.Live), Shape(Diff(limited, limited, PropertyMap.Of(("__pidsLimit", 5)))));
        Assert.False(Diff(Nginx, Nginx, PropertyMap.Of(("__pidsLimit", 5))).HasChanges);

        static (string, DiffKind, ApplyClass) Shape(DiffResponse diff)
        {
            var change = Assert.Single(diff.Changes);
            return (change.Path.ToString(), change.Kind, change.Apply);
        }
    }

    [Fact]
    public void A_limit_changes_live_and_an_image_replaces()
    {
        Assert.Equal(ApplyClass.Live, Assert.Single(Diff(Nginx.With("memory", 64), Nginx.With("memory", 128)).Changes).Apply);
        Assert.Equal(ApplyClass.Replace, Assert.Single(Diff(Nginx, Nginx.With("image", "nginx:2")).Changes).Apply);
    }

    [Fact]
    public void An_input_taken_away_goes_back_to_its_default()
    {
        var change = Assert.Single(Diff(Nginx.With("restart", "always"), Nginx).Changes);

        Assert.Equal(("restart", DiffKind.Delete, ApplyClass.Live), (change.Path.ToString(), change.Kind, change.Apply));
        Assert.Empty(Diff(Nginx.With("restart", "no"), Nginx).Changes);
    }

    [Theory]
    [InlineData("memory", ApplyClass.Live)]
    [InlineData("image", ApplyClass.Replace)]
    [InlineData("envs", ApplyClass.Replace)]
    public void An_unknown_is_a_change_of_its_class(string name, ApplyClass apply)
    {
        var change = Assert.Single(Diff(Nginx, Nginx.With(name, PropertyValue.Unknown.Value)).Changes);

        Assert.Equal((name, apply), (change.Path.ToString(), change.Apply));
    }

    [Fact]
    public void A_secret_stays_one_in_the_change_and_is_compared_by_what_it_holds()
    {
        var before = Nginx.With("envs", PropertyValue.ListOf([new PropertyValue.Secret("A=1")]));
        var after = Nginx.With("envs", PropertyValue.ListOf([new PropertyValue.Secret("A=2")]));

        Assert.Empty(Diff(before, before).Changes);
        Assert.DoesNotContain("A=", Assert.Single(Diff(before, after).Changes).ToString(), StringComparison.Ordinal);
    }

    private static DiffResponse Diff(PropertyMap before, PropertyMap after, PropertyMap? seen = null)
    {
        var outputs = OutputShape.Compose(ContainerTable.Table, before, PropertyMap.Empty)
            .With("__meta", DockerMeta.Of(2, true, null, "running")).Merge(seen ?? PropertyMap.Empty);
        return ContainerDiff.Compare(new DiffRequest(Web, "id", before, outputs, after));
    }

    private static PropertyValue Labels(params (string Label, string Value)[] labels) =>
        PropertyValue.ListOf(labels.Select(label => (PropertyValue)PropertyMap.Of(("label", label.Label), ("value", label.Value))));

    private static PropertyValue Ports(params (int Internal, int External)[] ports) =>
        PropertyValue.ListOf(ports.Select(port => (PropertyValue)PropertyMap.Of(("internal", port.Internal), ("external", port.External))));
}
