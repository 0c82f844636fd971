using Provision.Cli;
using Provision.Providers.Libvirt;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests.Cli;

/// <summary>Every example is previewed by the real program against an empty state, and shows what its expected-preview.txt says.</summary>
public sealed class ExamplePreviewTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("provision-examples-").FullName;

    public static TheoryData<string> Examples =>
    [
        .. Directory.EnumerateDirectories(Path.Combine(Golden.Repository, "examples"))
            .Where(folder => File.Exists(Path.Combine(folder, "Pulumi.yaml")))
            .Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_previews_as_written(string example)
    {
        var folder = Path.Combine(Golden.Repository, "examples", example);

        Golden.Match(await RunAsync(folder, "preview", "--show-sames"), Path.Combine(folder, "expected-preview.txt"));
    }

    [Fact]
    public async Task The_picture_of_the_quickstart_is_the_one_that_is_drawn() => Golden.Match(
        await RunAsync(Golden.Repository, "stack", "graph", "quickstart", "--format", "svg"), Path.Combine(Golden.Repository, "examples", "quickstart.svg"));

    public void Dispose() => Directory.Delete(_home, recursive: true);

    private async Task<string> RunAsync(string folder, params string[] arguments)
    {
        var (output, errors) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var io = new IoContext
        {
            OpenReader = () => new StringReader(""),
            Out = output,
            Error = errors,
            ReadHidden = () => "",
            OpenIn = () => Stream.Null,
            OpenKeys = () => Stream.Null,
            OpenOut = () => Stream.Null,
            OpenError = () => Stream.Null,
            RunProgram = (_, _) => throw new InvalidOperationException("Nothing is run."),
            Environment = name => name == "HOME" ? _home : null,
            CurrentFolder = folder,
            InIsTerminal = false,
            OutIsTerminal = false,
            ErrorIsTerminal = false,
            Width = 100,
        };
        using var signals = new StopSignals();

        // What a preview says of machines depends on the processor; here it is always one that offers virtualisation, of a host that tells no size.
        var product = Composition.OfProduct();
        var composition = product with
        {
            ReadCapacity = _ => null,
            Providers = (clock, workspace) =>
                [.. product.Providers(clock, workspace).Where(factory => factory.Package != "libvirt"), new LibvirtProviderFactory(clock, HostVirtualization.Usable)],
        };

        var code = await new CliProgram(io, TimeProvider.System, composition).RunAsync(arguments, signals);

        Assert.Equal((0, ""), (code, errors.ToString()));
        return output.ToString();
    }
}
