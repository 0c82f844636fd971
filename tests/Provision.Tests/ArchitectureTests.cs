using System.Xml.Linq;
using Provision.Tests.Testing;
using Xunit;

namespace Provision.Tests;

/// <summary>
/// Keeps the layering rule of src/README.md by reading project files and using lines. It sees no fully qualified names inline, so there
/// are no global usings of our own namespaces; nested namespaces see their parents, so a project's root namespace holds only its face.
/// </summary>
public sealed class ArchitectureTests
{
    private static readonly string Source = Path.Combine(Golden.Repository, "src");

    private static readonly Dictionary<string, string[]> Projects = new()
    {
        ["Provision.Model"] = [],
        ["Provision.Engine"] = [],
        ["Provision.Providers"] = ["Provision.Model", "Provision.Engine"],
        ["Provision.Cli"] = ["Provision.Model", "Provision.Engine", "Provision.Providers"],
    };

    private static readonly Dictionary<string, string[]> PackageOwners = new()
    {
        ["Docker.DotNet.Enhanced"] = ["Provision.Providers"],
        ["Docker.DotNet.Enhanced.Unix"] = ["Provision.Providers"],
        ["Docker.DotNet.Enhanced.NativeHttp"] = ["Provision.Providers"],
        ["Docker.DotNet.Enhanced.X509"] = ["Provision.Providers"],
        ["System.CommandLine"] = ["Provision.Cli"],
        ["Spectre.Console"] = ["Provision.Cli"],
        ["Scriban.Signed"] = ["Provision.Cli"],
        ["YamlDotNet"] = ["Provision.Cli", "Provision.Providers"],
        ["Microsoft.CodeAnalysis.CSharp"] = ["Provision.Cli"],
    };

    // Folder -> namespaces of ours that its files may use. A folder without a row fails the test.
    private static readonly Dictionary<string, string[]> Folders = new()
    {
        ["Provision.Engine/Resources"] = [],
        ["Provision.Engine/Diagnostics"] = ["Engine.Resources"],
        ["Provision.Engine/Contract"] = ["Engine.Resources"],
        ["Provision.Engine/State"] = ["Engine.Resources", "Engine.Diagnostics"],
        ["Provision.Engine/Planning"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Engine.State"],
        ["Provision.Engine/Events"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Planning"],
        ["Provision.Engine/Execution"] =
            ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Engine.State", "Engine.Planning", "Engine.Events"],
        ["Provision.Engine/Comparison"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Engine.State", "Engine.Planning", "Engine.Events"],
        ["Provision.Providers/Hosts"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Engine.Planning"],
        ["Provision.Providers/Schema"] = ["Engine.Resources", "Engine.Contract"],
        ["Provision.Providers/Docker"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Providers.Schema", "Providers.Hosts"],
        ["Provision.Providers/Libvirt"] = ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Providers.Schema", "Providers.Hosts"],
        ["Provision.Providers/Tls"] = ["Engine.Resources", "Engine.Contract", "Providers.Schema"],
        ["Provision.Providers/Lowering"] =
            ["Engine.Resources", "Engine.Diagnostics", "Engine.Contract", "Model", "Providers.Docker", "Providers.Hosts", "Providers.Libvirt"],
    };

    private static readonly string[] WithProjects = ["src", "tests", "stacks"];

    [Fact]
    public void Projects_reference_only_what_the_rule_allows()
    {
        var found = Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => Included(path, "ProjectReference").Select(Path.GetFileNameWithoutExtension).Order().ToArray());

        Assert.Equal(Projects.Keys.Order(), found.Keys.Order());
        Assert.All(found, project => Assert.Equal(Projects[project.Key].Order(), project.Value));
    }

    [Fact]
    public void Packages_are_used_by_their_owners_only()
    {
        var breaches =
            from path in Directory.EnumerateFiles(Source, "*.csproj", SearchOption.AllDirectories)
            from package in Included(path, "PackageReference")
            let project = Path.GetFileNameWithoutExtension(path)
            where !PackageOwners.GetValueOrDefault(package, []).Contains(project)
            select $"{project} uses {package}";

        Assert.Empty(breaches);
    }

    [Fact]
    public void Folders_use_only_the_namespaces_below_them()
    {
        var present = Folders.Keys.Select(folder => folder.Split('/')[0]).Distinct()
            .SelectMany(project => Directory.EnumerateDirectories(Path.Combine(Source, project))
                .Select(Path.GetFileName)
                .Where(name => name is not ("bin" or "obj"))
                .Select(name => $"{project}/{name}"));

        var breaches =
            from folder in Folders
            from file in Directory.EnumerateFiles(Path.Combine(Source, folder.Key), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where line.StartsWith("using Provision.", StringComparison.Ordinal)
            let used = line["using Provision.".Length..].TrimEnd(';')
            let own = folder.Key["Provision.".Length..].Replace('/', '.')
            where !folder.Value.Append(own).Any(allowed => used == allowed || used.StartsWith(allowed + '.', StringComparison.Ordinal))
            select $"{Path.GetRelativePath(Golden.Repository, file)}: {line}";

        Assert.Equal(Folders.Keys.Order(), present.Order());
        Assert.Empty(breaches);
    }

    [Fact]
    public void The_model_knows_nothing_of_ours()
    {
        var breaches =
            from file in Directory.EnumerateFiles(Path.Combine(Source, "Provision.Model"), "*.cs", SearchOption.AllDirectories)
            from line in File.ReadLines(file)
            where (line.StartsWith("using Provision.", StringComparison.Ordinal) && !line.StartsWith("using Provision.Model", StringComparison.Ordinal)) || line.StartsWith("using System.IO", StringComparison.Ordinal)
            select $"{Path.GetRelativePath(Golden.Repository, file)}: {line}";

        Assert.Empty(breaches);
    }

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = File.ReadAllText(Path.Combine(Golden.Repository, "Provision.sln"));
        var missing = WithProjects
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Golden.Repository, folder), "*.csproj", SearchOption.AllDirectories))
            .Where(path => !solution.Contains(Path.GetFileName(path), StringComparison.Ordinal));

        Assert.Empty(missing);
    }

    private static IEnumerable<string> Included(string project, string item) =>
        XDocument.Load(project).Descendants(item).Select(element => element.Attribute("Include")?.Value).OfType<string>();
}
