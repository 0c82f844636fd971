using System.Text;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.Tests.Providers.Hosts;

public sealed class AptPackageTests : IAsyncDisposable
{
    private const string Query = "dpkg-query -W *";
    private const string Install = "*apt-get* install -y *";
    private const string Known = "tini | 0.19.0-1 | http://example.org bookworm/main amd64 Packages\n";

    private readonly FakeTransport _host = new();
    private readonly HostRequests _tini = new(HostTypes.Package, "tini");
    private readonly PropertyMap _inputs = PropertyMap.Of(("name", "tini"), ("keep", true));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public AptPackageTests() => _host.On("dpkg --audit").On("apt-cache madison -- tini", Known).On(Install);

    [Fact]
    public async Task A_package_that_is_there_is_taken_as_somebody_elses()
    {
        _host.On(Query, "tini\tinstalled\t0.19.0-1\n");

        var response = await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        Assert.Equal("apt/tini", response.Id);
        Assert.Equal(
            _inputs.Merge(PropertyMap.Of(("manager", "apt"), ("version", "0.19.0-1"), ("installed", true), ("installedByUs", false))), response.Outputs);
        Assert.Equal([@"dpkg-query -W -f ${Package}\t${db:Status-Status}\t${Version}\n -- tini"], _host.Lines);
    }

    [Fact]
    public async Task A_missing_package_is_installed_without_recommendations_or_removals_and_is_ours()
    {
        _host.On(Query, "", 1, "no packages found").On(Query, "tini\tinstalled\t0.19.0-1\n")
            .On(Install, "pmstatus:tini:40.0000:Unpacking tini (amd64)\n");

        var response = await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        Assert.Equal((PropertyValue)true, response.Outputs["installedByUs"]);
        var install = Assert.Single(_host.Commands, command => FakeTransport.Line(command).Contains("apt-get", StringComparison.Ordinal));
        Assert.EndsWith("install -y --no-install-recommends --no-remove -- tini", FakeTransport.Line(install), StringComparison.Ordinal);
        Assert.Contains("DPkg::Lock::Timeout=900", install.Arguments);
        Assert.True(install.AsRoot);
        Assert.Equal("noninteractive", install.Environment["DEBIAN_FRONTEND"]);
    }

    /// <summary>apt closes its status stream to the packages' scripts; one that prints to a closed standard output fails.</summary>
    [Fact]
    public async Task Packages_scripts_keep_their_standard_output()
    {
        _host.On(Query, "", 1).On(Query, "tini\tinstalled\t1\n").On(Install);

        await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        var install = Assert.Single(_host.Commands, command => FakeTransport.Line(command).Contains("apt-get", StringComparison.Ordinal));
        Assert.Equal("exec 3>&1; exec apt-get \"$@\"", install.Arguments[1]);
        Assert.Contains("APT::Status-Fd=3", install.Arguments);
    }

    [Fact]
    public void Apts_status_lines_are_progress()
    {
        Assert.Equal(("Unpacking tini (amd64)", 40L), AptPackages.ParseStatus("pmstatus:tini:40.4000:Unpacking tini (amd64)"));
        Assert.Equal(("Retrieving file 1 of 1", 12L), AptPackages.ParseStatus("dlstatus:1:12.5:Retrieving file 1 of 1"));
        Assert.Null(AptPackages.ParseStatus("Reading package lists..."));
        Assert.Null(AptPackages.ParseStatus("pmstatus:tini:soon:Unpacking"));
        Assert.Null(AptPackages.ParseStatus("other:tini:40:Unpacking"));
    }

