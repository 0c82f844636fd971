using System.Collections.Immutable;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Model.Policies;
using Provision.Providers.Lowering;
using Provision.Tests.Cli;
using Provision.Tests.Cli.Loading;
using Xunit;

namespace Provision.Tests.Policies;

/// <summary>Policies from a workspace's own file, and what commands make of them.</summary>
public sealed class PolicyLoadingTests : IDisposable
{
    private const string Definition = """public override Stack Define() => new() { Hosts = [new Host("h") { Containers = [new Container("web", "nginx:1.27") { Privileged = true }] }] };""";

    private readonly TestWorkspace _workspace = new(Definition);

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task All_classes_apply_and_none_is_a_stack()
    {
        _workspace.Write("Policies.cs", Policies("Policies", "StandardPolicies.NoPrivilegedContainers"))
            .Write("more/Ours.cs", Policies("Ours", "Prefer(\"named well\", ResourceTypes.Container, container => container.Name.Length > 3, \"has a short name\")"));

        Assert.Equal(["Mandatory no privileged containers web", "Advisory named well web"], (await RunAsync()).Select(violation => $"{violation.Enforcement} {violation.Policy} {violation.Urn?.Name}").OrderDescending());
        Assert.Equal(["lab"], StackLoader.ListStacks(_workspace.Project));
    }

    [Fact]
    public async Task A_workspace_without_policies_has_none() => Assert.Empty(await RunAsync());

    [Fact]
    public async Task A_changed_policy_changes_the_hash()
    {
        var before = await _workspace.LoadAsync();
        _workspace.Write("Policies.cs", Policies("Policies", ""));

        Assert.NotEqual(before.Hash.Definition, (await _workspace.LoadAsync()).Hash.Definition);
    }

    [Fact]
    public async Task A_policy_is_kept_to_what_a_definition_may_do()
    {
        _workspace.Write("Policies.cs", Policies("Policies", "Require(\"a\", \"b\", _ => System.IO.File.Exists(\"/x\"), \"c\")"));

        Assert.Contains("PROV1020", (await _workspace.FailAsync()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Require(\"a\", ResourceTypes.Container, _ => { while (true) { } }, \"c\")")]
    [InlineData("Require(\"a\", Never(), _ => true, \"c\")")]
    public async Task A_policy_without_an_end_is_ended(string policy)
    {
        _workspace.Write("Policies.cs", Policies("Policies", policy));

        await Assert.ThrowsAsync<DefinitionTimeoutException>(() => RunAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Policies_that_cannot_be_made_say_where()
    {
        _workspace.Write("Policies.cs", Policies("Policies", "Require(\"a\", (new string[0])[1], _ => true, \"c\")"));

        Assert.Contains("stacks/Policies.cs(5", (await Assert.ThrowsAsync<WorkspaceException>(() => RunAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_fails_says_where()
    {
        _workspace.Write("Policies.cs", Policies("Policies", "Prefer(\"a\", ResourceTypes.Container, _ => (new bool[0])[1], \"c\")"));

        var violation = Assert.Single(await RunAsync());

        Assert.Equal(("a", Enforcement.Mandatory), (violation.Policy, violation.Enforcement));
        Assert.StartsWith("the policy itself failed: stacks/Policies.cs(5,", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Up_stops_at_a_mandatory_policy_and_preview_tells_it_at_its_end()
    {
        using var cli = new TestCli();
        cli.AddStack("lab");
        cli.Violations = [new PolicyViolation("no such thing", Enforcement.Mandatory, null, "is such a thing", "Have none.")];

        Assert.Equal(5, await cli.RunAsync("up", "--yes"));
        Assert.Contains("error PROV1960: A policy forbids it", cli.Error, StringComparison.Ordinal);
        Assert.Contains("Policy 'no such thing': is such a thing.", cli.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(cli.Folder, ".pulumi")));
        Assert.Equal(5, await cli.RunAsync("preview"));
        Assert.Contains("Previewing update", cli.Out, StringComparison.Ordinal);
        Assert.Equal(5, await cli.RunAsync("preview", "--json"));
        Assert.Contains("PROV1960", cli.Out, StringComparison.Ordinal);

        cli.Violations = [cli.Violations[0] with { Enforcement = Enforcement.Advisory }];
        Assert.Equal(0, await cli.RunAsync("preview"));
        Assert.Contains("warning PROV1961", cli.Error, StringComparison.Ordinal);
        Assert.Equal(0, await cli.RunAsync("up", "--yes"));
        Assert.Contains("warning PROV1961", cli.Error, StringComparison.Ordinal);
    }

    private async Task<ImmutableArray<PolicyViolation>> RunAsync(TimeSpan? limit = null)
    {
        var loaded = await _workspace.LoadAsync(limit: limit);
        var goals = StackLowering.Lower(loaded.Stack, new LoweringContext { Project = "labs", StackName = "lab", WorkspaceFolder = _workspace.Project.Folder });
        return loaded.Policies.Run(goals, "lab", TestContext.Current.CancellationToken);
    }

    private static string Policies(string name, string policies) =>
        $$"""
        using Provision.Model.Policies;
        public sealed class {{name}} : StackPolicies
        {
            static string Never() { while (true) { } }
            public override IEnumerable<Policy> Define() => [{{policies}}];
        }
        """;
}
