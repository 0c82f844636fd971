using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class ServiceResourceTests : IAsyncDisposable
{
    private const string Show = "systemctl show *";
    private const string Active = "LoadState=loaded\nActiveState=active\nMainPID=812\nUnitFileState=enabled\n";
    private const string Inactive = "LoadState=loaded\nActiveState=inactive\nMainPID=0\nUnitFileState=disabled\n";
    private const string Failed = "LoadState=loaded\nActiveState=failed\nMainPID=0\nUnitFileState=enabled\n";

    private readonly FakeTransport _host = new();
    private readonly HostRequests _docker = new(HostTypes.Service, "docker");
    private readonly PropertyMap _inputs = PropertyMap.Of(
        ("name", "docker"), ("readySocket", "/run/docker.sock"), ("readyHttpPath", "/_ping"), ("running", true), ("keep", true));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_answers_is_taken_and_nothing_is_started()
    {
        Answers("HTTP/1.1 200 OK\r\n\r\nOK");
        _host.On(Show, Active);

        var response = await HostRequests.Provider(_host).CreateAsync(_docker.Create(_inputs), Token);

        Assert.Equal("docker", response.Id);
        Assert.Equal(
            _inputs.Merge(PropertyMap.Of(
                ("supervisor", "systemd"), ("running", true), ("status", "running"), ("startedByUs", false), ("pid", 812), ("enabled", true))),
            response.Outputs);
        Assert.All(_host.Lines, line => Assert.StartsWith("systemctl show ", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_systemd_a_stopped_unit_is_enabled_and_started()
    {
        _host.On(Show, Inactive).On("systemctl enable -- docker").On("systemctl start -- docker", _ =>
        {
            _host.On("systemctl sho*", Active);
            Answers("HTTP/1.0 200 OK\r\n\r\n");
            return new CommandResult(0, default, "");
        });

        var response = await HostRequests.Provider(_host).CreateAsync(_docker.Create(_inputs), Token);

        Assert.Equal((PropertyValue)true, response.Outputs["startedByUs"]);
        Assert.Equal((PropertyValue)"systemd", response.Outputs["supervisor"]);
    }

    [Fact]
    public async Task A_unit_that_fails_says_its_last_words_and_leaves_nothing()
    {
        _host.On(Show, Inactive).On("systemctl enable -- docker").On("journalctl *", "bad flag\n").On("systemctl start -- docker", _ =>
        {
            _host.On("systemctl sho*", Failed);
            return new CommandResult(1, default, "Job for docker.service failed.");
        });

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_docker.Create(_inputs), Token));

        Assert.Equal(
            "docker did not start: systemctl start: Job for docker.service failed.; docker ended at once (systemd).\nIts last words (systemd):\nbad flag",
            failed.Message);
        Assert.Equal(Remainder.Untouched.Value, failed.Remainder);
    }

    [Fact]
    public async Task Without_unit_script_and_command_the_error_says_what_to_declare()
    {
        _host.On(Show, "LoadState=not-found\nActiveState=inactive\n");

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_docker.Create(_inputs), Token));

        Assert.Equal("docker cannot be started: the host has no unit and no init script docker, and no command is given.", failed.Message);
    }

    [Fact]
    public async Task Without_an_init_a_command_goes_before_an_init_script()
    {
        _host.Facts = "uid=0\nrights=root\npackages=apt\none=process\n";
        _host.Files["/etc/init.d/docker"] = ([], default);
        _host.Programs["service"] = "/usr/sbin/service";
        var inputs = _inputs.With("command", PropertyValue.ListOf(["dockerd"]));

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_docker.Create(inputs), Token));

        Assert.Equal("docker did not start: there is no tini on the host to start it under; install the package tini", failed.Message);
        Assert.DoesNotContain(_host.Lines, line => line.StartsWith("service ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_an_init_of_scripts_a_script_that_does_not_end_ready_is_followed_by_the_command_and_both_reasons_are_told()
    {
        _host.Facts = "uid=0\nrights=root\npackages=apt\none=init\n";
        _host.Files["/etc/init.d/docker"] = ([], default);
        _host.Programs["service"] = "/usr/sbin/service";
        _host.On("service docker status", "", 3).On("service docker start", "", 1, "ulimit: error setting limit (Operation not permitted)\n")
            .On("tail -n 15 -- /var/log/docker.log", "");
        var inputs = _inputs.With("command", PropertyValue.ListOf(["dockerd"]));

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_docker.Create(inputs), Token));

        Assert.Equal(
            "docker did not start: service docker start: ulimit: error setting limit (Operation not permitted); docker ended at once (service)."
            + "; then there is no tini on the host to start it under; install the package tini",
            failed.Message);
    }

    [Fact]
    public async Task A_stopped_service_is_read_as_stopped_and_its_diff_is_a_live_update()
    {
        _host.On(Show, Inactive.Replace("disabled", "enabled", StringComparison.Ordinal));
        var provider = HostRequests.Provider(_host);
        var outputs = _inputs.Merge(PropertyMap.Of(("supervisor", "systemd"), ("startedByUs", true)));

        var found = Assert.IsType<ReadResponse.Found>((await provider.ReadAsync([_docker.Read("docker", _inputs, outputs)], Token))[0]);
        var diff = provider.Diff(_docker.Diff("docker", _inputs, found.Outputs, _inputs));

        Assert.Equal(new PropertyDiff(PropertyPath.Of("running"), DiffKind.Update, ApplyClass.Live, false, true), Assert.Single(diff.Changes));
        Assert.Equal("stopped", diff.Reason);
    }

    [Fact]
    public async Task A_unit_that_was_removed_is_gone()
    {
        _host.On(Show, "LoadState=not-found\nActiveState=inactive\n");

        var answers = await HostRequests.Provider(_host).ReadAsync([_docker.Read("docker", _inputs, PropertyMap.Of(("supervisor", "systemd")))], Token);

        Assert.Same(ReadResponse.Gone.Value, Assert.Single(answers));
    }

    [Fact]
    public async Task Kept_means_nothing_is_done_at_the_end()
    {
        await HostRequests.Provider(_host).DeleteAsync(_docker.Delete("docker", _inputs, PropertyMap.Of(("startedByUs", true))), Token);

        Assert.Empty(_host.Commands);
        Assert.Equal(["docker keeps running (keep)"], _docker.Progress.Texts);
    }

    [Fact]
    public async Task What_somebody_else_started_is_not_stopped()
    {
        _host.On(Show, Active);

        await HostRequests.Provider(_host).DeleteAsync(
            _docker.Delete("docker", _inputs.With("keep", false), PropertyMap.Of(("startedByUs", false), ("supervisor", "systemd"))), Token);

        Assert.DoesNotContain(_host.Lines, line => line.Contains("stop", StringComparison.Ordinal));
    }

    [Fact]
    public void A_changed_command_restarts_ours_and_is_only_noted_for_anothers()
    {
        var provider = HostRequests.Provider(_host);
        var wanted = _inputs.With("command", PropertyValue.ListOf(["dockerd", "-D"]));

        var ours = provider.Diff(_docker.Diff("docker", _inputs, PropertyMap.Of(("startedByUs", true), ("running", true)), wanted));
        var anothers = provider.Diff(_docker.Diff("docker", _inputs, PropertyMap.Of(("startedByUs", false), ("running", true)), wanted));

        Assert.Equal(ApplyClass.Restart, Assert.Single(ours.Changes).Apply);
        Assert.Equal(ApplyClass.Live, Assert.Single(anothers.Changes).Apply);
    }

    [Fact]
    public void Every_input_is_classified_and_an_unclassified_one_is_refused()
    {
        var response = HostRequests.Provider(_host).Check(_docker.Check(PropertyMap.Of(
            ("name", "-x"), ("pidFile", "/run/../etc/passwd"), ("logFile", "relative"), ("readyHttpPath", "/a b"), ("readyTimeoutSeconds", 0.5),
            ("environment", PropertyMap.Of(("A=B", "x"))), ("colour", "red"))));

        Assert.Equal(
            ["name", "pidFile", "logFile", "readyHttpPath", "readyTimeoutSeconds", "colour", "environment.A=B"],
            response.Failures.Select(failure => failure.Path.ToString()));
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Unavailable\r\n", "HTTP 503")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "no HTTP answer")]
    [InlineData("", "no HTTP answer")]
    public async Task An_answer_that_is_not_200_is_not_ready(string answer, string seen)
    {
        Answers(answer);

        Assert.Equal(new Readiness(false, seen), await new ReadyProbe(_host, TimeProvider.System).LookAsync("/run/docker.sock", "/_ping", Token));
    }

    private void Answers(string text) => _host.Sockets["/run/docker.sock"] = () => new AnsweringStream(text);

    /// <summary>Takes any question, and gives its answer a byte at a time.</summary>
    private sealed class AnsweringStream(string answer) : MemoryStream(Encoding.ASCII.GetBytes(answer))
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1, buffer.Length)], cancellationToken);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
