using System.Diagnostics;
using System.Globalization;
using Provision.Engine.Contract;
using Provision.Engine.Resources;
using Provision.Providers.Hosts;
using Xunit;

namespace Provision.IntegrationTests.Hosts;

/// <summary>Roots made of this machine's real busybox, and entered with chroot where the test runs something in them.</summary>
public sealed class RootFileSystemTests : IAsyncLifetime
{
    private readonly HostWorld _world = new(HostTypes.RootFileSystem);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PropertyMap Inputs => PropertyMap.Of(
        ("path", $"{_world.Folder}/roots"),
        ("files", PropertyValue.ListOf([PropertyMap.Of(("path", "/www/index.html"), ("content", new PropertyValue.Secret("marker-77")), ("mode", "0640"))])),
        ("command", PropertyValue.ListOf(["httpd", "-f", "-h", "/www"])));

    public async ValueTask InitializeAsync() => await HostFacts.NeedPackageAsync("busybox-static", Token);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task It_is_built_complete_found_again_and_removed()
    {
        var created = await _world.CreateAsync(Inputs, Token);
        var root = $"{created.Id}/rootfs";

        Assert.Equal((PropertyValue)created.Id, created.Outputs["path"]);
        Assert.Equal("marker-77", await File.ReadAllTextAsync($"{root}/www/index.html", Token));
        Assert.Equal((UnixFileMode)0b110_100_000, new FileInfo($"{root}/www/index.html").UnixFileMode);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, new DirectoryInfo(created.Id).UnixFileMode);
        Assert.Equal((UnixFileMode)0b001_111_111_111, new DirectoryInfo($"{root}/tmp").UnixFileMode);
        Assert.True(new FileInfo($"{root}/bin/busybox").Length > 1_000_000);
        Assert.Equal("/bin/busybox", new FileInfo($"{root}/sbin/init").LinkTarget);
        Assert.StartsWith("FROM scratch\n", await File.ReadAllTextAsync($"{created.Id}/Dockerfile", Token), StringComparison.Ordinal);
        Assert.Equal([created.Id], Directory.EnumerateFileSystemEntries($"{_world.Folder}/roots"));

        Assert.Equal(created.Outputs, Assert.IsType<ReadResponse.Found>(await _world.ReadAsync(created.Id, Inputs, created.Outputs, Token)).Outputs);
        Assert.Equal(created.Outputs, (await _world.Provider.FindAsync(new FindRequest(_world.Urn, Inputs), Token))?.Outputs);

