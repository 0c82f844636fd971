using System.CommandLine;
using System.CommandLine.Parsing;

namespace Provision.Cli.Commands;

/// <summary>The options that up, preview, destroy and refresh share; each command adds those it has.</summary>
internal sealed class OperationOptions
{
    public StackArgument Stack { get; } = new();

    public Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask" };

    public Option<bool> SkipPreview { get; } = new("--skip-preview", "-f") { Description = "Act at once, without planning first" };

    public Option<string[]> Target { get; } = Patterns("--target", "Only this resource: URN, name or glob; may be repeated", "-t");

    public Option<string[]> Exclude { get; } = Patterns("--exclude", "Not this resource: URN, name or glob; may be repeated");

    public Option<bool> TargetDependents { get; } = new("--target-dependents") { Description = "Also what depends on the targets" };

    public Option<string[]> Replace { get; } = Patterns("--replace", "Make this resource anew: URN, name or glob; may be repeated");

    public Option<int?> Parallel { get; } = new("--parallel", "-p") { Description = "Steps at once (default: four a core)", HelpName = "n" };

    public Option<bool> Json { get; } = new("--json", "-j") { Description = "Machine output on stdout" };

    public Option<bool> ExpectNoChanges { get; } = new("--expect-no-changes") { Description = "Fail (exit code 7) where anything would change" };

    public Option<bool?> Refresh { get; } = new("--refresh", "-r")
    {
        Description = "Look at reality first (default: yes)",
        HelpName = "true|false",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<bool> Diff { get; } = new("--diff") { Description = "Also show what new and removed resources are made of" };

    public Option<bool> ShowSames { get; } = new("--show-sames") { Description = "Also show what does not change" };

    public Option<string[]> Config { get; } = new("--config", "-c") { Description = "A setting for this run; may be repeated", HelpName = "key=value", DefaultValueFactory = _ => [] };

    public Option<string?> Message { get; } = new("--message", "-m") { Description = "A note for the history", HelpName = "text" };

    public Option<TimeSpan> LockTimeout { get; } = new("--lock-timeout")
    {
        Description = "How long to wait for another run on the stack, such as 30s or 5m (default: not at all)",
        HelpName = "duration",
        CustomParser = ParseDuration,
    };

    public Option<string?> Plan { get; } = new("--plan") { Description = "Do what this saved plan says, and no more", HelpName = "file" };

    public Option<string?> SavePlan { get; } = new("--save-plan") { Description = "Save the plan for `up --plan`", HelpName = "file" };

    public Option<bool> DetailedExitCode { get; } = new("--detailed-exitcode") { Description = "Exit 2 where anything would change, 0 where nothing would" };

    public Option<bool> Overcommit { get; } = new("--overcommit") { Description = "Go on where the stack does not fit on its hosts (see `provision fit`), with a warning" };

    public OperationOptions()
    {
        Parallel.Validators.Add(result =>
        {
            // What is no number at all the parser itself refuses.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out var number) && number < 1)
            {
                result.AddError("--parallel takes a number from 1 up.");
            }
        });
        Config.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0))
            {
                result.AddError($"--config takes key=value, not '{token.Value}'.");
            }
        });
    }

    public OperationSettings Read(ParseResult parse) => new()
    {
        Stack = parse.GetValue(Stack),
        Yes = parse.GetValue(Yes),
        SkipPreview = parse.GetValue(SkipPreview),
        Targets = [.. parse.GetValue(Target) ?? []],
        Excludes = [.. parse.GetValue(Exclude) ?? []],
        TargetDependents = parse.GetValue(TargetDependents),
        Replace = [.. parse.GetValue(Replace) ?? []],
        Parallel = parse.GetValue(Parallel),
        Json = parse.GetValue(Json),
        ExpectNoChanges = parse.GetValue(ExpectNoChanges),
        // `--refresh` alone says yes, like `--refresh=true`.
        Refresh = parse.GetValue(Refresh) ?? true,
        Diff = parse.GetValue(Diff),
        ShowSames = parse.GetValue(ShowSames),
        Config = [.. parse.GetValue(Config) ?? []],
        Message = parse.GetValue(Message) ?? "",
        LockTimeout = parse.GetValue(LockTimeout),
        PlanFile = parse.GetValue(Plan),
        SavePlanFile = parse.GetValue(SavePlan),
        DetailedExitCode = parse.GetValue(DetailedExitCode),
        Overcommit = parse.GetValue(Overcommit),
    };

    /// <summary>30, 30s, 5m, 1h.</summary>
    internal static TimeSpan ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens[^1].Value;
        var unit = text.Length > 0 ? text[^1] : ' ';
        double? seconds = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            >= '0' and <= '9' => 1,
            _ => null,
        };
        var digits = char.IsAsciiDigit(unit) ? text : text[..^1];
        if (seconds is { } factor && double.TryParse(digits, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var number) && number * factor < 1e7)
        {
            return TimeSpan.FromSeconds(number * factor);
        }

        result.AddError($"'{text}' is no duration: write 30s, 5m or 1h.");
        return default;
    }

    private static Option<string[]> Patterns(string name, string description, params string[] aliases) =>
        new(name, aliases) { Description = description, HelpName = "pattern", DefaultValueFactory = _ => [] };
}
