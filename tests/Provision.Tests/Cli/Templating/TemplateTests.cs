using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Provision.Cli.Projects;
using Provision.Cli.Templating;
using Provision.Model;
using Provision.Tests.Cli.Loading;
using Xunit;

namespace Provision.Tests.Cli.Templating;

public sealed class TemplateTests
{
    private const string Hostile = "a\"b'c{d}{{ 1 + 1 }}{e\\n$f*/g\"\"\"h//i<j>&k\nl\r\nm\té漢🎉\u2028\u202En: #o";

    private const string Sample =
        """
        description: For tests.
        parameters:
          - {name: greeting, description: What it says., type: string, default: hello}
          - {name: count, description: How many., type: int, default: 2, minimum: 1, maximum: 9}
          - {name: memory, description: How much., type: size, default: 64MiB, minimum: 16MiB}
          - {name: public, description: Whether all may., type: bool, default: false}
          - {name: names, description: Who., type: list, default: [ann, bob], pattern: "[a-z]+", maximum: 3}
          - {name: kind, description: Which., type: string, default: small, choices: [small, large]}
          - {name: owner, description: Whose., type: string, required: true, pattern: "[a-z]*"}
        """;

    private const string SampleCode =
        """
        using Provision.Model;
        /// <summary>{{ greeting | comment }} /* {{ greeting | comment }} */</summary>
        public sealed class {{ class_name }} : StackDefinition
        {
            public string Greeting { get; init; } = {{ greeting | csharp }};
            public string Other { get; init; } = "";
            public override Stack Define() => new()
            {
                Hosts = [new Host("{{ stack }}")],
                Outputs = new()
                {
                    ["greeting"] = Greeting, ["other"] = Other,
                    {{~ for name in names }}
                    ["{{ name | identifier }}"] = {{ name | csharp }},
                    {{~ end }}
                    ["all"] = $"{ {{ count }} } { {{ memory | csharp }} } { {{ public }} } { string.Join("+", (string[]){{ names | csharp }}) } {{ kind }}{{ if kind == "large" }}!{{ end }}",
                },
            };
        }
        """;

    private const string SampleConfig = "config:\n  {{ project }}:other: {{ greeting | yaml }}\n";

    public static TheoryData<string> Shipped() => new(TemplatesFolder() is { } folder
        ? Directory.GetDirectories(folder).Where(template => File.Exists(Path.Combine(template, Template.FileName))).Select(Path.GetFileName).OfType<string>()
        : []);

    [Fact]
    public async Task A_rendered_template_loads_with_hostile_values_unchanged()
    {
        using var workspace = SampleWorkspace();
        var template = TemplateCatalog.Open(workspace.Project).Find("sample");

        var files = TemplateRenderer.Render(template, workspace.Project, "os-101", Given(("greeting", Hostile), ("owner", "me"), ("kind", "large")));
        TemplateWriter.Write(workspace.Project, files);
        var loaded = await workspace.LoadAsync("os-101");

        Assert.Equal(["stacks/Pulumi.os-101.yaml", "stacks/Os101.cs"], files.Select(file => workspace.Project.Relative(file.Path)));
        Assert.Equal("Os101", loaded.Definition);
        Assert.Equal((Hostile, Hostile), (loaded.Stack.Outputs["greeting"].ToString(), loaded.Stack.Outputs["other"].ToString()));
        Assert.Equal("ann, 2 64MiB False ann+bob large!", $"{loaded.Stack.Outputs["Ann"]}, {loaded.Stack.Outputs["all"]}");
    }

