using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Provision.IntegrationTests.Lab;

namespace Provision.IntegrationTests.Hosts.Images;

/// <summary>A machine under plain emulation, with ports of this machine's loopback forwarded into it, and nothing else of the network.</summary>
internal sealed class RunningGuest : IAsyncDisposable
{
    private readonly Process _qemu;
    private readonly StringBuilder _console = new();
    private readonly string _folder;
    private readonly Task _reading;

    private RunningGuest(Process qemu, string folder, int sshPort, int httpPort)
    {
        (_qemu, _folder, SshPort, HttpPort) = (qemu, folder, sshPort, httpPort);
        _reading = ReadConsoleAsync();
    }

    public int SshPort { get; }

    public int HttpPort { get; }

    public string Console
    {
        get
        {
            lock (_console)
            {
                return _console.ToString();
            }
        }
    }

    /// <summary>Starts it. <paramref name="disks"/> are qcow2 files with their serial numbers.</summary>
    public static RunningGuest Start(string folder, string kernel, string initrd, int memory, string? seed, params (string File, string Serial)[] disks)
    {
        var (ssh, http) = (FreePort(), FreePort());
        string[] arguments =
        [
            "-accel", "tcg,tb-size=32", "-machine", "q35", "-m", Number(memory), "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
            "-serial", "stdio", "-monitor", $"unix:{folder}/monitor,server,nowait", "-kernel", kernel, "-initrd", initrd,
            "-append", "console=ttyS0 quiet panic=-1 mitigations=off cryptomgr.notests no_timer_check nokaslr",
            "-netdev", $"user,id=n,restrict=on,hostfwd=tcp:127.0.0.1:{Number(ssh)}-:22,hostfwd=tcp:127.0.0.1:{Number(http)}-:80",
            "-device", "virtio-net-pci,netdev=n,romfile=",
            .. disks.SelectMany((disk, index) => (string[])
                ["-drive", $"if=none,id=d{Number(index)},format=qcow2,file={disk.File}", "-device", $"virtio-blk-pci,drive=d{Number(index)},serial={disk.Serial}"]),
            .. seed is null ? [] : (string[])["-drive", $"if=none,id=seed,format=raw,readonly=on,file={seed}", "-device", "virtio-blk-pci,drive=seed"],
        ];
        var start = new ProcessStartInfo("qemu-system-x86_64", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new RunningGuest(Process.Start(start) ?? throw new InvalidOperationException("QEMU does not start"), folder, ssh, http);
    }

    /// <summary>Until the console says it; an exception with all it said where it does not.</summary>
    public async Task SaysAsync(string text, TimeSpan limit, CancellationToken cancellationToken)
    {
        var watch = Stopwatch.StartNew();
        while (!Console.Contains(text, StringComparison.Ordinal))
        {
            if (watch.Elapsed > limit || _qemu.HasExited)
            {
                throw new TimeoutException($"The console does not say '{text}' after {watch.Elapsed.TotalSeconds:0} s:\n{Console}");
            }

            await Task.Delay(50, cancellationToken);
        }
    }

    public Task TypeAsync(string line) => _qemu.StandardInput.WriteLineAsync(line);

    /// <summary>Until its SSH server greets. The forwarded port takes connections from the first moment, and drops them for as long as nobody listens behind it.</summary>
    public Task SshGreetsAsync(TimeSpan limit) => LabNamespaces.UntilAsync(
        async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, SshPort);
            try
            {
                using var ends = new CancellationTokenSource(limit);
                using var reader = new StreamReader(client.GetStream());
                return await reader.ReadLineAsync(ends.Token) is { } line && line.StartsWith("SSH-", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        },
        limit, () => $"Its SSH server does not greet:\n{Console}");

    public async Task<LabProcess> SshAsync(string key, string command, CancellationToken cancellationToken) => await LabProcess.RunAsync(
        "ssh",
        ["-i", key, "-p", Number(SshPort), "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", "-o", "BatchMode=yes",
            "-o", "ConnectTimeout=20", "root@127.0.0.1", command],
        cancellationToken);

    /// <summary>Presses the power button, and says how long the machine took to switch itself off.</summary>
    public async Task<TimeSpan> PressPowerAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        using var monitor = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await monitor.ConnectAsync(new UnixDomainSocketEndPoint($"{_folder}/monitor"), cancellationToken);
        var watch = Stopwatch.StartNew();
        await monitor.SendAsync("system_powerdown\n"u8.ToArray(), cancellationToken);
        await EndsAsync(limit, cancellationToken);
        return watch.Elapsed;
    }

    public async Task EndsAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await _qemu.WaitForExitAsync(cancellationToken).WaitAsync(limit, cancellationToken);
            await _reading;
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"The machine runs on:\n{Console}", exception);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_qemu.HasExited)
        {
            _qemu.Kill();
            await _qemu.WaitForExitAsync(CancellationToken.None);
        }

        await _reading;
        _qemu.Dispose();
    }

    private async Task ReadConsoleAsync()
    {
        var buffer = new char[4096];
        int read;
        while ((read = await _qemu.StandardOutput.ReadAsync(buffer)) > 0)
        {
            lock (_console)
            {
                _console.Append(buffer, 0, read);
            }
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