    [Fact]
    public async Task The_lists_are_fetched_once_and_only_where_a_name_is_not_known()
    {
        _host.On("*apt-get* update").On("apt-cache madison -- tini", "").On("apt-cache madison -- other", "")
            .On(Query, "", 1);
        var provider = HostRequests.Provider(_host);

        var first = await Assert.ThrowsAsync<ProviderException>(() => provider.CreateAsync(_tini.Create(PropertyMap.Of(("name", "other"))), Token));
        var second = await Assert.ThrowsAsync<ProviderException>(() => provider.CreateAsync(_tini.Create(PropertyMap.Of(("name", "other"))), Token));

        Assert.Single(_host.Lines, line => line.EndsWith(" update", StringComparison.Ordinal));
        Assert.Equal("No package source of this host has other.", first.Message);
        Assert.Equal(Remainder.Untouched.Value, second.Remainder);
        Assert.Empty(_host.Files);
    }

    /// <summary>The first is held while it runs, until the others wait: what waits goes in one run.</summary>
    [Fact]
    public async Task Packages_that_wait_for_the_manager_are_installed_together()
    {
        await InstallManyAsync(_ => { });

        Assert.Equal(["-- tini", "-- a b c"], Installations());
    }

    [Fact]
    public async Task Of_packages_installed_together_one_that_fails_does_not_keep_the_others_from_it()
    {
        var ends = await InstallManyAsync(command =>
        {
            if (command.Arguments.Contains("b"))
            {
                throw new ProviderException(ProviderFailure.Refused, "b is broken", null, Remainder.Untouched.Value);
            }
        });

        Assert.Equal(["-- tini", "-- a b c", "-- a", "-- b", "-- c"], Installations());
        Assert.Equal([null, null, "b is broken", null], ends);
        Assert.Equal(["apt-a", "apt-c", "apt-tini"], _host.Files.Keys.Select(Path.GetFileName).Order());
    }

    private IEnumerable<string> Installations() => _host.Lines.Where(line => line.Contains(" install -y", StringComparison.Ordinal)).Select(line => line[line.LastIndexOf("-- ", StringComparison.Ordinal)..]);

    private async Task<string?[]> InstallManyAsync(Action<HostCommand> others)
    {
        string[] names = ["tini", "a", "b", "c"];
        foreach (var name in names)
        {
            _host.On($"dpkg-query -W * -- {name}", "", 1).On($"dpkg-query -W * -- {name}", $"{name}\tinstalled\t1\n");
        }

        _host.On("apt-cache madison -- *", command => new CommandResult(0, Encoding.UTF8.GetBytes(string.Concat(command.Arguments[2..].Select(name => $"{name} | 1 | x\n"))), ""));
        var provider = HostRequests.Provider(_host);
        Task<string?>[] waiting = [];
        _host.On("*apt-get* install -y --no-install-recommends *", command =>
        {
            if (command.Arguments.Contains("tini"))
            {
                waiting = [.. names[1..].Select(EndAsync)];
            }
            else
            {
                others(command);
            }

            return new CommandResult(0, default, "");
        });
        var first = await EndAsync("tini");
        return [first, .. await Task.WhenAll(waiting)];

        async Task<string?> EndAsync(string name)
        {
            try
            {
                await provider.CreateAsync(new HostRequests(HostTypes.Package, name).Create(PropertyMap.Of(("name", name), ("keep", true))), Token);
                return null;
            }
            catch (ProviderException exception)
            {
                return exception.Message;
            }
        }
    }

    [Fact]
    public async Task A_command_that_is_there_by_another_way_satisfies_the_resource_and_nothing_is_installed()
    {
        _host.Programs["dockerd"] = "/opt/docker/dockerd";
        var inputs = PropertyMap.Of(("name", "docker.io"), ("command", "dockerd"), ("keep", false));
        var provider = HostRequests.Provider(_host);

        var created = await provider.CreateAsync(_tini.Create(inputs), Token);
        await provider.DeleteAsync(_tini.Delete(created.Id, inputs, created.Outputs), Token);

        Assert.Equal("command/dockerd", created.Id);
        Assert.Empty(_host.Commands);
    }