    [Theory]
    [InlineData("{{ greeting }}")]
    [InlineData("{{ 'x' + greeting }}")]
    [InlineData("{{ names }}")]
    [InlineData("{{ names[0] }}")]
    [InlineData("{{ memory }}")]
    [InlineData("{{ for name in names; name; end }}")]
    [InlineData("{{ greeting | string.upcase }}")]
    [InlineData("{{ names | array.join ',' }}")]
    [InlineData("{{ unknown }}")]
    [InlineData("{{ for n in 1..100000 }}x{{ end }}")]
    [InlineData("{{ func f; f; end; f }}")]
    [InlineData("{{ if }}")]
    public void A_template_that_inserts_text_as_it_is_or_is_broken_is_refused(string text)
    {
        using var workspace = SampleWorkspace();
        workspace.Folder.With("templates/sample/Stack.cs.scriban", text);
        var template = TemplateCatalog.Open(workspace.Project).Find("sample");

        var exception = Assert.Throws<WorkspaceException>(() => TemplateRenderer.Render(template, workspace.Project, "lab", Given(("owner", "me"))));

        Assert.StartsWith("PROV1402: A template is not usable: sample/Stack.cs.scriban(1,", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_that_is_wrong_with_the_parameters_is_told_at_once()
    {
        using var workspace = SampleWorkspace();
        var template = TemplateCatalog.Open(workspace.Project).Find("sample");

        var exception = Assert.Throws<WorkspaceException>(() => TemplateRenderer.Render(
            template, workspace.Project, "lab",
            Given(("gretting", "x"), ("count", "10"), ("memory", "1MiB"), ("public", "maybe"), ("names", "a,B"), ("kind", "medium"))));

        Assert.Equal(
            [
                ("PROV1403", "Did you mean 'greeting'?"), ("PROV1405", "Correct '--set count=…'."), ("PROV1405", "Correct '--set memory=…'."),
                ("PROV1405", "Correct '--set public=…'."), ("PROV1405", "Correct '--set names=…'."), ("PROV1405", "Correct '--set kind=…'."),
                ("PROV1404", "Add '--set owner=<string>'."),
            ],
            exception.Diagnostics.Select(diagnostic => (diagnostic.Code, diagnostic.Remedy ?? "")));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a b")]
    [InlineData("")]
    public void A_stack_name_that_is_none_is_refused(string stack)
    {
        using var workspace = SampleWorkspace();
        var template = TemplateCatalog.Open(workspace.Project).Find("sample");

        Assert.StartsWith("PROV1314", Assert.Throws<WorkspaceException>(() => TemplateRenderer.Render(template, workspace.Project, stack, Given(("owner", "x")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host", "HostStack")]
    [InlineData("stack", "StackStack")]
    [InlineData("101", "_101")]
    [InlineData("web_and.database", "WebAndDatabase")]
    [InlineData("class", "Class")]
    public async Task Any_stack_name_gets_a_class_that_compiles_and_is_found(string stack, string className)
    {
        using var workspace = SampleWorkspace();

        TemplateWriter.Write(workspace.Project, TemplateRenderer.Render(TemplateCatalog.Open(workspace.Project).Find("sample"), workspace.Project, stack, Given(("owner", "me"))));

        Assert.Equal(className, (await workspace.LoadAsync(stack)).Definition);
    }

    [Fact]
    public void Nothing_is_overwritten_and_all_conflicts_are_listed()
    {
        using var workspace = SampleWorkspace();
        workspace.Write("Lab.cs", "mine").Write("Pulumi.lab.yaml", "mine");
        var files = TemplateRenderer.Render(TemplateCatalog.Open(workspace.Project).Find("sample"), workspace.Project, "lab", Given(("owner", "me")));

        var exception = Assert.Throws<WorkspaceException>(() => TemplateWriter.Write(workspace.Project, files));

        Assert.Contains("stacks/Pulumi.lab.yaml, stacks/Lab.cs are already there", exception.Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(workspace.Folder.At("stacks/Lab.cs")));
    }

    [Fact]
    public void What_was_written_is_removed_when_a_later_file_cannot_be()
    {
        using var workspace = SampleWorkspace();
        workspace.Folder.With("blocked", "");

        var exception = Assert.Throws<WorkspaceException>(() => TemplateWriter.Write(
            workspace.Project, [new RenderedFile(workspace.Folder.At("first.txt"), "1"), new RenderedFile(workspace.Folder.At("blocked/second.txt"), "2")]));

        Assert.StartsWith("PROV1407", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(workspace.Folder.At("first.txt")));
    }

    [Fact]
    public void An_unknown_template_names_those_there_are()
    {
        using var workspace = SampleWorkspace();

        var diagnostic = Assert.Single(Assert.Throws<WorkspaceException>(() => TemplateCatalog.Open(workspace.Project).Find("simple")).Diagnostics);

        Assert.Equal(("PROV1401", "Did you mean 'sample'?"), (diagnostic.Code, diagnostic.Remedy));
    }

    [Fact]
    public void Any_text_is_the_same_text_as_a_literal_and_as_yaml()
    {
        var letters = Gen.Char.Where(letter => !char.IsSurrogate(letter));
        Gen.OneOf(Gen.String[letters], Gen.String[Gen.Char["\"\\{}$'\n\r\t\0\u0085\u2028\u2029\uFEFF\u202E#:-*/@x"]]).Sample(text =>
        {
            var literal = Assert.IsType<LiteralExpressionSyntax>(SyntaxFactory.ParseExpression(CSharpText.Literal(text)));
            Assert.False(literal.ContainsDiagnostics);
            Assert.Equal(text, literal.Token.ValueText);
            Assert.Equal(text, Assert.IsType<YamlNode.Scalar>(YamlText.Parse("v: " + YamlScalarText.Quote(text), "x").Entries[0].Value).Text);
        });
    }

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task A_shipped_template_loads_passes_every_check_and_keeps_hostile_values(string name)
    {
        foreach (var hostile in new[] { false, true })
        {
            using var workspace = new TestWorkspace();
            var template = Template.Load(Path.Combine(TemplatesFolder() ?? "", name));
            var given = template.Parameters
                .Select(parameter => (parameter.Name, Value: hostile && TemplateArguments.WhyNot(parameter, Hostile, out _) is null ? Hostile : parameter.Default ?? SampleOf(parameter)))
                .ToArray();

            TemplateWriter.Write(workspace.Project, TemplateRenderer.Render(template, workspace.Project, "os-101", Given(given)));
            var loaded = await workspace.LoadAsync("os-101", decrypt: _ => "secret");

            Assert.Empty(StackCheck.Run(loaded.Stack, "os-101"));
            if (given.Any(argument => argument.Value == Hostile))
            {
                Assert.Contains(TextsIn(loaded.Stack, 0).Concat(loaded.Config.Values.Select(value => value.ToText(cipher => cipher))),
                    text => text.Contains(Hostile, StringComparison.Ordinal) || WebUtility.HtmlDecode(text).Contains(Hostile, StringComparison.Ordinal));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Choices))]
    public async Task Every_choice_of_a_shipped_template_loads_and_passes_every_check(string name, string parameter, string choice)
    {
        using var workspace = new TestWorkspace();
        var template = Template.Load(Path.Combine(TemplatesFolder() ?? "", name));
        var given = template.Parameters.Select(other => (other.Name, Value: other.Name == parameter ? choice : other.Default ?? SampleOf(other))).ToArray();

        TemplateWriter.Write(workspace.Project, TemplateRenderer.Render(template, workspace.Project, "os-101", Given(given)));

        Assert.Empty(StackCheck.Run((await workspace.LoadAsync("os-101", decrypt: _ => "secret")).Stack, "os-101"));
    }

    public static TheoryData<string, string, string> Choices()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var folder in TemplatesFolder() is { } templates ? Directory.GetDirectories(templates) : [])
        {
            foreach (var parameter in Template.Load(folder).Parameters)
            {
                // A database of that kind has a password, which its user sets before the first load.
                foreach (var choice in parameter.Choices.Where(choice => choice != "postgres"))
                {
                    data.Add(Path.GetFileName(folder), parameter.Name, choice);
                }
            }
        }

        return data;
    }

    private static string SampleOf(TemplateParameter parameter) => parameter.Choices.FirstOrDefault() ?? parameter.Minimum ?? (parameter.Type == ParameterType.Int ? "1" : "sample");

    private static IEnumerable<string> TextsIn(object? value, int depth) => value switch
    {
        null => [],
        string text => [text],
        _ when depth > 12 || value.GetType().IsPrimitive || value.GetType().IsEnum => [],
        ValueExpression.Literal literal => TextsIn(literal.Value, depth + 1),
        System.Collections.IEnumerable items => items.Cast<object?>().SelectMany(item => TextsIn(item, depth + 1)),
        _ when value.GetType().Assembly == typeof(Stack).Assembly || value.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal) =>
            value.GetType().GetProperties().Where(property => property.GetIndexParameters().Length == 0 && property.PropertyType.Name != "Declared")
                .SelectMany(property => TextsIn(property.GetValue(value), depth + 1)),
        _ => [],
    };

    private static TestWorkspace SampleWorkspace()
    {
        var workspace = new TestWorkspace();
        workspace.Folder.With("templates/sample/template.yaml", Sample).With("templates/sample/Stack.cs.scriban", SampleCode)
            .With("templates/sample/Pulumi.stack.yaml.scriban", SampleConfig);
        return workspace;
    }

    private static ImmutableDictionary<string, string> Given(params (string Key, string Value)[] arguments) =>
        arguments.ToImmutableDictionary(argument => argument.Key, argument => argument.Value);

    private static string? TemplatesFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Provision.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return Path.Combine(folder, "templates") is var templates && Directory.Exists(templates) ? templates : null;
    }
}