        await _world.DeleteAsync(created.Id, Inputs, created.Outputs, Token);
        await _world.DeleteAsync(created.Id, Inputs, created.Outputs, Token);
        Assert.Same(ReadResponse.Gone.Value, await _world.ReadAsync(created.Id, Inputs, created.Outputs, Token));
        Assert.False(Directory.Exists($"{_world.Folder}/roots"));
    }

    [Fact]
    public async Task What_an_interrupted_build_left_is_no_root_and_is_cleared_by_the_next()
    {
        var first = await _world.CreateAsync(Inputs, Token);
        var half = $"{_world.Folder}/roots/.new-{Path.GetFileName(first.Id)}";
        await _world.DeleteAsync(first.Id, Inputs, first.Outputs, Token);
        Directory.CreateDirectory($"{half}/rootfs/junk");

        Assert.Null(await _world.Provider.FindAsync(new FindRequest(_world.Urn, Inputs), Token));
        var second = await _world.CreateAsync(Inputs, Token);

        Assert.Equal(first.Id, second.Id);
        Assert.False(Directory.Exists(half));
        Assert.False(Directory.Exists($"{second.Id}/rootfs/junk"));
    }

    [Fact]
    public async Task Replacing_it_by_itself_leaves_the_folder_there()
    {
        var old = await _world.CreateAsync(Inputs, Token);
        var fresh = await _world.CreateAsync(Inputs, Token);

        await _world.DeleteAsync(old.Id, Inputs, old.Outputs, Token);
        Assert.IsType<ReadResponse.Found>(await _world.ReadAsync(fresh.Id, Inputs, fresh.Outputs, Token));

        await _world.DeleteAsync(fresh.Id, Inputs, fresh.Outputs, Token);
        Assert.False(Directory.Exists(fresh.Id));
    }

    [Fact]
    public async Task A_folder_or_link_of_somebody_else_in_its_place_is_refused_and_kept()
    {
        var created = await _world.CreateAsync(Inputs, Token);
        await _world.DeleteAsync(created.Id, Inputs, created.Outputs, Token);
        Directory.CreateDirectory($"{_world.Folder}/precious");
        Directory.CreateDirectory($"{_world.Folder}/roots");
        File.CreateSymbolicLink(created.Id, $"{_world.Folder}/precious");

        var failed = await Assert.ThrowsAsync<ProviderException>(() => _world.CreateAsync(Inputs, Token));
        Assert.Equal(ProviderFailure.Conflict, failed.Failure);
        await Assert.ThrowsAsync<ProviderException>(() => _world.DeleteAsync(created.Id, Inputs, created.Outputs, Token));

        Assert.True(Directory.Exists($"{_world.Folder}/precious"));
        Assert.Equal([created.Id], Directory.EnumerateFileSystemEntries($"{_world.Folder}/roots"));
    }

    [Fact]
    public async Task A_program_that_needs_the_hosts_libraries_is_refused()
    {
        var failed = await Assert.ThrowsAsync<ProviderException>(() => _world.CreateAsync(Inputs.With("busybox", "/usr/bin/env"), Token));

        Assert.Equal("/usr/bin/env is not a static program, so it does not run without the host's libraries.", failed.Message);
    }

    [Fact]
    public async Task The_programs_of_the_root_run_in_it()
    {
        var created = await _world.CreateAsync(Inputs, Token);
        using var chroot = Start("chroot", $"{created.Id}/rootfs", "/bin/sh", "-c", "cat /www/index.html; id -un; ls -d /proc /dev /tmp /init");
        var output = await chroot.StandardOutput.ReadToEndAsync(Token);
        await chroot.WaitForExitAsync(Token);

        Assert.Equal("marker-77root\n/dev\n/init\n/proc\n/tmp\n", output);
    }

    [Fact]
    public async Task As_process_one_it_ends_when_asked_and_hands_on_the_exit_code()
    {
        var created = await _world.CreateAsync(Inputs, Token);

        // A pid namespace of its own: what busybox's httpd alone would ignore there ends it here. The port is the namespace's own.
        using var one = Start(
            "unshare", "--pid", "--net", "--fork", "--kill-child", "chroot", $"{created.Id}/rootfs", "/sbin/run", "sh", "-c",
            "echo up; exec httpd -f -h /www");
        Assert.Equal("up", await one.StandardOutput.ReadLineAsync(Token));
        var child = (await File.ReadAllTextAsync($"/proc/{one.Id}/task/{one.Id}/children", Token)).Trim();
        var watch = Stopwatch.StartNew();
        using var kill = Start("kill", "-TERM", child);
        await one.WaitForExitAsync(Token);

        Assert.Equal(143, one.ExitCode);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), watch.Elapsed.ToString());

        using var seven = Start("unshare", "--pid", "--fork", "chroot", $"{created.Id}/rootfs", "/sbin/run", "sh", "-c", "exit 7");
        await seven.WaitForExitAsync(Token);
        Assert.Equal(7, seven.ExitCode);

        using var reader = Start("unshare", "--pid", "--fork", "chroot", $"{created.Id}/rootfs", "/sbin/run", "cat");
        await reader.StandardInput.WriteAsync("through stdin");
        reader.StandardInput.Close();
        Assert.Equal("through stdin", await reader.StandardOutput.ReadToEndAsync(Token));
    }

    private static Process Start(string file, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardInput = true })
        ?? throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{file} does not start"));
}