    [Fact]
    public async Task Many_packages_are_read_with_one_query()
    {
        _host.On(Query, "tini\tinstalled\t1\nbusybox-static\tconfig-files\t2\n", 1);
        _host.Programs["dockerd"] = "/usr/bin/dockerd";

        var answers = await HostRequests.Provider(_host).ReadAsync(
            [.. ((string[])["apt/tini", "apt/busybox-static", "apt/nope", "command/dockerd", "command/nope"])
                .Select(id => _tini.Read(id, _inputs, PropertyMap.Of(("installedByUs", true))))],
            Token);

        Assert.Single(_host.Commands);
        Assert.Equal(["Found", "Gone", "Gone", "Found", "Gone"], answers.Select(answer => answer.GetType().Name));
        Assert.Equal((PropertyValue)true, Assert.IsType<ReadResponse.Found>(answers[0]).Outputs["installedByUs"]);
    }

    [Fact]
    public async Task Ours_with_keep_false_is_removed_and_ours_with_keep_stays_and_anothers_stays()
    {
        _host.On(Query, "tini\tinstalled\t1\n").On("*apt-get* remove -s -- tini", "Remv tini [1]\n").On("*apt-get* remove -y -- tini");
        var provider = HostRequests.Provider(_host);
        var ours = PropertyMap.Of(("installedByUs", true));

        await provider.DeleteAsync(_tini.Delete("apt/tini", _inputs, ours), Token);
        await provider.DeleteAsync(_tini.Delete("apt/tini", _inputs.With("keep", false), PropertyMap.Of(("installedByUs", false))), Token);
        Assert.Empty(_host.Commands);
        Assert.Equal(["tini stays installed (keep)", "tini stays: it was there before"], _tini.Progress.Texts);

        await provider.DeleteAsync(_tini.Delete("apt/tini", _inputs.With("keep", false), ours), Token);
        Assert.EndsWith("remove -y -- tini", _host.Lines.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_removal_that_would_take_others_along_is_refused_with_their_names()
    {
        _host.On(Query, "tini\tinstalled\t1\n").On("*apt-get* remove -s -- tini", "Remv docker.io [20]\nRemv tini [1]\n");

        var refused = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).DeleteAsync(
            _tini.Delete("apt/tini", _inputs.With("keep", false), PropertyMap.Of(("installedByUs", true))), Token));

        Assert.Equal("tini is not removed: docker.io would go with it.", refused.Message);
        Assert.Equal(ProviderFailure.Refused, refused.Failure);
    }

    [Fact]
    public async Task What_an_interrupted_create_installed_is_found_as_ours_and_what_was_there_is_not()
    {
        _host.On(Query, "tini\tinstalled\t1\n");
        var provider = HostRequests.Provider(_host);

        Assert.Null(await provider.FindAsync(_tini.Find(_inputs), Token));
        _host.Files["/var/lib/provision/packages/apt-tini"] = (System.Text.Encoding.UTF8.GetBytes($"{_tini.Urn}\n"), default);
        var found = await provider.FindAsync(_tini.Find(_inputs), Token);

        Assert.Equal(("apt/tini", true), (found?.Id, found?.Complete));
        Assert.Equal((PropertyValue)true, found?.Outputs["installedByUs"]);
    }

