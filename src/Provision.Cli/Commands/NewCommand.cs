using System.CommandLine;
using Provision.Cli.Projects;
using Provision.Cli.Rendering;
using Provision.Cli.Templating;

namespace Provision.Cli.Commands;

/// <summary><c>provision new</c>: renders a template into the workspace; asks for what is missing, never overwrites.</summary>
internal sealed class NewCommand : ProvisionCommand
{
    private readonly Argument<string?> _template = new("template") { Description = "The template", Arity = ArgumentArity.ZeroOrOne };
    private readonly Argument<string?> _stack = new("stack") { Description = "The new stack's name", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> _set = new("--set") { Description = "A parameter of the template; may be repeated", HelpName = "name=value", DefaultValueFactory = _ => [] };
    private readonly Option<bool> _list = new("--list") { Description = "List the templates and their parameters" };

    public NewCommand(CommandRunner runner) : base(runner, "new", "Make a stack from a template")
    {
        Add(_template);
        Add(_stack);
        AddAll(_set, _list);
        _set.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--set takes name=value, not '{token.Value}'.");
            }
        });
        Validators.Add(result =>
        {
            if (!result.GetValue(_list) && (result.GetValue(_template) is null || result.GetValue(_stack) is null))
            {
                result.AddError("Name a template and the new stack: new <template> <stack>. `new --list` shows the templates.");
            }
        });
    }

    public override Task<ExitCode> RunAsync(Invocation invocation)
    {
        if (invocation.Parse.GetValue(_list))
        {
            invocation.Out.Lines(List(TemplateCatalog.Open(FindProject(invocation))));
            return Task.FromResult(ExitCode.Success);
        }

        var found = FindProject(invocation);
        var project = found ?? NewWorkspace.Project(invocation.Folder);
        var template = TemplateCatalog.Open(project).Find(Required(invocation, _template));
        var stack = Required(invocation, _stack);
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in invocation.Parse.GetValue(_set) ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            given[pair[..at]] = pair[(at + 1)..];
        }

        if (invocation.CanAsk)
        {
            Ask(invocation, template, given);
        }

        var files = TemplateRenderer.Render(template, project, stack, given);
        if (found is null)
        {
            files = [.. NewWorkspace.Files(invocation.Folder).Select(file => new RenderedFile(file.Path, file.Text)), .. files];
        }

        TemplateWriter.Write(project, files);
        foreach (var file in files)
        {
            invocation.Out.Line($"Wrote {project.Relative(file.Path)}");
        }

        if (invocation.ShowsHints)
        {
            invocation.Out.Line($"Next: provision preview {stack}");
        }

        return Task.FromResult(ExitCode.Success);
    }

    // The validator has seen to it that it is there.
    private static string Required(Invocation invocation, Argument<string?> argument) =>
        invocation.Parse.GetValue(argument) ?? throw new System.Diagnostics.UnreachableException();

    private static void Ask(Invocation invocation, Template template, Dictionary<string, string> given)
    {
        foreach (var parameter in template.Parameters.Where(parameter => parameter.Required && parameter.Default is null && !given.ContainsKey(parameter.Name)))
        {
            while (true)
            {
                var choices = parameter.Choices.IsEmpty ? "" : $" [{string.Join("/", parameter.Choices)}]";
                invocation.Error.Ask($"{(parameter.Description.Length > 0 ? parameter.Description : parameter.Name)}{choices}:");
                if (invocation.Io.In.ReadLine() is not { } answer)
                {
                    // End of input: the renderer says what is missing.
                    return;
                }

                if (TemplateArguments.WhyNot(parameter, answer, out _) is not { } why)
                {
                    given[parameter.Name] = answer;
                    break;
                }

                invocation.Error.Line($"'{parameter.Name}' {why}.");
            }
        }
    }

    private static IEnumerable<StyledLine> List(TemplateCatalog catalog)
    {
        foreach (var template in catalog.List())
        {
            yield return StyledLine.Of(template.Name, Tone.Strong).Add($"  {template.Description}");
            foreach (var parameter in template.Parameters)
            {
                var remark = parameter.Default is { } text ? $"default {text}" : parameter.Required ? "required" : "optional";
                yield return StyledLine.Of($"    {parameter.Name}").Add($"  {parameter.Description} ({parameter.Type.ToString().ToLowerInvariant()}, {remark})", Tone.Dim);
            }
        }
    }

    private static ProjectFile? FindProject(Invocation invocation)
    {
        try
        {
            return ProjectFile.Find(invocation.Folder);
        }
        catch (ProjectNotFoundException)
        {
            return null;
        }
    }
}
