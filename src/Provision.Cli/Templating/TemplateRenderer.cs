using System.Collections.Immutable;
using Provision.Cli.Loading;
using Provision.Cli.Projects;
using Provision.Model;
using Scriban;
using Scriban.Parsing;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Provision.Cli.Templating;

/// <summary>A file to be written, by its absolute path.</summary>
internal sealed record RenderedFile(string Path, string Text);

/// <summary>
/// Renders a template to files. Values are data: they are never parsed as templates, and a text that a template inserts as it is, not through
/// <c>csharp</c>, <c>yaml</c>, <c>identifier</c> or <c>comment</c>, is an error of the template. A template sees its parameters, <c>stack</c>,
/// <c>class_name</c> and <c>project</c>.
/// </summary>
internal static class TemplateRenderer
{
    private const string Ending = ".scriban";

    /// <summary>The files, in the order of their names. <c>Stack.cs</c> becomes <c>&lt;ClassName&gt;.cs</c>, <c>Pulumi.stack.yaml</c> <c>Pulumi.&lt;stack&gt;.yaml</c>.</summary>
    /// <exception cref="WorkspaceException">The stack's name, an argument or the template is wrong.</exception>
    public static ImmutableArray<RenderedFile> Render(Template template, ProjectFile project, string stack, IReadOnlyDictionary<string, string> given)
    {
        var className = ClassNameOf(StackName.Check(stack));
        var values = TemplateArguments.Read(template, given);
        var files = ImmutableArray.CreateBuilder<RenderedFile>();
        foreach (var source in Directory.GetFiles(template.Folder).Where(file => file.EndsWith(Ending, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            var text = RenderOne(template, source, values, stack, className, project.Name);
            files.Add(Path.GetFileName(source)[..^Ending.Length] switch
            {
                "Stack.cs" => new RenderedFile(Path.Combine(project.StacksFolder, className + ".cs"), text),
                "Pulumi.stack.yaml" => new RenderedFile(StackConfigFile.PathOf(project, stack), text),
                var name => new RenderedFile(Path.Combine(project.StacksFolder, name), text),
            });
        }

        return Names.Fold(className) == Names.Fold(stack) ? files.ToImmutable() : WithDefinition(files, project, stack, className);
    }

    /// <summary>The class that a stack's definition is given, beside the model's own names.</summary>
    public static string ClassNameOf(string stack)
    {
        var name = CSharpText.Identifier(stack);
        return typeof(Stack).Assembly.GetExportedTypes().Any(type => type.Name.Split('`')[0] == name) || SystemNames.Contains(name) ? name + "Stack" : name;
    }

    // Names that the implicit usings bring in and that definitions use unqualified.
    private static readonly ImmutableHashSet<string> SystemNames = ["TimeSpan", "String", "Math", "Enumerable", "StringComparison", "Range", "Index", "Object"];

    private static ImmutableArray<RenderedFile> WithDefinition(ImmutableArray<RenderedFile>.Builder files, ProjectFile project, string stack, string className)
    {
        var path = StackConfigFile.PathOf(project, stack);
        var rendered = files.FirstOrDefault(file => file.Path == path);
        var config = StackConfigFile.Parse(rendered?.Text ?? "", path, project.Name)
            .Set(ConfigPath.Of(StackConfigFile.DefinitionKey), ConfigValue.Of(className));
        return [.. files.Where(file => file.Path != path), new RenderedFile(path, config.Text)];
    }

    private static string RenderOne(
        Template template, string source, ImmutableSortedDictionary<string, object> values, string stack, string className, string project)
    {
        var shownAs = $"{template.Name}/{Path.GetFileName(source)}";
        var parsed = Scriban.Template.Parse(YamlText.ReadFile(source, shownAs), shownAs);
        if (parsed.HasErrors)
        {
            var first = parsed.Messages[0];
            throw Bad(first.Span, first.Message);
        }

        var globals = new ScriptObject();
        globals.Import("csharp", (object? value) => CSharpText.Literal(Reveal(value)));
        globals.Import("yaml", (object? value) => Yaml(Reveal(value)));
        globals.Import("identifier", (object? value) => CSharpText.Identifier(TextOf(value)));
        globals.Import("comment", (object? value) => CSharpText.Comment(TextOf(value)));
        foreach (var parameter in template.Parameters)
        {
            globals.SetValue(parameter.Name, values.TryGetValue(parameter.Name, out var value) ? Wrap(value, parameter) : null, readOnly: true);
        }

        // These three are made of letters that mean nothing in C# and YAML.
        globals.SetValue("stack", stack, readOnly: true);
        globals.SetValue("class_name", className, readOnly: true);
        globals.SetValue("project", project, readOnly: true);
        var context = new RawTextRefusingContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            LoopLimit = 10_000,
            RecursiveLimit = 20,
            LimitToString = 4 << 20,
            ObjectRecursionLimit = 20,
            NewLine = "\n",
        };
        context.PushGlobal(globals);
        try
        {
            return parsed.Render(context).ReplaceLineEndings("\n");
        }
        catch (ScriptRuntimeException exception)
        {
            throw Bad(exception.Span, exception.OriginalMessage);
        }

        static WorkspaceException Bad(SourceSpan span, string why) =>
            new(TemplateDiagnostics.BadTemplate(new SourcePlace(span.FileName, span.Start.Line + 1, span.Start.Column + 1), why.TrimEnd('.')));
    }

    private static object Wrap(object value, TemplateParameter parameter) => value switch
    {
        // One of the template's own words, which it may compare and print.
        string choice when !parameter.Choices.IsEmpty => choice,
        string or DataSize => new RawValue(value),
        ImmutableArray<string> list => new ScriptArray(list.Select(item => new RawValue(item))),
        _ => value,
    };

    private static object Reveal(object? value) => value switch
    {
        RawValue raw => raw.Value,
        ScriptArray list => list.Select(TextOf).ToImmutableArray(),
        int number => (long)number,
        string or long or bool => value,
        _ => throw new ArgumentException("takes text, numbers, true and false, sizes and lists of texts."),
    };

    private static string TextOf(object? value) => Reveal(value) as string ?? throw new ArgumentException("takes text.");

    private static string Yaml(object value) => value switch
    {
        string text => YamlScalarText.Quote(text),
        DataSize size => YamlScalarText.Quote(size.ToString()),
        ImmutableArray<string> list => $"[{string.Join(", ", list.Select(YamlScalarText.Quote))}]",
        _ => CSharpText.Literal(value),
    };

    private sealed record RawValue(object Value);

    private sealed class RawTextRefusingContext : TemplateContext
    {
        public override string? ObjectToString(object? value, bool nested = false) => Refuse(value) ?? base.ObjectToString(value, nested);

        public override TemplateContext Write(SourceSpan span, object? textAsObject)
        {
            Refuse(textAsObject);
            return base.Write(span, textAsObject);
        }

        private string? Refuse(object? value) => value is RawValue or ScriptArray
            ? throw new ScriptRuntimeException(CurrentSpan, "a parameter is inserted as it is: write it with 'csharp', 'yaml', 'identifier' or 'comment', as in {{ name | csharp }}")
            : null;
    }
}