    [Fact]
    public async Task A_failed_installation_says_apts_errors_and_leaves_no_claim()
    {
        _host.On(Query, "", 1).On("*apt-get* install -y --no-install-recommends *", "Reading…\n", 100, "W: old\nE: Unable to fetch some archives\n");

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token));

        Assert.Equal("tini could not be installed: E: Unable to fetch some archives", failed.Message);
        Assert.Equal(Remainder.Untouched.Value, failed.Remainder);
        Assert.Empty(_host.Files);
    }

    [Fact]
    public async Task An_installation_that_never_ends_leaves_the_question_open()
    {
        _host.On(Query, "", 1).On("*apt-get* install -y --no-install-recommends *", _ => throw new TimeoutException("apt-get did not end"));

        var failed = await Assert.ThrowsAsync<ProviderException>(() => HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token));

        Assert.Equal((ProviderFailure.Timeout, Remainder.Unknown.Value), (failed.Failure, failed.Remainder));
        Assert.NotEmpty(_host.Files);
    }

    [Fact]
    public async Task Where_no_init_runs_services_are_kept_from_starting_during_the_installation_only()
    {
        _host.Facts = "uid=0\nrights=root\npackages=apt\none=process\n";
        var during = new List<string>();
        _host.On(Query, "", 1).On(Query, "tini\tinstalled\t1\n").On("*apt-get* install -y --no-install-recommends *", _ =>
        {
            during.AddRange(_host.Files.Keys);
            return new CommandResult(0, default, "");
        });

        await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        Assert.Equal(["/usr/sbin/policy-rc.d", "/var/lib/provision/packages/apt-tini"], during.Order());
        Assert.Equal(["/var/lib/provision/packages/apt-tini"], _host.Files.Keys);
    }

    [Fact]
    public async Task A_policy_that_is_there_stays_untouched()
    {
        _host.Facts = "uid=0\nrights=root\npackages=apt\none=process\n";
        _host.Files["/usr/sbin/policy-rc.d"] = ("#!/bin/sh\nexit 101\n"u8.ToArray(), default);
        _host.On(Query, "", 1).On(Query, "tini\tinstalled\t1\n");

        await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        Assert.Equal("#!/bin/sh\nexit 101\n"u8.ToArray(), _host.Files["/usr/sbin/policy-rc.d"].Content);
    }

    [Fact]
    public async Task An_interrupted_dpkg_is_finished_first()
    {
        _host.On(Query, "", 1).On(Query, "tini\tinstalled\t1\n")
            .On("*apt-get* --fix-broken *", "", 100, "E: dpkg was interrupted, you must manually run 'dpkg --configure -a'")
            .On("dpkg --force-confdef --force-confold --configure -a");
        _host.On("dpkg --audi*", "The following packages are only half configured\n");

        await HostRequests.Provider(_host).CreateAsync(_tini.Create(_inputs), Token);

        Assert.Contains("dpkg --force-confdef --force-confold --configure -a", _host.Lines);
    }

    [Fact]
    public void Another_version_than_the_wanted_is_a_live_change_with_a_reason()
    {
        var wanted = _inputs.With("version", "2");

        var diff = HostRequests.Provider(_host).Diff(_tini.Diff("apt/tini", wanted, wanted.With("version", "1"), wanted));

        Assert.Equal(new PropertyDiff(PropertyPath.Of("version"), DiffKind.Update, ApplyClass.Live, "1", "2"), Assert.Single(diff.Changes));
        Assert.Equal("another version is installed", diff.Reason);
    }

    [Fact]
    public void Without_a_wanted_version_an_upgrade_by_hand_is_no_change() => Assert.False(
        HostRequests.Provider(_host).Diff(_tini.Diff("apt/tini", _inputs, _inputs.With("version", "9"), _inputs)).HasChanges);

    [Theory]
    [InlineData("")]
    [InlineData("-o")]
    [InlineData("a b")]
    [InlineData("a;b")]
    [InlineData("../x")]
    [InlineData("tini=1\n")]
    public void A_name_that_is_none_is_refused(string name) =>
        Assert.NotEmpty(HostRequests.Provider(_host).Check(_tini.Check(PropertyMap.Of(("name", name)))).Failures);

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var response = HostRequests.Provider(_host).Check(_tini.Check(PropertyMap.Of(
            ("names", PropertyMap.Of(("pacman", "x"), ("dnf", "-x"))), ("version", "--help"), ("keep", "yes"), ("nmae", "x"))));

        Assert.Equal(["name", "version", "keep", "nmae", "names.dnf", "names.pacman"], response.Failures.Select(failure => failure.Path.ToString()));
    }

    [Fact]
    public void An_unknown_name_passes_until_it_is_known() => Assert.Empty(
        HostRequests.Provider(_host).Check(_tini.Check(PropertyMap.Of(("name", PropertyValue.Unknown.Value)))).Failures);
}
