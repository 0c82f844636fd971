using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Provision.Cli.Rendering;
using Provision.Engine.Planning;

namespace Provision.Cli.Commands.Plans;

/// <summary><c>provision plan show</c>: what a saved plan would do. Needs no workspace, no host and nothing that opens its secrets.</summary>
internal sealed class PlanShowCommand : ProvisionCommand
{
    private readonly Argument<string> _file = new("file") { Description = "A plan that `preview --save-plan` wrote" };

    private readonly OperationOptions _options = new();

    public PlanShowCommand(CommandRunner runner) : base(runner, "show", "Show what a saved plan would do")
    {
        Add(_file);
        AddAll(_options.Json, _options.Diff, _options.ShowSames);
    }

    public override Task<ExitCode> RunAsync(Invocation invocation)
    {
        var (header, plan) = PlanFile.Show(invocation.Parse.GetRequiredValue(_file), invocation.Io.CurrentFolder);
        var settings = _options.Read(invocation.Parse);
        if (settings.Json)
        {
            invocation.WriteText(PreviewDigest.Text(plan, header));
        }
        else
        {
            invocation.Out.Lines(Facts(header).Select(fact => StyledLine.Of($"{fact.Name}: ".PadRight(10), Tone.Dim).Add(fact.Value)));
            invocation.Out.Line();
            invocation.Out.Lines(PlanView.Lines(plan, header.Stack, new PlanViewOptions(settings.Diff, settings.ShowSames)));
        }

        return Task.FromResult(ExitCode.Success);
    }

    private static IEnumerable<(string Name, string Value)> Facts(PlanHeader header)
    {
        yield return ("Stack", $"{header.Project}/{header.Stack}");
        yield return ("Made", PlanFile.Origin(header));
        yield return ("State", header.StateSerial.ToString(CultureInfo.InvariantCulture) + (header.StateSerial == 1 ? " update" : " updates") + (header.Refresh ? ", and reality as it was then" : ""));
        foreach (var (name, values) in new (string, ImmutableArray<string>)[] { ("Targets", header.Targets), ("Excludes", header.Excludes), ("Replace", header.Replace), ("Config", header.Overrides) })
        {
            if (!values.IsEmpty)
            {
                yield return (name, string.Join(", ", values));
            }
        }
    }
}
