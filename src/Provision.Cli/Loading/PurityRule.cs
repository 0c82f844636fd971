namespace Provision.Cli.Loading;

/// <summary>Why something has no place in a definition.</summary>
internal enum ImpurityKind
{
    Files,
    Network,
    Clock,
    Machine,
    Chance,
    Process,
    Threads,
    Terminal,
    Reflection,
    Native,
    StaticState,
    Dynamic,
    Async,
    Unlisted,
}

/// <summary>What is said of one kind of impurity.</summary>
internal sealed record PurityRule(string Code, string Why, string Remedy)
{
    public static PurityRule Of(ImpurityKind kind) => kind switch
    {
        ImpurityKind.Files => new("PROV1020", "reaches files in a way Provision cannot see", "Read a file through Text.File(\"…\") or Roster.Csv(\"…\")."),
        ImpurityKind.Network => new("PROV1021", "reaches the network", "Fetch it beforehand into a file and read that through Text.File(\"…\"), or make it a setting."),
        ImpurityKind.Clock => new("PROV1022", "depends on the time of day", "Make the date a setting, such as 'public DateOnly Starts { get; init; }', and set it with 'provision config set'."),
        ImpurityKind.Machine => new("PROV1023", "depends on the machine or account that Provision runs on", "Make it a setting: a public property with 'init', set with 'provision config set'."),
        ImpurityKind.Chance => new("PROV1024", "differs from run to run", "Derive it from a name or a number; make a password a secret setting with 'provision config set --secret'."),
        ImpurityKind.Process => new("PROV1025", "starts or looks at processes", "Run the program beforehand and make its result a setting, or a file read through Text.File(\"…\")."),
        ImpurityKind.Threads => new("PROV1026", "runs code at the same time or waits", "Declare in plain sequence: a definition only builds a value, which takes no time."),
        ImpurityKind.Terminal => new("PROV1027", "talks to the terminal", "Show values as outputs: Outputs = new() { [\"name\"] = value }."),
        ImpurityKind.Reflection => new("PROV1028", "looks into or makes types by name", "Use the type itself."),
        ImpurityKind.Native => new("PROV1029", "leaves managed code", "Write it in safe C#."),
        ImpurityKind.StaticState => new("PROV1030", "keeps state that one stack would leave behind for another", "Make it 'const', 'static readonly', or a local variable."),
        ImpurityKind.Dynamic => new("PROV1031", "is looked up only while it runs", "Use the type itself."),
        ImpurityKind.Async => new("PROV1032", "waits for something", "Declare in plain sequence: nothing a definition may use needs 'await'."),
        ImpurityKind.Unlisted => new("PROV1033", "is not among what a definition may use", "Use Provision.Model and the plain parts of .NET: collections, LINQ, text, numbers, dates, JSON."),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
