using System.Globalization;
using System.Text.Json;
using Provision.IntegrationTests.Lab;

namespace Provision.IntegrationTests.EndToEnd;

/// <summary>A workspace in a folder of its own, with a home of its own. The stack's name is the test's: it is in the names of all objects it makes.</summary>
internal sealed class TestWorkspace : IDisposable
{
    public const string Project = "e2e";

    private static readonly string[] Inherited = ["PATH", "LANG", "TMPDIR", "DOTNET_ROOT"];

    // Of all workspaces, beside the tests: one definition is compiled once, and not by each of the hundreds of runs in a new home.
    private static readonly string SharedCache = Path.Combine(AppContext.BaseDirectory, "cache");

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("provision-e2e-");
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public TestWorkspace(string stack)
    {
        Stack = stack;
        Directory.CreateDirectory(Path.Combine(Folder, "stacks"));
        Directory.CreateDirectory(Home);
        File.WriteAllText(Path.Combine(Folder, "Pulumi.yaml"), File.ReadAllText(Path.Combine(Repository, "Pulumi.yaml")).Replace("name: provision\n", $"name: {Project}\n", StringComparison.Ordinal));
    }

    public string Stack { get; }

    public string Folder => Path.Combine(_root.FullName, "work");

    public string Home => Path.Combine(_root.FullName, "home");

    public string StateFolder => Path.Combine(Folder, ".pulumi");

    public string Checkpoint => Path.Combine(StateFolder, "stacks", Project, $"{Stack}.json");

    public string Journal => Path.Combine(StateFolder, "journals", Project, $"{Stack}.journal");

    public string LockFolder => Path.Combine(StateFolder, "locks", "organization", Project, Stack);

    /// <summary>The folder of the solution.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>Declares the stack: a definition's source and its settings.</summary>
    public TestWorkspace Declare(string definition, string source, params (string Key, object Value)[] settings)
    {
        File.WriteAllText(DefinitionPath(definition), source);
        return Set(definition, settings);
    }

    /// <summary>The stack of one of the definitions in <see cref="Definitions"/>.</summary>
    public TestWorkspace Declare(string definition, params (string Key, object Value)[] settings) => Declare(definition, Definitions.Of(definition), settings);

    /// <summary>Writes the settings anew.</summary>
    public TestWorkspace Set(string definition, params (string Key, object Value)[] settings)
    {
        var lines = settings.Select(setting => string.Create(CultureInfo.InvariantCulture, $"  {Project}:{setting.Key}: {Yaml(setting.Value)}\n"));
        File.WriteAllText(SettingsPath, $"config:\n  provision:definition: {definition}\n{string.Concat(lines)}");
        return this;
    }

    public string SettingsPath => Path.Combine(Folder, "stacks", $"Pulumi.{Stack}.yaml");

    public string DefinitionPath(string definition) => Path.Combine(Folder, "stacks", $"{definition}.cs");

    /// <summary>Sets a variable for every run from here on.</summary>
    public TestWorkspace With(string variable, string value)
    {
        _environment[variable] = value;
        return this;
    }

    /// <summary>What every run from here on is run by; see <see cref="LibvirtLab.Enter"/>.</summary>
    public string[] Enter { get; private set; } = [];

    /// <summary>Has every run from here on take place inside a lab.</summary>
    public TestWorkspace In(LibvirtLab lab)
    {
        Enter = [.. lab.Enter, "env", "-C", Folder];
        return this;
    }

    /// <summary>Little is inherited, so that nothing of who runs the tests gets into them.</summary>
    public void FillEnvironment(IDictionary<string, string?> environment)
    {
        var kept = Inherited.Where(environment.ContainsKey).ToDictionary(name => name, name => environment[name]);
        environment.Clear();
        foreach (var (name, value) in kept)
        {
            environment[name] = value;
        }

        environment["HOME"] = Home;
        environment["XDG_CONFIG_HOME"] = Path.Combine(Home, "config");
        environment["XDG_CACHE_HOME"] = SharedCache;
        environment["XDG_STATE_HOME"] = Path.Combine(Home, "state");
        environment["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in _environment)
        {
            environment[name] = value;
        }
    }

    public Task<Ended> RunAsync(params string[] arguments) => ProvisionProcess.RunAsync(this, arguments);

    public Task<Ended> UpAsync(params string[] more) => RunAsync(["up", Stack, "--yes", .. more]);

    public Task<Ended> DestroyAsync(params string[] more) => RunAsync(["destroy", Stack, "--yes", .. more]);

    public Task<Ended> PreviewAsync(params string[] more) => RunAsync(["preview", Stack, .. more]);

    /// <summary>What a preview would change: operation and name, sorted; sames and providers left out.</summary>
    public async Task<string[]> PlannedAsync()
    {
        using var digest = JsonDocument.Parse((await PreviewAsync("--json")).With(0).Out);
        return
        [
            .. digest.RootElement.GetProperty("steps").EnumerateArray()
                .Select(step => (Op: step.GetProperty("op").GetString(), Urn: step.GetProperty("urn").GetString() ?? ""))
                .Where(step => step.Op is not ("same" or "read" or "refresh"))
                .Select(step => $"{step.Op} {step.Urn[(step.Urn.LastIndexOf("::", StringComparison.Ordinal) + 2)..]}")
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>What the stack's state knows of on daemons: each object with its id, and what was in flight.</summary>
    public async Task<string[]> RecordedAsync(string types = "docker:index/")
    {
        using var export = JsonDocument.Parse((await RunAsync("stack", "export", "-s", Stack)).With(0).Out);
        var deployment = export.RootElement.GetProperty("deployment");
        var pending = deployment.TryGetProperty("pending_operations", out var operations) ? operations.EnumerateArray().Select(operation => operation.GetProperty("resource")) : [];
        return [.. deployment.GetProperty("resources").EnumerateArray().Concat(pending)
            .Select(resource => $"{resource.GetProperty("urn").GetString()} {(resource.TryGetProperty("id", out var id) ? id.GetString() : "")}")
            .Where(resource => resource.Contains(types, StringComparison.Ordinal))];
    }

    /// <summary>One of the stack's outputs, as a script reads it.</summary>
    public async Task<string> OutputAsync(string name) => (await RunAsync("stack", "output", name, "-s", Stack)).With(0).Out.Trim();

    /// <summary>Every file that runs left in workspace and home, sources and settings aside.</summary>
    public IEnumerable<string> WrittenFiles() => Directory.EnumerateFiles(_root.FullName, "*", SearchOption.AllDirectories)
        .Where(file => !file.StartsWith(Path.Combine(Folder, "stacks"), StringComparison.Ordinal));

    public void Dispose() => _root.Delete(recursive: true);

    private static string Yaml(object value) => value is string text ? JsonSerializer.Serialize(text) : string.Create(CultureInfo.InvariantCulture, $"{value}");

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Provision.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no Provision.sln above {AppContext.BaseDirectory}.");
    }
}
