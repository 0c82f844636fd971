using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using Provision.Engine.Contract;

namespace Provision.Providers.Libvirt.FirstBoot;

/// <summary>Makes the ISO that cloud-init's NoCloud reads, by the distribution's tool: no maintained library writes one with Joliet and Rock Ridge.</summary>
internal static class SeedIso
{
    /// <summary>In the order in which they are looked for.</summary>
    private static readonly ImmutableArray<(string Program, ImmutableArray<string> First)> Tools =
        [("xorriso", ["-as", "mkisofs"]), ("genisoimage", []), ("mkisofs", [])];

    // The same files give the same image, whenever it is made.
    private static readonly DateTime Dated = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <param name="files">By name: user-data, meta-data, network-config.</param>
    /// <param name="searchPath">Folders with programs, as in PATH.</param>
    /// <param name="clock">What the limit goes by.</param>
    /// <param name="cancellationToken">Ends the tool.</param>
    /// <exception cref="ProviderException">There is no tool, or it failed; nothing was touched.</exception>
    public static async Task<byte[]> MakeAsync(IReadOnlyDictionary<string, string> files, string searchPath, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (Find(searchPath) is not { } tool)
        {
            throw new ProviderException(
                ProviderFailure.Refused, "Cannot make a disk of first boot data: none of xorriso, genisoimage and mkisofs is on this machine.",
                "Install one: 'apt install xorriso' on Debian and Ubuntu, 'dnf install xorriso' on Fedora and its kin.", Remainder.Untouched.Value);
        }

        // The runtime makes temporary folders with mode 0700: user data may hold secrets.
        var folder = Directory.CreateTempSubdirectory("provision-seed-");
        try
        {
            var image = Path.Combine(folder.FullName, "seed.iso");
            var paths = new List<string>();
            foreach (var (name, content) in files)
            {
                var path = Path.Combine(folder.FullName, name);
                await File.WriteAllTextAsync(path, content, cancellationToken);
                File.SetLastWriteTimeUtc(path, Dated);
                paths.Add(path);
            }

            await RunAsync(tool.Path, [.. tool.First, "-quiet", "-output", image, "-volid", "cidata", "-joliet", "-rock", .. paths], clock, cancellationToken);
            return await File.ReadAllBytesAsync(image, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static (string Path, ImmutableArray<string> First)? Find(string searchPath) =>
        Tools.SelectMany(tool => searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Select(folder => (Path: Path.Combine(folder, tool.Program), tool.First)))
            .Where(tool => File.Exists(tool.Path))
            .Select(tool => ((string, ImmutableArray<string>)?)tool)
            .FirstOrDefault();

    private static async Task RunAsync(string program, ImmutableArray<string> arguments, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment["SOURCE_DATE_EPOCH"] = new DateTimeOffset(Dated).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        Process? process = null;
        try
        {
            process = Process.Start(start) ?? throw new Win32Exception();
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token);
            await output;
            if (process.ExitCode != 0)
            {
                throw Failed(program, $"it ended with {process.ExitCode}: {string.Join(' ', (await errors).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(3))}");
            }
        }
        catch (Win32Exception exception)
        {
            throw Failed(program, exception.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Failed(program, $"it did not end in {Limit.TotalSeconds:0} s");
        }
        finally
        {
            if (process is { HasExited: false })
            {
                process.Kill();
            }

            process?.Dispose();
        }
    }

    private static ProviderException Failed(string program, string why) => new(
        ProviderFailure.Refused, $"Cannot make a disk of first boot data with {program}: {why}", "See that there is room for temporary files, or install another of xorriso and genisoimage.",
        Remainder.Untouched.Value);
}
